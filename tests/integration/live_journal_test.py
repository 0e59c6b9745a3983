#!/usr/bin/env python3
"""A real journald, in mounts of this test's own: every entry once, over restarts of ours and rotations of its own.

usage: live_journal_test.py GANDER
"""
import os, pathlib, re, signal, socket, subprocess, sys, unittest
from live_support import Host, wait_until
from namespaces import own_folders, why_not
from peers import Daemon, program_argument

if WHY := why_not("systemd-journald", "journalctl", "ip"):
    print(f"skipped: {WHY}")
    sys.exit(77)

GANDER = program_argument()
MACHINE = "0123456789abcdef0123456789abcdef"
RULES = """<group name="t,">
  <rule id="100" level="5"><match>serial=</match><description>a serial number</description></rule>
</group>
"""
SERIAL = re.compile(r"serial=(\d+);")
CONFIG = """[Journal]
Storage=volatile
Audit=
ReadKMsg=no
ForwardToSyslog=no
ForwardToWall=no
RateLimitIntervalSec=0
RuntimeMaxUse=64M
"""


def setUpModule():
    own_folders("/run", "/var/log")
    pathlib.Path("/run/machine-id").write_text(MACHINE + "\n")
    subprocess.run(["mount", "--bind", "/run/machine-id", "/etc/machine-id"], check=True)
    config = pathlib.Path("/run/systemd/journald.conf.d/test.conf")
    config.parent.mkdir(parents=True)
    config.write_text(CONFIG)


class Journald(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.serial = 0
        self.start_journald()
        self.addCleanup(lambda: self.journald.stop())

    def start_journald(self):
        self.journald = Daemon(["/usr/lib/systemd/systemd-journald"], self.host.home / "journald.out")
        self.journald.ready(self.takes, "journald starts")

    def takes(self):
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.connect("/run/systemd/journal/dev-log")
            return True
        except OSError:
            return False

    def send(self, count, program="app"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect("/run/systemd/journal/dev-log")
            for _ in range(count):
                self.serial += 1
                out.send(f"<13>Nov 24 12:00:00 {program}: serial={self.serial};".encode())

    def recorded(self):
        done = subprocess.run(["journalctl", "-q", "--no-pager", "-n", "1", "-o", "cat", "-t", "app"], capture_output=True, text=True)
        return done.stdout.strip() == f"serial={self.serial};"

    def watch(self):
        self.host.configure(RULES, "<localfile><log_format>journald</log_format><location>all</location></localfile>")
        self.host.start()

    def stored(self):
        return [int(SERIAL.search(a).group(1)) for a in self.host.alerts_of(100)]

    def each_once(self):
        self.host.wait_for(lambda: len(self.stored()) >= self.serial, lambda: f"{self.serial} alerts, there are {len(self.stored())}")
        self.assertEqual(self.stored(), list(range(1, self.serial + 1)))

    def test_a_kept_cursor(self):
        self.send(50, "before")  # of the time before the first start: not of interest
        self.serial = 0
        self.watch()
        self.send(500)
        self.each_once()
        self.assertEqual(self.host.stop(), 0)
        self.send(500)
        self.host.start()
        self.send(500)
        self.each_once()
        self.assertIn("->journald\n", self.host.alerts_of(100)[0])
        [entry] = [c for name, c in self.host.ledger().items() if "journal" in name]
        self.assertEqual(entry["analysed"], entry["in"])
        # Killed, not stopped.
        pids = self.host.pids()
        self.host.process.kill()
        self.host.process.wait()
        self.host.wait_for(lambda: not any(os.path.exists(f"/proc/{p}/exe") for p in pids[1:]), "the others end by themselves")
        self.send(500)
        self.host.start()
        self.each_once()
        self.assertEqual(self.host.stop(), 0)
        self.each_once()

    def test_rotation_and_restart_of_the_journal(self):
        self.watch()
        for turn in range(4):
            self.send(300)
            if turn == 2:
                wait_until(self.recorded, "journald writes")
                self.journald.stop()
                self.start_journald()
            else:
                os.kill(self.journald.pid, signal.SIGUSR2)  # begin new files
            self.send(300)
        self.each_once()
        self.assertGreaterEqual(len(list(pathlib.Path("/run/log/journal").glob("*/*.journal"))), 4)

    def test_nothing_of_an_entry_becomes_another(self):
        self.watch()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect("/run/systemd/journal/socket")
            text = b"first\nNov 24 12:00:00 web1 app: serial=999; of an attacker"
            out.send(b"SYSLOG_IDENTIFIER=app\nMESSAGE\n" + len(text).to_bytes(8, "little") + text + b"\n")
        self.send(1)
        self.host.wait_for(lambda: len(self.host.alerts_of(100)) >= 2, "both are judged")
        first = self.host.alerts_of(100)[0]
        self.assertIn("app", first.splitlines()[3])
        self.assertIn("first", first)


if __name__ == "__main__":
    unittest.main()
