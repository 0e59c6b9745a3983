#!/usr/bin/env python3
"""`gander respond` as an administrator uses it, without a responder. usage: respond_cli_test.py GANDER"""
import fcntl, json, os, pathlib, shutil, socket, subprocess, sys, tempfile, time, unittest

GANDER = os.path.abspath(sys.argv.pop(1))
CASES = pathlib.Path(__file__).resolve().parent.parent / "golden/cases"
CONFIG = """<ossec_config>
  <global><white_list>10.9.0.0/16</white_list></global>
  <rules><decoder>decoder.xml</decoder><include>rules.xml</include></rules>
  <command><name>blk</name><executable>blk.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
  <command><name>once</name><executable>once.sh</executable><expect>srcip</expect></command>
  <active-response><command>blk</command><location>local</location><level>6</level><timeout>600</timeout></active-response>
  <active-response><command>once</command><location>local</location><rules_id>1</rules_id></active-response>
</ossec_config>
"""


def alert(at, number, rule, level, location, source):
    return (f"** Alert {at}.{number}: - t,\n2024 Mar 05 10:00:00 {location}\nRule: {rule} (level {level}) -> 'd'\n"
            f"Src IP: {source}\nMar  5 10:00:00 h1 app: login user=lvl src={source}\n\n")


class Respond(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gander-respond-cli-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        for name in ("etc", "rules", "active-response/bin"):
            (self.home / name).mkdir(parents=True)
        (self.home / "etc/ossec.conf").write_text(CONFIG)
        shutil.copy(CASES / "response-argv/decoder.xml", self.home)
        shutil.copy(CASES / "response-argv/rules.xml", self.home / "rules")
        for name in ("blk.sh", "once.sh"):
            script = self.home / "active-response/bin" / name
            script.write_text(f'#!/bin/sh\necho "${{0##*/}} $*" >>"{self.home}/calls"\n')
            script.chmod(0o750)

    def respond(self, *arguments, status=0):
        done = subprocess.run([GANDER, "respond", arguments[0], "--home", self.home, *map(str, arguments[1:])],
                              capture_output=True, text=True, env={**os.environ, "TZ": "UTC"}, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def calls(self):
        path = self.home / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        path.write_text("")
        return lines

    def test_run_list_undo(self):
        self.assertEqual(self.respond("list"), "nothing is in force\n")
        self.assertEqual(self.respond("run", "blk", "add", "203.0.113.5"), "started\n")
        self.assertEqual(self.calls(), ["blk.sh add - 203.0.113.5 (from_the_server) (no_rule_id)"])
        self.assertIn("already in force", self.respond("run", "blk600", "add", "::ffff:203.0.113.5"))
        self.assertRegex(self.respond("list"), r"\n203\.0\.113\.5 +- +blk600 +in force +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  (9|10) min")
        listed = json.loads(self.respond("list", "-o", "json"))
        self.assertEqual([(b["srcip"], b["response"], b["timeout"]) for b in listed], [("203.0.113.5", "blk600", 600)])
        self.assertEqual(self.respond("undo", "203.0.113.6", status=1), "0 responses are undone\n")
        self.assertEqual(self.respond("undo", "203.0.113.5"), "1 response is undone\n")
        self.assertEqual(self.calls(), ["blk.sh delete - 203.0.113.5 (from_the_server) (no_rule_id)"])
        self.respond("run", "blk", "add", "203.0.113.5")
        self.respond("run", "blk", "add", "203.0.113.6")
        self.assertEqual(self.respond("run", "blk", "delete", "203.0.113.6"), "1 response is undone\n")
        self.assertEqual(self.respond("undo", "all"), "1 response is undone\n")

    def test_what_is_refused(self):
        self.assertIn("must not be blocked", self.respond("run", "blk", "add", "127.0.0.1", status=1))
        self.assertIn("must not be blocked", self.respond("run", "blk", "add", "10.9.1.1", status=1))
        self.assertIn("an argument", self.respond("run", "blk", "add", "$(id)", status=1))
        self.assertIn("an argument", self.respond("run", "blk", "add", status=1))
        self.assertIn("no response is named 'nope'", self.respond("run", "nope", "add", "203.0.113.5", status=2))
        self.respond("run", "blk", "explode", "203.0.113.5", status=2)
        self.assertEqual(self.calls(), [])

    def test_while_another_works_on_the_state(self):
        (self.home / "queue/responses").mkdir(parents=True)
        with open(self.home / "queue/responses/lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("another responder works on", self.respond("list", status=2))

    def test_a_socket_that_nobody_serves(self):
        (self.home / "run").mkdir()
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(self.home / "run/responder.sock"))
        self.assertEqual(self.respond("list"), "nothing is in force\n")

    def test_a_home_that_cannot_be_used(self):
        (self.home / "queue").write_text("")
        self.assertIn("cannot make", self.respond("list", status=2))

    def test_a_broken_configuration(self):
        (self.home / "etc/ossec.conf").write_text("<ossec_config><nope/></ossec_config>")
        self.assertIn("the configuration has errors", self.respond("run", "blk", "add", "203.0.113.5", status=2))
        self.respond("rehearse", status=2)

    def write_alerts(self):
        now = int(time.time()) - 100
        day = time.gmtime(now)
        path = self.home / "logs/alerts" / time.strftime("%Y/%b", day)
        path.mkdir(parents=True)
        text = (alert(now - 400 * 86400, 1, 101, 9, "h1->/var/log/app.log", "203.0.113.9") +  # too long ago
                alert(now, 2, 101, 6, "h1->/var/log/app.log", "203.0.113.5") +
                alert(now + 1, 3, 101, 6, "h1->/var/log/app.log", "203.0.113.5") +
                alert(now + 2, 4, 101, 5, "h1->/var/log/app.log", "203.0.113.6") +  # below the level
                alert(now + 3, 5, 106, 10, "h1->/var/log/app.log", "203.0.113.7") +  # no_ar
                alert(now + 4, 6, 101, 6, "h1->/var/log/app.log", "10.9.0.1") +  # allowed
                alert(now + 5, 7, 101, 6, "h1->/var/log/app.log", "127.0.0.1") +  # guarded
                alert(now + 6, 8, 101, 6, "(web1) 10.1.1.1->/var/log/app.log", "203.0.113.8"))  # an agent's
        (path / f"ossec-alerts-{day.tm_mday:02}.log").write_text(text)
        return now, text

    def test_rehearse(self):
        now, text = self.write_alerts()
        done = json.loads(self.respond("rehearse", "--since", "7d", "-o", "json"))
        totals = {key: done[key] for key in ("alerts", "runs", "guarded", "allowed", "remote")}
        self.assertEqual(totals, {"alerts": 7, "runs": 1, "guarded": 1, "allowed": 1, "remote": 1})
        self.assertEqual(done["targets"][0], {
            "response": "blk600", "executable": "blk.sh", "target": "203.0.113.5", "runs": 1, "repeats": 1,
            "seconds_in_force": 601, "first": now, "last": now + 1, "rules": ["101"]})
        self.assertEqual(done["targets"][1]["not_run"], "a loopback address")
        table = self.respond("rehearse")
        self.assertRegex(table, r"\nblk600 +203\.0\.113\.5 +1 +1 +10 min 1 s ")
        self.assertIn("not run: 1 guarded, 1 allowed, 0 with hostile or unusable arguments, 1 for agents\n", table)
        file = self.home / "some.log"
        file.write_text(text)
        self.assertEqual(json.loads(self.respond("rehearse", "--since", "2020-01-01", "-o", "json", file))["alerts"], 8)
        self.assertIn("0 alerts", self.respond("rehearse", "--since", "1s"))
        self.assertFalse((self.home / "queue").exists())
        self.assertEqual(self.calls(), [])

    def test_rehearse_says_what_it_cannot(self):
        self.assertIn("no alerts of that time", self.respond("rehearse"))
        self.respond("rehearse", "--since", "soon", status=2)
        self.assertIn("nowhere.log", self.respond("rehearse", self.home / "nowhere.log", status=1))


if __name__ == "__main__":
    unittest.main()
