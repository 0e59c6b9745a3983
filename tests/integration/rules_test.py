#!/usr/bin/env python3
"""`gander rules` as its users run it, on a small home. usage: rules_test.py GANDER"""
import datetime, gzip, json, os, pathlib, shutil, subprocess, sys, tempfile, unittest

GANDER = os.path.abspath(sys.argv[1])

CONFIG = """<ossec_config><rules><decoder>etc/decoder.xml</decoder><include>app_rules.xml</include></rules></ossec_config>
"""
DECODERS = r"""<decoder name="app"><program_name>^app$</program_name></decoder>
<decoder name="app-login">
  <parent>app</parent>
  <prematch>^login </prematch>
  <regex offset="after_prematch">^user=(\S+) src=(\S+)$</regex>
  <order>user, srcip</order>
</decoder>
"""
RULES = """<group name="base,">
  <rule id="1" level="0" noalert="1"><category>syslog</category><description>Any line.</description></rule>
</group>
<group name="app,">
  <rule id="100" level="0"><if_sid>1</if_sid><decoded_as>app</decoded_as><description>Of the app.</description></rule>
  <rule id="101" level="5">
    <if_sid>100</if_sid><match>^login </match><description>A log-in.</description>
    <group>authentication_success,mitre_T1078,</group>
  </rule>
  <rule id="102" level="10" frequency="2" timeframe="60">
    <if_matched_sid>101</if_matched_sid><same_source_ip /><description>Many log-ins.</description>
    <group>mitre_T1110.001,</group>
  </rule>
</group>
"""
NEW_RULES = """<group name="local,">
  <rule id="100300" level="12"><if_sid>101</if_sid><user>eve</user><description>Eve.</description></rule>
</group>
"""
EVE = "Jan 15 10:00:00 h1 app: login user=eve src=192.0.2.7"
BOB = "Jan 15 10:05:00 h1 app: login user=bob src=192.0.2.8"
QUIT = "Jan 15 10:09:00 h1 app: quit"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.home = self.folder / "home"
        self.put("home/etc/ossec.conf", CONFIG)
        self.put("home/etc/decoder.xml", DECODERS)
        self.put("home/rules/app_rules.xml", RULES)
        self.fresh = self.put("new.xml", NEW_RULES)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def put(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def rules(self, word, *args, status=0, stdin=""):
        ran = subprocess.run([GANDER, "rules", word, "--home", self.home, *map(str, args)], input=stdin.encode(), cwd=self.folder,
                             capture_output=True, env={**os.environ, "TZ": "UTC", "NO_COLOR": "1"})
        self.err = ran.stderr.decode()
        self.assertEqual(ran.returncode, status, self.err + ran.stdout.decode())
        return ran.stdout.decode()

    def json(self, word, *args, **kwargs):
        return json.loads(self.rules(word, "--output", "json", *args, **kwargs))


class Looking(Case):
    def ids(self, *args, **kwargs):
        return [rule["id"] for rule in self.json("list", *args, **kwargs)]

    def test_list_and_its_filters(self):
        self.assertEqual(self.ids(), [1, 100, 101, 102])
        self.assertEqual(self.ids("--level", 6), [102])
        self.assertEqual(self.ids("--rule", 100, "--rule", 102), [100, 102])
        self.assertEqual(self.ids("--group", "authentication_success"), [101])
        self.assertEqual(self.ids("--tag", "T1110"), [102])
        self.assertEqual(self.ids("--file", "app_rules"), [1, 100, 101, 102])
        self.assertEqual(self.ids("log-in", "many"), [102])
        self.assertEqual(self.ids("--level", 6, "--group", "authentication_success", status=1), [])
        self.assertIn("   101     5  A log-in.", self.rules("list", "--level", 5))

    def test_attack_matrix(self):
        columns = {column["name"]: column["techniques"] for column in self.json("list", "--attack")}
        self.assertEqual(columns["Credential Access"],
                         [{"id": "T1110.001", "name": "Brute Force: Password Guessing", "rules": ["102"]}])
        self.assertEqual([row["id"] for row in columns["Initial Access"]], ["T1078"])
        self.assertRegex(self.rules("list", "--attack"), r"Credential Access  TA0006\n  T1110\.001 +Brute Force: .* 1  102\n")
        self.rules("list", "--attack", "--level", 15, status=1)

    def test_show(self):
        self.put("home/tests/ruleset/app.ini", f"[in]\nlog 1 pass = {EVE}\nrule = 101\nalert = 5\ndecoder = app\n")
        text = self.rules("show", 101)
        self.assertIn("rule 101, level 5: A log-in.\n", text)
        for item in ("below        100\n", "children     102\n", "tags         mitre_T1078\n", "tests/ruleset/app.ini:2\n"):
            self.assertIn(item, text)
        self.assertEqual([(r["id"], r["parents"]) for r in self.json("show", 102, 100)], [(102, ["101"]), (100, ["1"])])

    def test_explain(self):
        self.assertIn("result       rule 101, level 5", self.rules("explain", 101, EVE))
        self.assertEqual(self.json("explain", 101, EVE)["fields"]["srcip"], "192.0.2.7")
        no = self.json("explain", 101, QUIT, status=1)
        self.assertEqual((no["fired"], no["result"]), ("no", "100"))
        self.assertIn("login", no["answer"])
        self.assertEqual([(s["rule"], s["answer"]) for s in no["way"]][-1], (101, "no"))
        four = [EVE] * 4
        self.assertEqual(self.json("explain", 102, *four)["result"], "102")
        self.assertEqual(self.json("explain", 102, stdin="\n".join(four))["result"], "102")
        self.assertEqual(self.json("explain", 102, EVE, status=1)["fired"], "no")

    def test_no_such_rule(self):
        for word, more in (("show", []), ("explain", [EVE])):
            self.assertEqual(self.rules(word, 103, *more, status=2), "")
            self.assertRegex(self.err, "no rule 103; .*10[012]")
        self.rules("explain", 101, status=2)
        self.assertIn("no line to explain", self.err)
        self.rules("explain", "x", EVE, status=2)
        self.rules("list", "--level", "high", status=2)

    def test_broken_home(self):
        self.put("home/rules/app_rules.xml", RULES.replace("<match>", "<mach>").replace("</match>", "</mach>"))
        for word, more in (("list", []), ("show", [101]), ("explain", [101, EVE]), ("test", []), ("backtest", [self.fresh])):
            self.assertEqual(self.rules(word, *more, status=2), "")
            self.assertRegex(self.err, r"app_rules\.xml:\d+:\d+: error\[R013\].*mach")
        self.home = self.folder / "nowhere"
        self.rules("list", status=2)
        self.assertIn("nowhere", self.err)


class Trying(Case):
    def found(self, *args, **kwargs):
        out = self.json("backtest", self.fresh, *args, **kwargs)
        row = out["rules"][0]
        return out["source"], out["lines"], row["id"], row["alerts"], row["before"]

    def test_log_files(self):
        log = "\n".join([EVE, BOB, EVE, QUIT, ""])
        plain = self.put("a.log", log)
        packed = self.put("b.log.gz", gzip.compress(log.encode()))
        self.assertEqual(self.found(plain), ("logs", 4, 100300, 2, {"101": 2}))
        self.assertEqual(self.found(plain, packed)[1:4], (8, 100300, 4))
        self.assertIn("100300", self.rules("backtest", self.fresh, plain))

    def day(self, ago):
        return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=ago)

    def archive(self, ago, *lines):
        when = self.day(ago)
        self.put(f"home/logs/archives/{when:%Y/%b}/ossec-archive-{when:%d}.log",
                 "".join(f"{when:%Y %b %d} 10:00:00 h1->/var/log/app.log {line}\n" for line in lines))

    def test_archives(self):
        self.archive(3, EVE, BOB, QUIT)
        self.archive(20, EVE, EVE)
        self.assertEqual(self.found(), ("archives", 5, 100300, 3, {"101": 3}))
        self.assertEqual(self.found("--since", "7d")[:4], ("archives", 3, 100300, 1))
        self.archive(2, EVE)
        with open(next(self.home.glob("logs/archives/*/*/*")), "ab") as damaged:
            damaged.write(b"no archive\n")
        self.assertEqual(self.json("backtest", self.fresh)["unread"], 1)

    def test_stored_alerts(self):
        when = self.day(3).replace(hour=10, minute=0, second=0)
        alert = (f"** Alert {int(when.timestamp())}.0: - app,\n{when:%Y %b %d %H:%M:%S} h1->/var/log/app.log\n"
                 f"Rule: 101 (level 5) -> 'A log-in.'\nSrc IP: 192.0.2.7\nUser: eve\n{EVE}\n\n")
        self.put(f"home/logs/alerts/{when:%Y/%b}/ossec-alerts-{when:%d}.log", alert)
        self.assertEqual(self.found(), ("alerts", 1, 100300, 1, {"101": 1}))
        self.assertEqual(self.found("--since", "1d", status=1)[1], 0)

    def test_nothing_to_look_at(self):
        self.rules("backtest", self.fresh, status=1)
        self.assertIn("neither archives nor alerts", self.err)
        self.rules("backtest", self.fresh, self.folder / "none.log", status=1)
        self.assertIn("none.log", self.err)

    def test_bad_questions(self):
        self.assertEqual(self.rules("backtest", self.folder / "none.xml", status=2), "")
        self.assertIn("none.xml", self.err)
        broken = self.put("broken.xml", NEW_RULES.replace("101", "109"))
        self.assertEqual(self.rules("backtest", broken, status=2), "")
        self.assertRegex(self.err, r"broken\.xml:2:\d+: error\[R014\].*109")
        self.rules("backtest", self.fresh, "--since", "someday", status=2)
        self.assertIn("someday", self.err)
        self.rules("backtest", status=2)


class Writing(Case):
    LINES = "".join(f"Jan 15 10:00:0{n} h1 shopd[7]: refused order of user{n} from 192.0.2.{n}\n" for n in range(5))

    def test_new_makes_tests_that_pass(self):
        sample = self.put("sample.log", self.LINES)
        made = self.rules("new", "shop", sample).splitlines()[:-1]
        self.assertEqual({pathlib.Path(name).name for name in made}, {"decoders.xml", "rules.xml", "shop.ini", "shop.tsv"})
        self.assertTrue(all((self.folder / name).is_file() for name in made))
        self.assertRegex(self.rules("test", "shop"), r" (\d+) tests: \1 passed, 0 failed\n")
        self.assertIn("100.0 %", self.rules("coverage", "shop"))
        # The address of a line, not a part of it, is what the decoder takes.
        self.assertIn("srcip=192.0.2.3", (self.folder / "shop/shop.tsv").read_text())

    def test_new_overwrites_nothing(self):
        kept = self.put("shop/mine.xml", "mine")
        self.rules("new", "shop", status=2, stdin=self.LINES)
        self.assertIn("is there already", self.err)
        self.assertEqual([p.name for p in kept.parent.iterdir()], ["mine.xml"])
        self.rules("new", "shop", "--to", "other", "--id", 200100, stdin=self.LINES)
        self.assertIn('id="200100"', (self.folder / "other/rules.xml").read_text())

    def test_new_from_nothing(self):
        for name, lines in (("shop", ""), ("../shop", self.LINES)):
            self.rules("new", name, status=2, stdin=lines)
            self.assertTrue(self.err.startswith("gander: "), self.err)
        self.rules("new", "shop", self.folder / "none.log", status=2)
        self.assertIn("none.log", self.err)
        self.assertFalse((self.folder / "shop").exists())


class Testing(Case):
    def test_what_fails_and_what_is_missing(self):
        good = f"[in]\nlog 1 pass = {EVE}\nrule = 101\nalert = 5\ndecoder = app\n"
        tests = self.put("home/tests/ruleset/app.ini", good)
        self.assertIn("1 tests: 1 passed, 0 failed\n", self.rules("test"))
        # 102 and the decoders have no test yet.
        gaps = self.json("coverage", status=1)
        self.assertIn("102", gaps["unreached_rules"])
        self.assertNotIn("101", gaps["unreached_rules"])
        self.assertTrue(any(name.startswith("app-login ") for name in gaps["unreached_decoders"]))
        tests.write_text(good.replace("101", "100"))
        out = self.rules("test", status=1)
        self.assertIn("app.ini:2: ", out)
        self.assertEqual(len(self.json("test", status=1)["differences"]), 1)

    def test_check(self):
        self.put("home/tests/ruleset/app.ini", f"[in]\nlog 1 pass = {EVE}\nrule = 101\nalert = 5\ndecoder = app\n")
        found = self.json("check", status=1)["findings"]
        self.assertTrue(any("102" in f["message"] for f in found), found)
        self.assertTrue(all(f["file"].endswith("app_rules.xml") and f["line"] > 0 for f in found), found)

    def test_no_tests(self):
        for word in ("test", "coverage", "check"):
            self.rules(word, status=2)
            self.assertIn("no tests beside the rules", self.err)
            self.rules(word, self.folder / "none.ini", status=2)
            self.assertIn("none.ini", self.err)


unittest.main(argv=sys.argv[:1])
