#!/usr/bin/env python3
"""gander init on made-up hosts and a made-up OSSEC installation. usage: init_test.py GANDER"""
import os, pathlib, re, shutil, stat, subprocess, sys, tempfile, unittest

GANDER = os.path.abspath(sys.argv[1])
SOURCES = pathlib.Path(__file__).resolve().parents[2]
TABLE = "  sl  local_address rem_address   st\n"
MAIL = TABLE + "   0: 0100007F:0019 00000000:0000 0A 00000000:00000000\n"
# Established, another port, another address: none of them is a mail server of this host.
NO_MAIL = TABLE + ("   0: 0100007F:0019 0100007F:C000 01 0\n   1: 0100007F:1900 00000000:0000 0A 0\n"
                   "   2: 0501A8C0:0019 00000000:0000 0A 0\n")


class Init(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.root = self.folder / "root"
        self.home = self.folder / "home"
        self.put("etc/passwd")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def put(self, name, text="", below=None):
        path = (below or self.root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def init(self, *args):
        return subprocess.run([GANDER, "init", "--home", self.home, "--root", self.root, *args], capture_output=True, text=True)

    def made(self, *args):
        done = self.init(*args)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def config(self):
        return (self.home / "etc/ossec.conf").read_text()

    def logs(self):
        return re.findall(r"<log_format>(\S+)</log_format>\s*<location>(.*)</location>",
                          re.sub(r"(?s)<!--.*?-->", "", self.config()))

    def check(self):
        done = subprocess.run([GANDER, "check", "--home", self.home], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 errors, 0 warnings", done.stdout)

    def test_debian_with_web_server(self):
        for name in ("syslog", "auth.log", "mail.log", "kern.log", "dpkg.log", "apt/history.log", "apache2/access.log",
                     "apache2/access.log.1", "apache2/error.log", "nginx/shop-access.log", "nginx/a<b>.log", "nginx/[x].log"):
            self.put("var/log/" + name)
        (self.root / "var/log/journal").mkdir()
        self.made()
        self.assertEqual(self.logs(), [
            ("syslog", "/var/log/syslog"), ("syslog", "/var/log/auth.log"), ("syslog", "/var/log/dpkg.log"),
            ("syslog", "/var/log/apt/history.log"), ("apache", "/var/log/apache2/access.log"),
            ("apache", "/var/log/apache2/error.log"), ("apache", "/var/log/nginx/shop-access.log")])
        self.assertIn("       /var/log/mail.log\n", self.config())
        self.check()

    def test_services_with_files_of_their_own(self):
        found = ["exim4/mainlog", "mysql/error.log", "mongodb/mongod.log", "redis/redis-server.log", "named/security.log",
                 "unbound.log", "samba/log.smbd", "asterisk/messages.log", "asterisk/security.log", "suricata/eve.json",
                 "postgresql/postgresql-15-main.log", "postgresql/postgresql-16-main.log"]
        # What is rotated, holds the same lines again or cannot be read line by line.
        for name in (*found, "exim4/rejectlog", "exim4/mainlog.1", "asterisk/full", "postgresql/postgresql-16-main.log.1",
                     "postgresql/[a].log", "samba/log.smbd.old"):
            self.put("var/log/" + name)
        (self.root / "var/log/nsd.log").mkdir()
        self.made()
        self.assertEqual(self.logs(), [("syslog", "/var/log/" + name) for name in found])
        self.check()

    def test_messages_and_secure(self):
        for name in ("messages", "secure", "maillog", "httpd/access_log"):
            self.put("var/log/" + name)
        self.made()
        self.assertEqual(self.logs(), [("syslog", "/var/log/messages"), ("syslog", "/var/log/secure"),
                                       ("syslog", "/var/log/maillog"), ("apache", "/var/log/httpd/access_log")])

    def test_journal_where_there_is_no_syslog(self):
        (self.root / "var/log/journal").mkdir(parents=True)
        self.put("var/log/dpkg.log")
        self.assertIn("the journal", self.made())
        self.assertEqual(self.logs(), [("journald", "all"), ("syslog", "/var/log/dpkg.log")])
        self.check()

    def test_journal_where_syslog_is_written_no_more(self):
        old = self.put("var/log/syslog")
        os.utime(old, (1000000000, 1000000000))
        out = self.made()
        self.assertIn("is the syslog daemon running?", out)
        self.assertEqual(self.logs(), [("syslog", "/var/log/syslog")])
        (self.root / "run/log/journal").mkdir(parents=True)
        self.made("--force")
        self.assertEqual(self.logs(), [("journald", "all")])

    def test_host_without_logs_says_so(self):
        self.assertIn("no log was found on this host", self.made())
        self.check()

    def test_mail(self):
        self.put("proc/net/tcp", NO_MAIL)
        self.made()
        self.assertIn("<email_notification>no<", self.config())
        self.put("proc/net/tcp", MAIL)
        self.made("--force")
        self.assertIn("<smtp_server>127.0.0.1<", self.config())
        self.assertIn("<email_notification>yes<", self.config())
        self.check()

    def test_watches_the_directories_there_are(self):
        (self.root / "usr/bin").mkdir(parents=True)
        (self.root / "bin").symlink_to("usr/bin")
        self.put("usr/bin/ss")
        self.made()
        self.assertEqual(re.findall(r">(/[^<]*)</directories>", self.config()), ["/etc", "/usr/bin"])
        self.assertIn("<command>ss -tan | grep LISTEN | sort</command>", self.config())

    def test_brings_decoders_rules_and_scripts(self):
        self.made()
        for folder in ("decoders", "rules"):
            self.assertEqual({p.name for p in (self.home / folder).glob("*.xml")},
                             {p.name for p in (SOURCES / folder).glob("*.xml")})
        self.assertTrue(os.access(self.home / "active-response/bin/firewall-drop.sh", os.X_OK))

    def test_overwrites_nothing_unasked(self):
        self.made()
        self.put("etc/ossec.conf", "mine", self.home)
        self.put("rules/sshd_rules.xml", "my rules", self.home)
        done = self.init()
        self.assertEqual((done.returncode, self.config()), (2, "mine"))
        self.assertIn("--force", done.stderr)
        (self.home / "etc/ossec.conf").unlink()
        self.assertIn("kept as it is", self.init().stdout)
        self.assertEqual((self.home / "rules/sshd_rules.xml").read_text(), "my rules")
        self.put("etc/ossec.conf", "mine", self.home)
        self.made("--force")
        self.assertEqual((self.home / "etc/ossec.conf.old").read_text(), "mine")
        self.assertEqual((self.home / "rules/sshd_rules.xml.old").read_text(), "my rules")
        self.check()

    def test_home_that_cannot_be_made(self):
        self.put("home", "a file", self.folder)
        done = self.init()
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot", done.stderr)

    def ossec(self):
        old = self.folder / "ossec"
        case = SOURCES / "tests/golden/cases/freq-same-source-ip"
        self.put("etc/ossec.conf", (case / "ossec.conf").read_text().replace("decoder.xml", "etc/local_decoder.xml"), old)
        self.put("etc/local_decoder.xml", (case / "decoder.xml").read_text(), old)
        self.put("rules/rules.xml", (case / "rules.xml").read_text(), old)
        self.put("etc/client.keys", "001 web1 any 0123\n", old).chmod(0o640)
        self.put("queue/fts/fts-queue", "seen\n", old)
        self.put("queue/syscheck/(web1) any->syscheck", "+++1:33188:0:0:a:b !1 /etc/x\n", old)
        self.put("lists/a/bad", "192.0.2.1:\n", old)
        self.put("active-response/bin/own.sh", "#!/bin/sh\n", old).chmod(0o4777)
        os.mkfifo(old / "rules/pipe")
        return old

    def test_takes_over_ossec(self):
        old = self.ossec()
        out = self.made("--from", str(old))
        for name in ("etc/ossec.conf", "etc/local_decoder.xml", "rules/rules.xml", "etc/client.keys", "queue/fts/fts-queue",
                     "queue/syscheck/(web1) any->syscheck", "lists/a/bad", "active-response/bin/own.sh"):
            self.assertEqual((self.home / name).read_bytes(), (old / name).read_bytes(), name)
        self.assertEqual(stat.S_IMODE((self.home / "etc/client.keys").stat().st_mode), 0o640)
        self.assertEqual(stat.S_IMODE((self.home / "active-response/bin/own.sh").stat().st_mode), 0o755)
        self.assertIn("took rules: 1 file\n", out)
        self.assertIn("pipe: not a plain file; not taken", out)
        self.assertIn("stop OSSEC before", out)
        self.check()

    def test_take_over_tells_what_is_wrong_there(self):
        old = self.ossec()
        text = (old / "etc/ossec.conf").read_text()
        self.put("etc/ossec.conf", text.replace("<rules>", "<rules><include>gone.xml</include>", 1), old)
        done = self.init("--from", str(old))
        self.assertEqual(done.returncode, 1)
        self.assertIn("gone.xml", done.stderr)

    def test_take_over_of_nothing(self):
        done = self.init("--from", str(self.folder / "nowhere"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("nowhere/etc/ossec.conf", done.stderr)
        self.assertFalse(self.home.exists())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
