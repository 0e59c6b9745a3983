#!/usr/bin/env python3
"""Bad days of a watched host: other things where a log was, floods, clocks that jump, damaged and unwritable files.

usage: live_bad_days_test.py GANDER CLOCK   (CLOCK: the library built from test_clock.cpp)
"""
import os, pathlib, re, struct, subprocess, time, unittest
from live_support import Host
from peers import program_argument

GANDER = program_argument()
CLOCK = program_argument()
RULES = """<group name="t,">
  <rule id="100" level="5"><match>serial=</match><description>a serial number</description></rule>
  <rule id="200" level="3"><decoded_as>login</decoded_as><description>log-in</description></rule>
  <rule id="201" level="10" frequency="6" timeframe="60"><if_matched_sid>200</if_matched_sid><same_source_ip />
    <description>many log-ins</description></rule>
</group>
"""
SERIAL = re.compile(r"serial=(\d+);")


class BadDays(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.home = self.host.home
        self.app = self.home / "app.log"
        self.app.write_text("")
        self.serial = 0
        self.host.configure(RULES, f"<localfile><log_format>syslog</log_format><location>{self.app}</location></localfile>")

    def lines(self, count):
        first, self.serial = self.serial + 1, self.serial + count
        return "".join(f"Nov 24 12:00:00 testhost app: serial={n};\n" for n in range(first, self.serial + 1))

    def write_lines(self, count):
        with open(self.app, "a") as out:
            out.write(self.lines(count))

    def stored(self):
        return [int(SERIAL.search(a).group(1)) for a in self.host.alerts_of(100)]

    def each_once(self):
        self.host.wait_for(lambda: len(self.stored()) >= self.serial, lambda: f"{self.serial} alerts, there are {len(self.stored())}")
        self.assertEqual(sorted(self.stored()), list(range(1, self.serial + 1)))

    def trouble(self):
        [source] = [s for s in self.host.status()["collector"]["sources"] if str(self.app) in str(s)]
        return str(source)

    def test_a_directory_and_a_pipe_where_a_file_was(self):
        self.host.start()
        self.write_lines(10)
        self.each_once()
        self.app.unlink()
        self.app.mkdir()
        self.host.wait_for(lambda: "Is a directory" in self.trouble(), lambda: f"the directory is said: {self.trouble()}")
        self.app.rmdir()
        os.mkfifo(self.app)
        # Opens once the host reads it; nobody waits for a writer meanwhile.
        with open(self.app, "w") as pipe:
            pipe.write(self.lines(10))
        self.each_once()
        self.app.unlink()
        self.write_lines(10)
        self.each_once()
        self.assertEqual(self.host.stop(), 0)

    def test_a_log_that_grows_without_measure(self):
        self.host.start()
        text = "Nov 24 12:00:00 testhost app: " + "nothing of interest " * 20
        flood, count = (text + "\n") * 2000, 0
        with open(self.app, "a") as out:
            for _ in range(40):  # 34 MB at once, 1 GB a minute for two seconds
                out.write(flood)
                count += 2000
                out.write(self.lines(1))
        self.each_once()
        total = count + self.serial
        [entry] = [c for name, c in self.host.ledger().items() if str(self.app) in name]
        self.assertEqual((entry["in"], entry["lines"]), (total, total))
        self.assertEqual(entry["in"], sum(entry.get(what, 0) for what in ("analysed", "repeats", "refused")))
        for pid in self.host.pids():
            peak = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
            if "asan" not in pathlib.Path(f"/proc/{pid}/maps").read_text():
                self.assertLess(int(peak.group(1)), 200_000)  # KiB: it waits in the file, not in memory

    def test_a_clock_that_jumps_an_hour_both_ways(self):
        clock = self.home / "clock"
        clock.write_bytes(struct.pack("q", 0))
        self.host.environment = {"LD_PRELOAD": CLOCK, "GANDER_TEST_CLOCK": str(clock), "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.host.start()
        begin = time.time()
        times = []
        for hours in (0, 1, 0, -1, 1, 0):
            with open(clock, "r+b") as file:
                file.write(struct.pack("q", hours * 3_600_000_000_000))
            self.write_lines(100)
            self.each_once()
            [last] = [a for a in self.host.alerts_of(100) if f"serial={self.serial};" in a]
            times.append(round((int(re.search(r"Alert (\d+)\.", last).group(1)) - begin) / 3600))
        self.assertEqual(times, [0, 1, 0, -1, 1, 0])  # alerts bear the time of the clock as it was
        # What is counted within a time frame still is.
        with open(self.app, "a") as out:
            for n in range(20):
                out.write(f"Nov 24 12:00:00 testhost app: login from 192.0.2.7 {n}\n")
        self.host.wait_for(lambda: self.host.alerts_of(201), "the composite rule fires")
        self.assertEqual(self.host.stop(), 0)

    def damage(self, path):
        for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            if name.exists() and name != path:
                name.unlink()
        size = path.stat().st_size
        with open(path, "r+b") as file:
            file.write(b"this is no database" * (size // 19 + 1))

    def test_a_damaged_index_is_made_again(self):
        self.host.start()
        self.write_lines(200)
        self.each_once()
        [index] = self.host.wait_for(lambda: list((self.home / "logs/index").glob("*.db")), "the index")
        self.host.wait_for(lambda: self.found() == 200, lambda: f"the index is complete: {self.found()}")
        self.assertEqual(self.host.stop(), 0)
        self.damage(index)
        self.host.start()
        self.write_lines(50)
        self.host.wait_for(lambda: self.found() == 250, lambda: f"the index has all again: {self.found()}\n{self.host.log()}")
        self.host.wait_for(lambda: re.search(r"is damaged; it is kept as .* and made again from the logs", self.host.log()),
                           lambda: f"it is said\n{self.host.log()}")
        self.each_once()

    def found(self):
        done = subprocess.run([GANDER, "alerts", "--home", self.home, "--rule", "100", "--limit", "1000", "-o", "ndjson"],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return len(done.stdout.splitlines()) if done.returncode == 0 else -1

    def test_a_damaged_state_is_set_aside_and_said(self):
        self.host.start()
        self.write_lines(100)
        self.each_once()
        self.assertEqual(self.host.stop(), 0)
        self.damage(self.home / "queue/gander.db")
        self.host.start()
        kept = re.search(r"gander\.db.* it is kept as '(.*)' and a new one is begun", self.host.log())
        self.assertTrue(kept, self.host.log())
        self.assertTrue(pathlib.Path(kept.group(1)).exists(), kept.group(1))
        # It goes on from now; what was stored stays, and nothing of it is stored again.
        self.write_lines(100)
        self.each_once()

    def test_a_home_that_cannot_be_written(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, for a file system that is read only")
        from namespaces import own_namespaces
        if why := own_namespaces():
            self.skipTest(why)
        subprocess.run(["mount", "--bind", self.home, self.home], check=True)
        self.addCleanup(subprocess.run, ["umount", self.home], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", self.home], check=True)
        done = subprocess.run([GANDER, "run", "--home", self.home], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("Read-only file system", done.stderr)


if __name__ == "__main__":
    unittest.main()
