#!/usr/bin/env python3
"""`gander scan --sensitive`, `gander integrity scan` and log lines with sensitive data. usage: sensitive_test.py GANDER"""
import json, os, pathlib, shutil, subprocess, sys, tempfile, unittest

GANDER = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CARD = "4111111111111111"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())

    def tearDown(self):
        shutil.rmtree(self.folder)

    def gander(self, *args, stdin=b""):
        return subprocess.run([GANDER, *map(str, args)], input=stdin, capture_output=True)

    def scan(self, *args, stdin=b""):
        done = self.gander("scan", "--sensitive", *args, stdin=stdin)
        self.assertNotIn(CARD.encode(), done.stdout + done.stderr)
        return done


class Scan(Case):
    def test_files_directories_and_standard_input(self):
        (self.folder / "sub").mkdir()
        (self.folder / "sub/a").write_text(f"x\ncard {CARD}\n")
        (self.folder / "clean").write_text("nothing\n")
        done = self.scan(self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.decode(), f"{self.folder}/sub/a:2: card  Visa card  4111********1111\n")
        self.assertEqual(done.stderr.decode(), "1 finding in 1 of 2 files (card 1)\n")
        self.assertEqual(self.scan(self.folder / "clean").returncode, 0)
        self.assertEqual(self.scan("-q", "-", stdin=CARD.encode()).stdout,
                         b"(standard input):1: card  Visa card  4111********1111\n")

    def test_json(self):
        (self.folder / "a\n\xff").write_text(f"\n{CARD}\n")
        done = self.scan("-q", "-o", "json", self.folder)
        found = json.loads(done.stdout)
        self.assertEqual((found["kind"], found["line"], found["offset"], found["length"], found["masked"]),
                         ("card", 2, 1, 16, "4111********1111"))

    def test_links_pipes_and_what_cannot_be_read(self):
        (self.folder / "target").write_text(CARD)
        (self.folder / "tree").mkdir()
        (self.folder / "tree/link").symlink_to(self.folder / "target")
        os.mkfifo(self.folder / "tree/pipe")
        self.assertEqual(self.scan(self.folder / "tree").returncode, 0)
        self.assertIn(b"symbolic link, not followed", self.scan(self.folder / "tree/link").stderr)
        gone = self.scan(self.folder / "gone")
        self.assertEqual(gone.returncode, 2)
        self.assertIn(b"No such file or directory", gone.stderr)

    def test_binary_files_kinds_and_sizes(self):
        (self.folder / "b").write_bytes(b"\0\xff card " + CARD.encode() + b" password=q8Zkw2vv \0")
        self.assertEqual(self.scan("-q", self.folder).stdout.decode(), f"{self.folder}/b:1: card  Visa card  4111********1111\n")
        self.assertEqual(self.scan("--kinds", "iban,key", self.folder).returncode, 0)
        self.assertIn(b"1 too large", self.scan("--max-size", "10", self.folder).stderr)
        wrong = self.scan("--kinds", "visa", self.folder)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn(b"there is no kind 'visa'; allowed: card|iban|ssn|key|token|password", wrong.stderr)
        self.assertEqual(self.gander("scan", self.folder).returncode, 2)

    def test_the_made_corpus(self):
        done = subprocess.run([ROOT / "tools/measure_sensitive", GANDER, "--lines", "150"], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())


class Home(Case):
    """A watched folder whose findings go through our own rules."""

    def setUp(self):
        super().setUp()
        self.home = self.folder / "home"
        for name in ("rules", "decoders"):
            shutil.copytree(ROOT / name, self.home / name)
        (self.home / "etc").mkdir()
        self.watched = self.folder / "srv"
        self.watched.mkdir()
        config = (ROOT / "etc/ossec.conf").read_text()
        start, end = config.index("<syscheck>"), config.index("</syscheck>")
        config = config[:start] + f"<syscheck><directories check_all=\"yes\">{self.watched}</directories>" + config[end:]
        config = config.replace("</syscheck>", f"</syscheck><sensitive><directories>{self.watched}</directories><logs>yes</logs></sensitive>")
        (self.home / "etc/ossec.conf").write_text(config)

    def test_a_changed_file_becomes_an_alert(self):
        (self.watched / "a.csv").write_text("nothing\n")
        self.gander("integrity", "scan", "--home", self.home)
        (self.watched / "a.csv").write_text(f"name,{CARD}\n")
        done = self.gander("integrity", "scan", "--home", self.home, "--messages")
        found = [line for line in done.stdout.decode().splitlines() if line.startswith("1:sensitive:")]
        self.assertEqual(found, [f"1:sensitive:gander: sensitive data: card (Visa card) in '{self.watched}/a.csv' line 1: 4111********1111"])
        log = found[0].removeprefix("1:sensitive:") + "\n"
        alerts = self.gander("replay", "--home", self.home, "-o", "text", "-q", "-", stdin=log.encode()).stdout.decode()
        self.assertIn("Rule: 67001 (level 8)", alerts)

    def test_log_lines_are_masked_in_alerts(self):
        log = (f"Jan 15 10:00:00 web1 shop[7]: paid with {CARD}\n"
               f"Jan 15 10:00:01 web1 sshd[7]: Failed password for invalid user {CARD} from 192.0.2.7 port 4022 ssh2\n")
        for form in ("text", "json"):
            alerts = self.gander("replay", "--home", self.home, "-o", form, "-q", "-", stdin=log.encode()).stdout.decode()
            self.assertNotIn(CARD, alerts)
            self.assertEqual(alerts.count("67020"), 1, alerts)
            self.assertEqual(alerts.count("5710"), 1, alerts)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
