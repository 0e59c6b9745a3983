#!/usr/bin/env python3
"""The program as its users run it: pipes, files, bad input, closed pipes, full disks. usage: cli_test.py GANDER"""
import csv, gzip, io, json, os, pathlib, re, shutil, subprocess, sys, tempfile, unittest

GANDER = os.path.abspath(sys.argv[1])
CASES = pathlib.Path(__file__).resolve().parent.parent / "golden/cases"
CLOCK = ["--clock", "2026-01-15T12:00:00Z", "--tz", "UTC", "--hostname", "testhost"]


def line(n, address="10.0.0.1"):
    return f"Mar  5 10:00:{n % 60:02d} h1 app: login user=bob src={address} n={n}\n"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.home = self.folder / "home"
        case = CASES / "freq-same-source-ip"
        (self.home / "etc").mkdir(parents=True)
        (self.home / "rules").mkdir()
        shutil.copy(case / "ossec.conf", self.home / "etc")
        shutil.copy(case / "decoder.xml", self.home)
        shutil.copy(case / "rules.xml", self.home / "rules")
        for name in ("ossec-logtest", "ossec-reportd", "ossec-reported", "ossec-makelists", "ossec-regex"):
            (self.folder / name).symlink_to(GANDER)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def run_gander(self, *args, stdin=b"", **kwargs):
        return subprocess.run([GANDER, *map(str, args)], input=stdin, capture_output=True, **kwargs)

    def replay(self, *args, stdin=b""):
        return self.run_gander("replay", "--home", self.home, *CLOCK, *args, stdin=stdin)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Pipes(Case):
    LOG = "".join(line(n) for n in range(6)).encode()

    def test_the_command_line_of_old(self):
        """cat FILE | ossec-logtest -a | ossec-reported -f rule 101"""
        logtest = subprocess.run([self.folder / "ossec-logtest", "-a", "-D", self.home, "-c", self.home / "etc/ossec.conf"],
                                 input=self.LOG, capture_output=True)
        self.assertEqual(logtest.returncode, 0)
        report = subprocess.run([self.folder / "ossec-reported", "-f", "rule", "101"], input=logtest.stdout, capture_output=True)
        self.assertEqual(report.returncode, 0)
        self.assertEqual(report.stdout, b"")
        self.assertIn(b"->Processed alerts: 6\r\n->Post-filtering alerts: 2\r\n", report.stderr)
        ours = self.run_gander("report", "-f", "rule", "101", stdin=logtest.stdout)
        self.assertIn(b"->Post-filtering alerts: 2\r\n", ours.stdout)

    def test_a_reader_that_leaves_is_no_error(self):
        big = self.file("big.log", self.LOG * 20000)
        for command in (["replay", "-q", str(big)], ["logtest", "-a"]):
            with open(big, "rb") as stdin:
                child = subprocess.Popen([GANDER, command[0], "--home", str(self.home), *CLOCK, *command[1:]], stdin=stdin,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                child.stdout.read(100)
                child.stdout.close()
                errors = child.stderr.read()
                child.stderr.close()
                self.assertEqual(child.wait(), 0, errors)

    def test_a_full_disk_is_an_error_with_a_name(self):
        log = self.file("a.log", self.LOG * 5000)
        with open("/dev/full", "wb") as full:
            run = subprocess.run([GANDER, "replay", "-q", "--home", self.home, *CLOCK, log], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"No space left", run.stderr)

    def test_interactive_lines_are_answered_at_once(self):
        child = subprocess.Popen([GANDER, "logtest", "-a", "--home", str(self.home), *CLOCK], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        child.stdin.write(line(1).encode())
        child.stdin.flush()
        self.assertTrue(child.stdout.readline().startswith(b"** Alert 1768478400.1:"))
        child.stdin.close()
        child.stdout.read()
        child.stdout.close()
        self.assertEqual(child.wait(), 0)


class Inputs(Case):
    LOG = "".join(line(n) for n in range(9)).encode()

    def alerts(self, run):
        return run.stdout.count(b"** Alert ")

    def test_plain_gzip_zstd_and_standard_input_give_the_same(self):
        plain = self.file("a.log", self.LOG)
        packed = self.file("a.log.1", gzip.compress(self.LOG))  # told by content, not by name
        zst = self.folder / "a.zst"
        subprocess.run(["zstd", "-q", plain, "-o", zst], check=True)
        expected = self.replay("-q", "--location", "x", plain).stdout
        self.assertEqual(expected.count(b"** Alert "), 9)
        for path in (packed, zst):
            self.assertEqual(self.replay("-q", "--location", "x", path).stdout, expected)
        self.assertEqual(self.replay("-q", "--location", "x", "-", stdin=self.LOG).stdout, expected)

    def test_threads_and_compatible_mode_do_not_change_a_byte(self):
        log = self.file("a.log", "".join(line(n, f"10.0.0.{n % 7}") for n in range(5000)))
        one = self.replay("-q", "--compat", "ossec-4.3", "--threads", "1", log).stdout
        for threads in ("2", "8"):
            self.assertEqual(self.replay("-q", "--compat", "ossec-4.3", "--threads", threads, log).stdout, one)
        logtest = self.run_gander("logtest", "-a", "--home", self.home, "--compat", "ossec-4.3", *CLOCK, stdin=log.read_bytes())
        self.assertEqual(logtest.stdout, one)

    def test_missing_unreadable_and_folder_are_told_and_the_rest_is_read(self):
        good = self.file("good.log", self.LOG)
        run = self.replay("-q", self.folder / "missing", good, self.folder)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(self.alerts(run), 9)
        self.assertIn(b"missing", run.stderr)
        self.assertIn(b"directory", run.stderr)

    def test_a_cut_archive_keeps_what_stands_before_the_cut(self):
        packed = gzip.compress(b"".join(line(n).encode() + os.urandom(30).hex().encode() + b"\n" for n in range(2000)))
        run = self.replay("-q", self.file("cut.gz", packed[: len(packed) // 2]))
        self.assertEqual(run.returncode, 1)
        self.assertGreater(self.alerts(run), 100)
        self.assertIn(b"cut.gz", run.stderr)

    def test_empty_binary_crlf_and_no_final_newline(self):
        self.assertEqual(self.replay("-q", self.file("empty", b"")).returncode, 0)
        self.assertEqual(self.replay("-q", self.file("binary", bytes(range(256)) * 400)).returncode, 0)
        self.assertEqual(self.alerts(self.replay("-q", self.file("crlf", self.LOG.replace(b"\n", b"\r\n")))), 9)
        self.assertEqual(self.alerts(self.replay("-q", self.file("open", self.LOG[:-1]))), 9)

    def test_a_line_of_a_megabyte_is_one_event(self):
        long = line(1)[:-1] + " " + "x" * 1_000_000 + "\n"
        run = self.replay("-q", self.file("long", long))
        self.assertEqual(self.alerts(run), 1)
        self.assertIn(b"x" * 1_000_000, run.stdout)
        self.assertGreater(self.alerts(self.replay("-q", "--compat", "ossec-4.3", self.file("long", long))), 0)

    def test_invalid_utf8_and_nul_do_not_hide_a_login(self):
        hidden = b"Mar  5 10:00:00 h1 app: login user=b\xffb src=10.0.0.1 n=\x001\n"
        self.assertEqual(self.alerts(self.replay("-q", "-", stdin=hidden)), 1)

    def test_a_large_stream_stays_in_bounded_memory(self):
        child = subprocess.Popen([GANDER, "replay", "-q", "--home", str(self.home), *CLOCK, "-"], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL)
        noise = (b"Mar  5 10:00:00 h1 other: nothing to see here, move along please\n" * 1000)
        for _ in range(1500):  # about 100 MB
            child.stdin.write(noise)
        child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(child.returncode, 0)
        self.assertLess(usage.ru_maxrss, 700_000)  # KiB; sanitizers need the most of it


class Forms(Case):
    LOG = "".join(line(n) for n in range(4)).encode()

    def test_json_forms_are_json(self):
        log = self.file("a.log", self.LOG)
        array = json.loads(self.replay("-q", "-o", "json", log).stdout)
        self.assertEqual([a["rule"]["sidid"] for a in array], [100, 100, 101, 100])
        for schema in ("ossec", "ecs"):
            lines = self.replay("-q", "-o", "ndjson", "--schema", schema, log).stdout.splitlines()
            self.assertEqual(len([json.loads(text) for text in lines]), 4)

    def test_csv_has_a_head_and_a_row_each(self):
        text = self.replay("-q", "-o", "csv", self.file("a.log", self.LOG)).stdout.decode()
        self.assertEqual(len(list(csv.reader(io.StringIO(text)))), 5)

    def test_report_straight_from_the_log(self):
        run = self.replay("--report", self.file("a.log", self.LOG))
        self.assertIn(b"Top entries for 'Rule'", run.stdout)

    def test_html_report_escapes_what_attackers_write(self):
        alerts = self.replay("-q", "-", stdin=b"Mar  5 10:00:00 h1 app: login user=<script>x</script> src=10.0.0.1 n=1\n").stdout
        html = self.run_gander("report", "-o", "html", stdin=alerts).stdout
        self.assertIn(b"<svg", html)
        self.assertNotIn(b"<script", html)


class Errors(Case):
    def test_check_names_every_error_with_its_place(self):
        (self.home / "rules/rules.xml").write_text(
            '<group name="t,">\n  <rule id="1" level="0" noalert="1"><category>syslog</category></rule>\n'
            '  <rule id="100" level="x"><match>a</match></rule>\n  <rule id="101" level="3"><regex>(a</regex></rule>\n</group>\n')
        run = self.run_gander("check", "--home", self.home)
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stderr.decode(), r"rules/rules\.xml:3:\d+: error\[R\d+\]")
        self.assertRegex(run.stderr.decode(), r"rules/rules\.xml:4:\d+: error\[R\d+\]")

    def test_a_good_home_is_good(self):
        run = self.run_gander("check", "--home", self.home)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_usage_errors_are_two(self):
        for words in (["replay"], ["nonsense"], ["replay", "--threads", "0", "x"], ["logtest", "--clock", "soon"],
                      ["report", "-f", "planet", "mars"]):
            self.assertEqual(self.run_gander(*words).returncode, 2, words)

    def test_a_missing_configuration_says_which(self):
        run = self.run_gander("logtest", "-c", self.folder / "nowhere.conf", "--home", self.home)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(b"nowhere.conf", run.stderr)

    def test_a_pattern_that_backtracks_without_end_is_stopped_and_counted(self):
        (self.home / "rules/rules.xml").write_text(
            '<group name="t,">\n  <rule id="1" level="0" noalert="1"><category>syslog</category></rule>\n'
            '  <rule id="100" level="3"><pcre2>(x+x+)+y</pcre2><description>slow</description></rule>\n</group>\n')
        run = self.replay("-", stdin=b"Mar  5 10:00:00 h1 app: " + b"x" * 200 + b" y\n")
        self.assertEqual(run.returncode, 0)
        self.assertIn(b"match limit", run.stderr)

    def test_a_damaged_list_is_told(self):
        (self.home / "rules/users.cdb").write_bytes(b"\xff" * 100)
        conf = (self.home / "etc/ossec.conf").read_text().replace("<include>", "<list>users</list><include>")
        (self.home / "etc/ossec.conf").write_text(conf)
        run = self.run_gander("check", "--home", self.home)
        self.assertIn(b"users.cdb", run.stderr)


class Words(Case):
    def test_every_command_has_help_with_an_example(self):
        for command in ("logtest", "replay", "report", "check", "makelists", "regex", "explain"):
            run = self.run_gander(command, "--help")
            self.assertEqual(run.returncode, 0)
            self.assertIn(b"Example", run.stdout)
            self.assertIn(b".SH OPTIONS", self.run_gander("explain", "man", command).stdout)

    def test_explain_prints_the_tables(self):
        for topic, word in (("options", b"email_to"), ("rules", b"if_matched_sid"), ("decoders", b"prematch"),
                            ("diagnostics", b"R0"), ("completion", b"complete")):
            run = self.run_gander("explain", topic)
            self.assertEqual(run.returncode, 0)
            self.assertIn(word, run.stdout)

    def test_ossec_regex(self):
        run = subprocess.run([self.folder / "ossec-regex", r"port \d+"], input=b"port 22\nnone\n", capture_output=True)
        self.assertEqual(run.stdout, b"+OSRegex_Execute: port 22\n+OS_Regex       : port 22\n")
        bad = subprocess.run([self.folder / "ossec-regex", "("], input=b"", capture_output=True)
        self.assertEqual((bad.returncode, bad.stdout), (255, b"pattern does not compile with OSRegex_Compile\n"))

    def test_reference_pages_are_those_of_the_program(self):
        folder = self.folder / "reference"
        self.assertEqual(self.run_gander("explain", "--write", folder).returncode, 0)
        kept = CASES.parent.parent.parent / "docs/reference"
        for page in folder.iterdir():
            self.assertEqual(page.read_text(), (kept / page.name).read_text(), f"{page.name}: run ./dev docs")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=1)
