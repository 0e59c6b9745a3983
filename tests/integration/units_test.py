#!/usr/bin/env python3
"""The responder as a unit of its own, what systemd is told, and a supervisor that gave up being root.
usage: units_test.py GANDER"""
import os, pwd, signal, socket, subprocess, sys, threading, unittest
from live_support import Host, wait_until, stamp

GANDER = os.path.abspath(sys.argv.pop(1))
ROOT = os.geteuid() == 0
# A supervisor that gave up its rights cannot trace itself, which is how a sanitizer looks for leaks at the end.
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"
RULES = """<group name="t,">
  <rule id="100" level="5"><match>serial=</match><description>a serial number</description></rule>
  <rule id="200" level="10"><decoded_as>login</decoded_as><description>log-in</description></rule>
</group>
"""
CONFIG = """<localfile><log_format>syslog</log_format><location>{home}/app.log</location></localfile>
  <localfile><log_format>command</log_format><command>echo from a command</command><frequency>1</frequency></localfile>
  <command><name>block</name><executable>block.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
  <active-response><command>block</command><location>local</location><rules_id>200</rules_id><timeout>600</timeout></active-response>"""


class Notify:
    """What systemd hears."""

    def __init__(self, path):
        self.path, self.heard = path, []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self):
        while word := self.socket.recv(4096).decode():
            self.heard.append(word)

    def hears(self, word, times=1):
        return self.heard.count(word) >= times

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", str(self.path))
        self.thread.join()
        self.socket.close()


class Units(unittest.TestCase):
    def setUp(self):
        self.host = Host(GANDER)
        self.home = self.host.home
        self.addCleanup(self.host.close)
        self.socket = self.home / "r.sock"
        self.app = self.home / "app.log"
        self.app.write_text("")
        self.host.configure(RULES, CONFIG.format(home=self.home))
        self.host.write("active-response/bin/block.sh", f"#!/bin/sh\necho \"$1 $3\" >>'{self.home}/calls'\n", 0o750)
        self.responder = None

    def start_responder(self, *flags, **environment):
        with open(self.home / "responder.out", "ab") as out:
            self.responder = subprocess.Popen([GANDER, "responder", "--home", self.home, "--socket", self.socket, *flags],
                                              stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **environment})
        self.addCleanup(self.end_responder, self.responder)
        self.wait(lambda: self.responder.poll() is not None or self.socket.exists(), "the responder listens")

    def end_responder(self, process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def said(self):
        path = self.home / "responder.out"
        return path.read_text() if path.exists() else ""

    def wait(self, condition, what):
        return wait_until(condition, what, trouble=lambda: self.host.said() + self.said())

    def state_of(self, role):
        return {p["role"]: p for p in (self.host.status() or {"processes": []})["processes"]}.get(role, {})

    def runs(self):
        self.wait(lambda: self.state_of("responder").get("state") == "running", "the responder is connected")

    def write(self, text):
        with open(self.app, "a") as out:
            out.write(f"{stamp()} testhost app: {text}\n")

    def calls(self):
        path = self.home / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def block(self, address):
        self.write(f"login from {address}")
        self.wait(lambda: f"add {address}" in self.calls(), f"{address} is blocked")

    def test_responder_of_its_own(self):
        self.start_responder()
        self.host.start("--responder", self.socket)
        self.runs()
        self.assertEqual(self.state_of("responder")["pid"], self.responder.pid)
        self.assertNotIn(self.responder.pid, self.host.pids())
        self.wait(lambda: any("echo" in s and c.get("in", 0) > 0 for s, c in self.host.ledger().items()), "a command is watched")
        self.block("203.0.113.1")
        # It dies: the host goes on, says so, and what is asked for waits.
        self.responder.kill()
        self.responder.wait()
        self.wait(lambda: self.state_of("responder").get("state") == "missing", "it is missed")
        self.assertIn("TROUBLE: no responder: ", self.host.ask("status", status=1))
        self.write("login from 203.0.113.2")
        self.write("serial=1")
        self.wait(lambda: self.host.alerts_of(100), "alerts are stored without it")
        self.assertEqual(self.calls(), ["add 203.0.113.1"])
        self.start_responder()
        self.runs()
        self.wait(lambda: "add 203.0.113.2" in self.calls(), "what waited is done")
        self.host.ask("status")
        # A new supervisor is served by the same responder, and what is in force stays.
        self.host.ask("restart")
        self.runs()
        self.block("203.0.113.3")
        self.assertNotIn("delete 203.0.113.1", self.calls())
        # A stop undoes all; the responder stays for the next start.
        self.assertEqual(self.host.stop(), 0)
        self.assertEqual(sorted(c for c in self.calls() if c.startswith("delete")), [f"delete 203.0.113.{n}" for n in (1, 2, 3)])
        self.assertIsNone(self.responder.poll())
        self.host.start("--responder", self.socket)
        self.runs()
        self.block("203.0.113.4")
        # A supervisor that is killed leaves all in force.
        self.host.process.kill()
        self.host.process.wait()
        self.wait(lambda: "the supervisor has gone" in self.said(), "the responder notices")
        self.assertNotIn("delete 203.0.113.4", self.calls())
        self.host.start("--responder", self.socket)
        self.runs()
        self.host.process.send_signal(signal.SIGUSR1)
        self.assertEqual(self.host.process.wait(60), 0)
        self.assertNotIn("delete 203.0.113.4", self.calls())
        self.responder.send_signal(signal.SIGUSR1)
        self.assertEqual(self.responder.wait(60), 0)
        self.assertNotIn("delete 203.0.113.4", self.calls())
        self.start_responder()
        self.wait(lambda: "203.0.113.4" in subprocess.run([GANDER, "respond", "list", "--home", self.home], capture_output=True,
                                                        text=True).stdout, "the block is still known")
        self.responder.terminate()
        self.assertEqual(self.responder.wait(60), 0)
        self.assertIn("delete 203.0.113.4", self.calls(), self.said())
        self.assertFalse(self.socket.exists())

    def test_what_systemd_hears(self):
        main, other = Notify(self.home / "n1"), Notify(self.home / "n2")
        for n in (main, other):
            self.addCleanup(n.close)
        self.start_responder(NOTIFY_SOCKET=str(other.path), WATCHDOG_USEC="300000")
        self.wait(lambda: other.hears("READY=1"), "the responder is ready")
        self.wait(lambda: other.hears("WATCHDOG=1", 3), "the responder lives")
        self.responder.send_signal(signal.SIGHUP)
        self.wait(lambda: other.hears("RELOADING=1") and other.hears("READY=1", 2), "the responder reloads")
        os.environ.update(NOTIFY_SOCKET=str(main.path), WATCHDOG_USEC="300000")
        try:
            self.host.start("--responder", self.socket)
        finally:
            del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
        self.wait(lambda: main.hears("READY=1"), "the host is ready")
        self.wait(lambda: main.hears("WATCHDOG=1", 3), "the host lives")
        self.host.ask("reload")
        self.wait(lambda: main.hears("RELOADING=1") and main.hears("READY=1", 2), "the host reloads")
        self.host.stop()
        self.wait(lambda: main.hears("STOPPING=1"), "the host stops")
        self.responder.terminate()
        self.assertEqual(self.responder.wait(60), 0)
        self.wait(lambda: other.hears("STOPPING=1"), "the responder stops")

    def test_starts_without_one(self):
        self.host.start("--responder", self.socket)
        self.assertEqual(self.state_of("responder")["state"], "missing")
        self.write("serial=1")
        self.wait(lambda: self.host.alerts_of(100), "alerts are stored")
        self.assertIn("no responder", self.host.log())
        self.start_responder()
        self.runs()
        self.block("203.0.113.1")

    @unittest.skipUnless(ROOT, "needs root")
    def test_a_quiet_start_that_fails_says_why(self):
        """systemd keeps what a unit says, and a unit is quiet."""
        self.host.write("rules/local.xml", "<group name='t,'><rule id='100'>")
        done = subprocess.run([GANDER, "run", "-q", "--home", self.home], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 2)
        self.assertIn("local.xml", done.stderr)

    def test_only_one_user_is_let_in(self):
        nobody = pwd.getpwnam("nobody")
        self.home.chmod(0o755)
        self.start_responder("--user", "nobody")

        def answer(uid):
            """What somebody of the right group hears: a frame, or the end."""
            program = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(sys.argv[1]); print(len(s.recv(5)))"
            done = subprocess.run(["/usr/bin/python3", "-c", program, self.socket], capture_output=True, text=True, user=uid,
                                  group=nobody.pw_gid, extra_groups=[])
            return done.stdout.strip() or done.stderr

        self.assertEqual(answer(nobody.pw_uid), "5")
        self.assertEqual(answer(nobody.pw_uid - 1), "0")
        self.assertIn(f"user {nobody.pw_uid - 1} is not let in", self.said())

    @unittest.skipUnless(ROOT, "needs root")
    def test_root_runs_only_what_nobody_else_can_name(self):
        (self.home / "etc/ossec.conf").chmod(0o666)
        self.start_responder()
        self.assertEqual(self.responder.wait(60), 2)
        self.assertIn("etc/ossec.conf can be written by others", self.said())

    @unittest.skipUnless(ROOT, "needs root")
    def test_a_supervisor_of_root_does_not_stay_root(self):
        nobody = pwd.getpwnam("nobody")
        self.home.chmod(0o755)
        for path in (self.home / "etc", self.home / "rules"):
            path.chmod(0o755)
        for path in [*(self.home / "etc").iterdir(), *(self.home / "rules").iterdir(), self.home / "decoder.xml"]:
            path.chmod(0o644)
        self.app.chmod(0o600)  # the collector's capability reads it
        self.host.start("--user", "nobody")
        self.runs()
        users = {role: os.stat(f"/proc/{pid}").st_uid for role, pid in self.host.processes().items()}

        def of(pid, name):
            with open(f"/proc/{pid}/status") as lines:
                [line] = [l for l in lines if l.startswith(name + ":")]
            return line.split()[1]

        supervisor = self.host.process.pid
        self.assertEqual(of(supervisor, "Uid"), str(nobody.pw_uid))
        self.assertEqual(of(supervisor, "CapEff"), "0" * 16)
        self.assertEqual(int(of(supervisor, "CapPrm"), 16), 1 << 2)  # CAP_DAC_READ_SEARCH, for a collector
        self.assertEqual((of(supervisor, "NoNewPrivs"), of(supervisor, "Seccomp")), ("1", "2"))
        for role, pid in self.host.processes().items():
            self.assertEqual(of(pid, "Uid"), "0" if role == "responder" else str(nobody.pw_uid), users)
        self.assertEqual(self.host.status()["supervisor"]["missing_protection"], [])
        self.block("203.0.113.1")
        for role in ("responder", "collector", "analysis"):
            old = self.host.processes()[role]
            os.kill(old, signal.SIGKILL)
            self.wait(lambda: self.host.processes().get(role, old) != old, f"the {role} is started again")
        self.block("203.0.113.2")
        self.assertEqual(self.host.stop(), 0)
        self.assertIn("delete 203.0.113.1", self.calls())


unittest.main()
