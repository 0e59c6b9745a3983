#!/usr/bin/env python3
"""sshd and nginx are attacked, and the attacker is blocked: each step with the real programs.

usage: live_attack_test.py GANDER

Two network namespaces joined by a cable: in one a server with sshd, nginx, rsyslog and a watched host with our decoders,
rules and scripts; in the other an attacker who guesses passwords. The blocks are nftables rules of the first namespace.
"""
import os, pathlib, shutil, subprocess, sys, unittest
from live_support import Host
from namespaces import own_folders, why_not
from peers import SBIN, Daemon, program_argument, rsyslog

if WHY := why_not("rsyslogd", "sshd", "ssh", "ssh-keygen", "sshpass", "nginx", "nft", "ip"):
    print(f"skipped: {WHY}")
    sys.exit(77)

GANDER = program_argument()
ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER, ATTACKER, FRIEND = "198.51.100.1", "198.51.100.66", "198.51.100.67"
TIMEOUT = 10  # seconds of a block: enough to look at it
GUESS = """
import base64, http.client, sys
server, source, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for n in range(count):
    try:
        c = http.client.HTTPConnection(server, 8080, timeout=2, source_address=(source, 0))
        c.request("GET", "/private", headers={"Authorization": "Basic " + base64.b64encode(b"admin:guess%d" % n).decode()})
        print(c.getresponse().status, flush=True)
    except OSError as error:
        print(type(error).__name__, flush=True)
        break
"""


def run(*words, **options):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={"PATH": SBIN, "LC_ALL": "C"}, **options)


def must(*words):
    done = run(*words)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def setUpModule():
    own_folders("/run", "/var/log", "/var/lib/nginx")
    for folder in ("/run/sshd", "/run/netns", "/run/lock"):
        os.makedirs(folder, exist_ok=True)
    must("ip", "netns", "add", "attacker")
    try:
        must("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1")
    except AssertionError as error:
        raise unittest.SkipTest(f"no virtual cables here: {error}") from error
    must("ip", "link", "set", "cable1", "netns", "attacker")
    must("ip", "addr", "add", f"{SERVER}/24", "dev", "cable0")
    must("ip", "link", "set", "cable0", "up")
    for address in (ATTACKER, FRIEND):
        must("ip", "-n", "attacker", "addr", "add", f"{address}/24", "dev", "cable1")
    must("ip", "-n", "attacker", "link", "set", "cable1", "up")


class Attack(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.home = self.host.home
        self.logs = self.home / "var-log"
        self.logs.mkdir()
        if not run("nft", "list", "tables").returncode == 0:
            self.skipTest("nft does not work on this kernel")
        run("nft", "delete", "table", "inet", "gander")
        self.syslog = rsyslog(self.logs, f'module(load="imuxsock" SysSock.Name="/dev/log")\n'
                              f'auth,authpriv.* action(type="omfile" file="{self.logs}/auth.log")', pathlib.Path("/dev/log").exists)
        self.addCleanup(self.syslog.stop)
        self.start_sshd()
        self.start_nginx()
        self.watch()

    def start_sshd(self):
        must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.logs / "key")
        config = self.logs / "sshd_config"
        config.write_text(f"Port 2222\nListenAddress {SERVER}\nHostKey {self.logs}/key\nPidFile none\nUsePAM no\nUseDNS no\n"
                          "PasswordAuthentication yes\nMaxStartups 100\n")
        sshd = Daemon([shutil.which("sshd", path=SBIN), "-D", "-f", config], self.logs / "sshd.out")
        self.addCleanup(sshd.stop)
        sshd.ready(lambda: self.reaches(FRIEND, 2222), "sshd starts")

    def start_nginx(self):
        (self.logs / "users").write_text("admin:{PLAIN}right\n")
        (self.logs / "users").chmod(0o644)
        for folder in (self.home, self.logs):
            folder.chmod(0o755)
        config = self.logs / "nginx.conf"
        config.write_text(f"""daemon off; master_process off; pid {self.logs}/nginx.pid; error_log {self.logs}/error.log;
events {{}}
http {{ access_log {self.logs}/access.log;
  server {{ listen {SERVER}:8080; root {self.logs}; location /private {{ auth_basic "private"; auth_basic_user_file {self.logs}/users; }} }} }}
""")
        nginx = Daemon([shutil.which("nginx", path=SBIN), "-c", config, "-e", self.logs / "error.log"], self.logs / "nginx.out")
        self.addCleanup(nginx.stop)
        nginx.ready(lambda: self.reaches(FRIEND, 8080), "nginx starts")

    def watch(self):
        shutil.copytree(ROOT / "active-response", self.home / "active-response", dirs_exist_ok=True)
        for name in ("rules", "decoders"):
            shutil.copytree(ROOT / name, self.home / name, dirs_exist_ok=True)
        config = (ROOT / "etc/ossec.conf").read_text()
        config = config[:config.index("  <syscheck>")]
        files = "".join(f"<localfile><log_format>{kind}</log_format><location>{self.logs}/{name}</location></localfile>\n"
                        for kind, name in (("syslog", "auth.log"), ("apache", "access.log"), ("apache", "error.log")))
        (self.home / "etc/ossec.conf").write_text(config + files + f"""
<command><name>drop</name><executable>nftables-drop.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>drop</command><location>local</location><level>10</level><timeout>{TIMEOUT}</timeout></active-response>
</ossec_config>
""")
        self.host.start()

    def reaches(self, source, port):
        """Whether a connection from an address of the other namespace is taken."""
        return run("ip", "netns", "exec", "attacker", sys.executable, "-c",
                   f"import socket; socket.create_connection(('{SERVER}', {port}), 1, ('{source}', 0))").returncode == 0

    def blocked(self):
        return must("nft", "list", "set", "inet", "gander", "blocked4") if "gander" in must("nft", "list", "tables") else ""

    def blocked_and_let_go(self, port):
        self.host.wait_for(lambda: ATTACKER in self.blocked(), lambda: f"the attacker is blocked\n{self.host.alerts()}")
        self.assertFalse(self.reaches(ATTACKER, port))
        self.assertIn(ATTACKER, self.blocked())  # it did not end meanwhile
        self.assertTrue(self.reaches(FRIEND, port))
        listed = run(GANDER, "respond", "list", "--home", self.home).stdout
        self.assertRegex(listed, rf"(?m)^{ATTACKER} .* in force ")
        self.host.wait_for(lambda: ATTACKER not in self.blocked(), "the block is undone")
        self.assertTrue(self.reaches(ATTACKER, port))
        strong = [a for a in self.host.alerts() if int(a.split("(level ")[1].split(")")[0]) >= 10]
        self.assertTrue(strong)
        self.assertEqual({l for a in strong for l in a.splitlines() if l.startswith("Src IP: ")}, {f"Src IP: {ATTACKER}"})
        told = [l for l in (self.home / "logs/active-responses.log").read_text().splitlines() if ATTACKER in l]
        self.assertEqual([l.split("nftables-drop.sh ")[1].split()[0] for l in told], ["add", "delete"])

    def test_guessed_ssh_passwords(self):
        guesses = [subprocess.Popen(["ip", "netns", "exec", "attacker", "sshpass", "-p", f"guess{n}", "ssh", "-F", "none", "-b", ATTACKER,
                                     "-p", "2222", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                                     "-o", "PreferredAuthentications=password", "-o", "NumberOfPasswordPrompts=1",
                                     "-o", "ConnectTimeout=5", f"{user}@{SERVER}", "true"],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PATH": SBIN})
                   for n, user in enumerate(["root", "admin", "oracle", "test"] * 4)]
        for guess in guesses:
            self.addCleanup(guess.kill)
        self.blocked_and_let_go(2222)
        for guess in guesses:
            guess.communicate(timeout=60)
            self.assertNotEqual(guess.returncode, 0)

    def test_guessed_web_passwords(self):
        guesses = subprocess.Popen(["ip", "netns", "exec", "attacker", sys.executable, "-c", GUESS, SERVER, ATTACKER, "100000"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env={"PATH": SBIN})
        self.addCleanup(guesses.kill)
        self.blocked_and_let_go(8080)
        seen = guesses.communicate(timeout=60)[0].split()
        self.assertEqual(set(seen[:-1]), {"401"})
        self.assertEqual(seen[-1], "TimeoutError")  # in the middle of it the server was gone


if __name__ == "__main__":
    unittest.main()
