#!/usr/bin/env python3
"""Runs the response scripts for real: firewalls and routes in a network namespace of this test, hosts.deny in a folder,
accounts in an /etc of their own. usage: response_scripts_test.py [TEST...]

What this user may not do (namespaces, accounts) and what is not installed is skipped by name.
"""
import os, pathlib, re, shutil, socket, subprocess, sys, tempfile, unittest
from namespaces import own_namespaces

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPTS = sorted(path.name for path in (ROOT / "active-response/bin").glob("*.sh"))
REALLY_ROOT = os.geteuid() == 0
# As the responder hands it on.
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


NO_NAMESPACE = own_namespaces() if shutil.which("ip") else "package iproute2 is not installed"


def works(*command):
    return shutil.which(command[0]) and subprocess.run(command, capture_output=True).returncode == 0


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gander-scripts-")
        self.addCleanup(self.folder.cleanup)
        self.home = pathlib.Path(self.folder.name)
        shutil.copytree(ROOT / "active-response", self.home / "active-response")

    def run_script(self, name, *words, **environment):
        path = self.home / "active-response/bin" / name
        return subprocess.run([str(path), *words], env={**ENVIRONMENT, **environment}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, cwd=self.home, timeout=300)

    def call(self, name, action, user="-", address="-", rule="5712", **environment):
        return self.run_script(name, action, user, address, "1709632800.17", rule, "/var/log/auth.log", "-", **environment)

    def good(self, *arguments, **environment):
        done = self.call(*arguments, **environment)
        self.assertEqual(done.returncode, 0, self.log() + done.stderr)
        self.assertEqual(done.stdout + done.stderr, "")

    def log(self):
        path = self.home / "logs/active-responses.log"
        return path.read_text() if path.exists() else ""

    def without(self, program):
        """PATH on which `program` is not found."""
        shadow = self.home / "path"
        shadow.mkdir(exist_ok=True)
        for folder in ENVIRONMENT["PATH"].split(":"):
            for path in pathlib.Path(folder).glob("*"):
                link = shadow / path.name
                if path.name != program and not link.is_symlink():
                    link.symlink_to(path)
        return {"PATH": str(shadow)}


class AllScripts(Scripts):
    def test_each_writes_its_line_as_decoder_ar_log_reads_it(self):
        for name in SCRIPTS:
            with self.subTest(script=name):
                # An action that does nothing but be refused, or an undoing of nothing.
                self.call(name, "nothing", "nobody-here", "192.0.2.7")
                line = [l for l in self.log().splitlines() if f"/{name} nothing " in l][0]
                self.assertRegex(line, r"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4} "
                                 + re.escape(f"{self.home.resolve()}/active-response/bin/{name}"
                                             " nothing nobody-here 192.0.2.7 1709632800.17 5712") + "$")

    def test_another_action_is_refused(self):
        for name in SCRIPTS:
            with self.subTest(script=name):
                self.assertEqual(self.call(name, "nothing", "nobody-here", "192.0.2.7").returncode, 1)
                self.assertIn(f"{name}: invalid action: nothing\n", self.log())
                self.assertEqual(self.run_script(name).returncode, 1)

    HOSTILE = ("; touch {marker}", "$(touch {marker})", "`touch {marker}`", "-h", "--help", "a\nb", "*", "", "1.2.3.4/0",
               "0.0.0.0/0", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "::/0", ":::", "1::2::3", "12345::", "::1%lo",
               "10.0.0.1 10.0.0.2", "a" * 5000, "\x1b[2J", "}}; flush ruleset; {{")

    def test_hostile_words_do_nothing(self):
        marker = self.home / "marker"
        environment = {**ENVIRONMENT, "GANDER_HOSTS_DENY": str(self.home / "hosts.deny")}
        for name in SCRIPTS:
            if name == "restart-ossec.sh":
                continue  # takes no argument, and would restart
            path = str(self.home / "active-response/bin" / name)
            running = []
            for text in (text.format(marker=marker) for text in self.HOSTILE):
                for action in ("add", "delete"):
                    words = [path, action, text, text, text, text, text, text]
                    running.append((text, action, subprocess.Popen(words, env=environment, cwd=self.home,
                                                                   stdin=subprocess.DEVNULL)))
            for text, action, process in running:
                with self.subTest(script=name, text=text[:20], action=action):
                    undoing_nothing = (name, action) == ("restart-service.sh", "delete")
                    self.assertEqual(process.wait(), 0 if undoing_nothing else 1)
        self.assertFalse(marker.exists())
        self.assertFalse((self.home / "hosts.deny").exists())
        self.assertNotIn("\x1b", self.log())

    def test_shellcheck(self):
        if not shutil.which("shellcheck"):
            self.skipTest("package shellcheck is not installed")
        files = [str(path) for path in sorted((ROOT / "active-response").glob("*/*.sh"))]
        done = subprocess.run(["shellcheck", "-x", *files], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


class HostDeny(Scripts):
    def setUp(self):
        super().setUp()
        self.file = self.home / "hosts.deny"
        self.environment = {"GANDER_HOSTS_DENY": str(self.file)}

    def both(self, action, address):
        self.good("host-deny.sh", action, "-", address, **self.environment)

    def test_lines_come_once_and_go(self):
        self.file.write_text("# mine\nsshd: 198.51.100.1")  # its last line has no end
        self.file.chmod(0o640)
        for address in ("192.0.2.7", "192.0.2.70", "2001:db8::7", "192.0.2.7"):
            self.both("add", address)
        self.assertEqual(self.file.read_text(),
                         "# mine\nsshd: 198.51.100.1\nALL:192.0.2.7\nALL:192.0.2.70\nALL:[2001:db8::7]\n")
        self.assertIn("IP 192.0.2.7 already exists on host.deny...\n", self.log())
        for address in ("192.0.2.7", "2001:db8::7", "192.0.2.7"):
            self.both("delete", address)
        self.assertEqual(self.file.read_text(), "# mine\nsshd: 198.51.100.1\nALL:192.0.2.70\n")
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o640)

    def test_a_file_that_is_not_there(self):
        self.both("delete", "192.0.2.7")
        self.assertFalse(self.file.exists())
        self.both("add", "192.0.2.7")
        self.assertEqual(self.file.read_text(), "ALL:192.0.2.7\n")
        self.both("delete", "192.0.2.7")
        self.assertEqual(self.file.read_text(), "")

    def test_many_at_once(self):
        addresses = [f"192.0.2.{n}" for n in range(1, 21)]
        path = str(self.home / "active-response/bin/host-deny.sh")
        running = [subprocess.Popen([path, "add", "-", a, "1.1", "1"], env={**ENVIRONMENT, **self.environment})
                   for a in addresses]
        self.assertEqual({process.wait() for process in running}, {0})
        self.assertEqual(sorted(self.file.read_text().split()), sorted(f"ALL:{a}" for a in addresses))


@unittest.skipIf(NO_NAMESPACE, NO_NAMESPACE)
class Network(Scripts):
    """A source on loopback that is dropped or not; each test in what is left of the namespace by the others."""

    HERE = {4: "198.51.100.1", 6: "2001:db8:1::1"}
    GOOD = {4: "198.51.100.2", 6: "2001:db8:1::2"}
    BAD = {4: "198.51.100.66", 6: "2001:db8:1::66"}

    @classmethod
    def setUpClass(cls):
        for addresses in (cls.HERE, cls.GOOD, cls.BAD):
            for family, address in addresses.items():
                subprocess.run(["ip", f"-{family}", "addr", "replace", f"{address}/{32 if family == 4 else 128}", "dev", "lo",
                                *(["nodad"] if family == 6 else [])], check=True, capture_output=True)

    def arrives(self, family):
        """Whether a packet of BAD gets through. One of GOOD is sent behind it: loopback keeps the order."""
        kind = socket.AF_INET if family == 4 else socket.AF_INET6
        with socket.socket(kind, socket.SOCK_DGRAM) as here:
            here.bind((self.HERE[family], 0))
            here.settimeout(60)
            for source in (self.BAD[family], self.GOOD[family]):
                with socket.socket(kind, socket.SOCK_DGRAM) as out:
                    out.bind((source, 0))
                    try:
                        out.sendto(source.encode(), here.getsockname())
                    except OSError:
                        self.assertEqual(source, self.BAD[family])
            return here.recv(100).decode() == self.BAD[family]

    def blocks_and_lets_go(self, script, **environment):
        for family in (4, 6):
            with self.subTest(script=script, family=family):
                self.assertTrue(self.arrives(family))
                self.good(script, "delete", "-", self.BAD[family], **environment)  # of what is not there
                self.good(script, "add", "-", self.BAD[family], **environment)
                self.assertFalse(self.arrives(family))
                self.good(script, "add", "-", self.BAD[family], **environment)  # again
                self.good(script, "delete", "-", self.BAD[family], **environment)
                self.assertTrue(self.arrives(family))
                self.good(script, "delete", "-", self.BAD[family], **environment)

    def need_nft(self):
        if not works("nft", "list", "tables"):
            self.skipTest("nft does not work here (package nftables)")

    def need_iptables(self):
        for program in ("iptables", "ip6tables"):
            if not works(program, "-w", "10", "-n", "-L"):
                self.skipTest(f"{program} does not work here (package iptables)")

    def test_nftables_drop(self):
        self.need_nft()
        self.blocks_and_lets_go("nftables-drop.sh")

    def test_firewall_drop_takes_nftables_first(self):
        self.need_nft()
        self.good("firewall-drop.sh", "add", "-", self.BAD[4])
        listed = subprocess.run(["nft", "list", "set", "inet", "gander", "blocked4"], capture_output=True, text=True).stdout
        self.assertIn(self.BAD[4], listed)
        self.good("firewall-drop.sh", "delete", "-", self.BAD[4])
        self.blocks_and_lets_go("firewall-drop.sh")

    def test_firewall_drop_takes_iptables_without_nft(self):
        self.need_iptables()
        self.blocks_and_lets_go("firewall-drop.sh", **self.without("nft"))
        rules = subprocess.run(["iptables", "-S"], capture_output=True, text=True).stdout
        self.assertEqual(rules.count("-A INPUT -j GANDER"), 1)
        self.assertNotIn(self.BAD[4], rules)

    def test_what_others_made_stays(self):
        self.need_nft()
        subprocess.run(["nft", "add", "table", "inet", "mine"], check=True)
        self.good("nftables-drop.sh", "add", "-", self.BAD[4])
        self.good("nftables-drop.sh", "delete", "-", self.BAD[4])
        self.assertIn("table inet mine", subprocess.run(["nft", "list", "tables"], capture_output=True, text=True).stdout)

    def test_many_at_once(self):
        self.need_nft()
        path = str(self.home / "active-response/bin/firewall-drop.sh")
        addresses = [f"203.0.113.{n}" for n in range(1, 21)]
        running = [subprocess.Popen([path, "add", "-", a, "1.1", "1"], env=ENVIRONMENT) for a in addresses]
        self.assertEqual({process.wait() for process in running}, {0}, self.log())
        listed = subprocess.run(["nft", "list", "set", "inet", "gander", "blocked4"], capture_output=True, text=True).stdout
        self.assertEqual(set(re.findall(r"203\.0\.113\.\d+", listed)), set(addresses))
        for a in addresses:
            self.good("firewall-drop.sh", "delete", "-", a)

    def test_route_null(self):
        for family, address in ((4, "203.0.113.77"), (6, "2001:db8:77::77")):
            with self.subTest(family=family):
                def routes():
                    return subprocess.run(["ip", f"-{family}", "route", "show", "type", "blackhole"], capture_output=True,
                                          text=True).stdout
                for _ in range(2):
                    self.good("route-null.sh", "add", "-", address)
                    self.assertEqual(routes().count(address), 1)
                for _ in range(2):
                    self.good("route-null.sh", "delete", "-", address)
                    self.assertNotIn(address, routes())

    def test_a_route_of_others_is_not_taken_away(self):
        subprocess.run(["ip", "route", "add", "203.0.113.78/32", "dev", "lo"], check=True, capture_output=True)
        self.assertEqual(self.call("route-null.sh", "add", "-", "203.0.113.78").returncode, 1)
        self.good("route-null.sh", "delete", "-", "203.0.113.78")
        self.assertIn("203.0.113.78", subprocess.run(["ip", "route"], capture_output=True, text=True).stdout)


@unittest.skipUnless(REALLY_ROOT and not NO_NAMESPACE, "needs root, for an /etc of its own")
class Accounts(Scripts):
    def setUp(self):
        super().setUp()
        self.etc = self.home / "etc-of-test"
        shutil.copytree("/etc", self.etc, symlinks=True)
        subprocess.run(["mount", "--bind", str(self.etc), "/etc"], check=True)
        self.addCleanup(subprocess.run, ["umount", "/etc"], check=True)
        (self.etc / "shadow").chmod(0o640)
        for name, uid in (("gandertest", 45678), ("gandertoor", 0)):
            with (self.etc / "passwd").open("a") as passwd, (self.etc / "shadow").open("a") as shadow:
                passwd.write(f"{name}:x:{uid}:{uid}::/:/bin/false\n")
                shadow.write(f"{name}:$6$abc$def:19000:0:99999:7:::\n")

    def password(self, name):
        for line in (self.etc / "shadow").read_text().splitlines():
            if line.startswith(name + ":"):
                return line.split(":")[1]
        self.fail(name)

    def test_locks_and_unlocks(self):
        for _ in range(2):
            self.good("disable-account.sh", "add", "gandertest")
            self.assertEqual(self.password("gandertest"), "!$6$abc$def")
        self.good("disable-account.sh", "delete", "gandertest")
        self.assertEqual(self.password("gandertest"), "$6$abc$def")
        self.good("disable-account.sh", "delete", "gandertest")

    def test_root_in_any_name_and_nobody_are_refused(self):
        before = (self.etc / "shadow").read_text()
        for name in ("root", "gandertoor", "no-such-account", "-S", "0", ""):
            self.assertEqual(self.call("disable-account.sh", "add", name).returncode, 1, name)
        self.assertEqual((self.etc / "shadow").read_text(), before)


class RestartService(Scripts):
    def setUp(self):
        super().setUp()
        # The service manager of this machine is not the test's to use: a program that notes what it was asked.
        self.environment = self.without("systemctl")
        shadow = self.home / "path"
        for name in ("systemctl", "service"):
            (shadow / name).unlink(missing_ok=True)
            (shadow / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*" >>"{self.home}/asked"\n')
            (shadow / name).chmod(0o755)
        self.file = self.home / "etc/restart-services.conf"
        self.file.parent.mkdir()
        self.file.write_text("# rule service what\n100200 nginx\n100201 ssh@1.service restart\n100202 a;b\n100203 x stop\n")
        self.file.chmod(0o640)

    def asked(self):
        path = self.home / "asked"
        return path.read_text() if path.exists() else ""

    def test_the_rule_says_which(self):
        systemd = pathlib.Path("/run/systemd/system").is_dir()
        self.good("restart-service.sh", "add", "-", "-", "100200", **self.environment)
        self.good("restart-service.sh", "add", "-", "-", "100201", **self.environment)
        self.good("restart-service.sh", "delete", "-", "-", "100200", **self.environment)
        self.assertEqual(self.asked(),
                         "systemctl --no-block --no-ask-password start -- nginx\n"
                         "systemctl --no-block --no-ask-password restart -- ssh@1.service\n"
                         if systemd else "service nginx start\nservice ssh@1.service restart\n")

    def test_what_is_not_named_is_not_touched(self):
        for rule in ("100202", "100203", "999", "1", "#", "100200x"):
            self.assertEqual(self.call("restart-service.sh", "add", "nginx", "nginx", rule, **self.environment).returncode, 1)
        self.file.chmod(0o660 | 0o002)
        self.assertEqual(self.call("restart-service.sh", "add", "-", "-", "100200", **self.environment).returncode, 1)
        self.file.unlink()
        self.assertEqual(self.call("restart-service.sh", "add", "-", "-", "100200", **self.environment).returncode, 1)
        self.assertEqual(self.asked(), "")


class RestartOssec(Scripts):
    def test_asks_ossec_control(self):
        control = self.home / "bin/ossec-control"
        control.parent.mkdir()
        os.mkfifo(self.home / "asked")
        control.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >"{self.home}/asked"\n')
        control.chmod(0o755)
        self.good("restart-ossec.sh", "add")
        self.assertEqual((self.home / "asked").read_text(), "restart\n")
        self.good("restart-ossec.sh", "delete")


if __name__ == "__main__":
    unittest.main(verbosity=1)
