#!/usr/bin/env python3
"""`gander alerts` as its users run it, on a home that a writer filled. usage: alerts_test.py GANDER STORE_WRITER"""
import csv, gzip, io, json, os, pathlib, select, shutil, subprocess, sys, tempfile, unittest

GANDER, WRITER = map(os.path.abspath, sys.argv[1:3])
DAY = "logs/alerts/2024/Mar/ossec-alerts-05.log"


class Case(unittest.TestCase):
    """A home with the alerts of one day: 40 of an attacker (rule 5710, level 5), 2 of level 12."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp())
        self.write("2024-03-05", 42)

    def tearDown(self):
        shutil.rmtree(self.home)

    def write(self, day, count, *more):
        subprocess.run([WRITER, self.home, day, str(count), *more], check=True)

    def alerts(self, *args, status=0, **kwargs):
        ran = subprocess.run([GANDER, "alerts", "--home", str(self.home), *map(str, args)], capture_output=True,
                             env={**os.environ, "TZ": "UTC"}, **kwargs)
        self.assertEqual(ran.returncode, status, ran.stderr.decode() + ran.stdout.decode())
        self.err = ran.stderr.decode()
        return ran.stdout.decode()

    def ndjson(self, *args, **kwargs):
        return [json.loads(line) for line in self.alerts("--output", "ndjson", *args, **kwargs).splitlines()]


class Search(Case):
    def test_table(self):
        out = self.alerts("--limit", 3)
        self.assertEqual(len(out.splitlines()), 3)
        self.assertIn("there are more than these 3", self.err)
        self.assertIn("2024-03-05", out)

    def test_filters(self):
        self.assertEqual(len(self.ndjson("--limit", 0)), 42)
        self.assertEqual(len(self.ndjson("--level", 12)), 2)
        self.assertEqual(len(self.ndjson("--rule", 5710, "--limit", 0)), 40)
        self.assertEqual(len(self.ndjson("--rule", 5710, "--rule", 5712, "--limit", 0)), 42)
        self.assertEqual(len(self.ndjson("--address", "10.0.0.7")), 1)
        self.assertEqual(len(self.ndjson("--address", "10.0.0.0/29")), 8)
        self.assertEqual(len(self.ndjson("--user", "user7")), 1)
        self.assertEqual(len(self.ndjson("--group", "sshd", "--limit", 0)), 42)
        self.assertEqual(len(self.ndjson("--host", "h1", "--limit", 0)), 42)
        self.assertEqual(len(self.ndjson("--since", "2024-03-05 10:00:40")), 2)
        self.assertEqual(len(self.ndjson("--until", "2024-03-05 10:00:10", "--limit", 0)), 10)
        self.ndjson("--host", "h2", status=1)
        self.ndjson("--since", "2h", status=1)

    def test_text(self):
        self.assertEqual(len(self.ndjson("user7")), 1)
        self.assertEqual(len(self.ndjson("user1*")), 11)
        self.assertEqual(len(self.ndjson("--limit", "0", '"invalid user" -10.0.0.7')), 41)
        self.assertEqual(len(self.ndjson("10.0.0.7")), 1)
        self.ndjson('"user invalid"', status=1)

    def test_order(self):
        newest = [a["id"] for a in self.ndjson("--limit", 0)]
        oldest = [a["id"] for a in self.ndjson("--limit", 0, "--oldest-first")]
        self.assertEqual(newest, oldest[::-1])
        self.assertEqual(oldest[0], "1709632800.0")

    def test_forms(self):
        one = json.loads(self.alerts("--output", "json", "user7"))
        self.assertEqual(one[0]["dstuser"], "user7")
        self.assertEqual(len(one[0]["stable_id"]), 32)
        rows = list(csv.DictReader(io.StringIO(self.alerts("--output", "csv", "user7"))))
        self.assertEqual(rows[0]["srcip"], "10.0.0.7")
        text = self.alerts("--output", "text", "user7")
        self.assertIn(text, (self.home / DAY).read_text())

    def test_questions_that_are_none(self):
        for bad in (["--since", "someday"], ["--address", "1.2.3.4/99"], ["..."], ["--output", "xml"], ["--tz", "Nowhere"]):
            self.assertEqual(self.alerts(*bad, status=2), "")
            self.assertTrue(self.err)

    def test_follow(self):
        follower = subprocess.Popen([GANDER, "alerts", "-f", "--level", "12", "--output", "ndjson", "--home", self.home],
                                    stdout=subprocess.PIPE)
        try:
            # It follows from when it has started: alerts are written until one is seen.
            day = 6
            while not select.select([follower.stdout], [], [], 0.3)[0]:
                self.assertLess(day, 40)
                self.write("2024-03-06", 42)
                day += 1
            self.assertEqual(json.loads(follower.stdout.readline())["rule"]["level"], 12)
        finally:
            follower.kill()
            follower.wait()
            follower.stdout.close()


class Verify(Case):
    def test_good(self):
        out = self.alerts("verify")
        self.assertTrue(out.endswith("all as it was written\n"), out)

    def test_an_edited_byte(self):
        text = (self.home / DAY).read_bytes()
        at = text.index(b"10.0.0.7") + 7
        (self.home / DAY).write_bytes(text[:at] + b"8" + text[at + 1:])
        out = self.alerts("verify", status=1)
        self.assertIn(f"{DAY}: byte {at} (line ", out)
        self.assertIn("alert 1709632807.7): this byte was edited", out)

    def test_a_compressed_day_and_a_removed_one(self):
        self.write("2024-03-06", 42)
        self.write("2024-03-07", 42)
        text = (self.home / DAY).read_bytes()
        (self.home / (DAY + ".gz")).write_bytes(gzip.compress(text))
        (self.home / DAY).unlink()
        self.alerts("verify")
        (self.home / DAY.replace("05.log", "06.log")).unlink()
        self.assertIn("ossec-alerts-06.log: the file was removed", self.alerts("verify", status=1))
        (self.home / (DAY + ".gz")).write_bytes(gzip.compress(text[:-300]))
        self.assertIn("the end of the file was cut off here", self.alerts("verify", status=1))

    def test_without_key(self):
        (self.home / "etc/alerts.key").unlink()
        self.alerts("verify", status=2)
        self.assertIn("alerts.key", self.err)


class Reindex(Case):
    def test_from_the_log(self):
        before = self.ndjson("--limit", 0)
        for file in (self.home / "logs/index").iterdir():
            file.unlink()
        self.ndjson(status=1)
        self.assertIn("reindex", self.err)
        self.alerts("reindex")
        after = self.ndjson("--limit", 0)
        self.assertEqual([(a["id"], a["srcip"], a["full_log"]) for a in after],
                         [(a["id"], a["srcip"], a["full_log"]) for a in before])
        self.alerts("reindex", "2024-03-05")
        self.assertEqual(len(self.ndjson("--limit", 0)), 42)
        self.alerts("reindex", "2024-99-05", status=2)

    def test_a_damaged_index_is_made_again(self):
        database = self.home / "logs/index/2024-03-05.db"
        for tail in ("-wal", "-shm"):
            database.with_name(database.name + tail).unlink(missing_ok=True)
        database.write_bytes(b"x" * 50_000)
        self.assertEqual(len(self.ndjson("--limit", 0)), 42)
        self.assertIn("is kept as", self.err)
        self.assertEqual(len(list(database.parent.glob("*.damaged-*"))), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
