#!/usr/bin/env python3
"""Integrity scans on bad days: foreign and cut baselines, files nobody may read, a device that dies, a full disk, a clock that runs back.

usage: integrity_bad_days_test.py GANDER CLOCK DEVICE   (the libraries built from test_clock.cpp and test_bad_device.cpp)
"""
import json, os, pathlib, shutil, sqlite3, struct, subprocess, tempfile, unittest
from peers import program_argument

GANDER = program_argument()
CLOCK = program_argument()
DEVICE = program_argument()
NOBODY = 65534


class BadDays(unittest.TestCase):
    COMMIT = 16384  # files: integrity/scanner_impl.h
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gander-integrity-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.home = self.folder / "home"
        self.dir = self.folder / "watched"
        (self.home / "etc").mkdir(parents=True)
        (self.home / "queue").mkdir()
        self.dir.mkdir()
        (self.home / "etc/ossec.conf").write_text(
            f'<ossec_config><syscheck><directories check_all="yes">{self.dir}</directories></syscheck></ossec_config>\n')
        self.environment = {}
        self.as_user = None

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def gander(self, *words, status=0):
        done = subprocess.run([GANDER, "integrity", *words, "-D", self.home], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, **self.environment}, user=self.as_user, extra_groups=[] if self.as_user else None)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.said = done.stderr
        return done.stdout

    def scan(self, status):
        """event -> names of files it was told of"""
        told = {}
        for line in self.gander("scan", "--json", status=status).splitlines():
            change = json.loads(line)
            told.setdefault(change["event"], set()).add(os.path.relpath(change["path"], self.dir))
        return told

    def preload(self, library, **more):
        self.environment = {"LD_PRELOAD": library, "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0", **more}

    def test_baseline_of_another_version_and_cut_in_half(self):
        for n in range(200):
            self.write(f"f{n}", "x")
        self.assertEqual(self.scan(0), {})
        database = self.home / "queue/integrity.db"
        for number, harm in enumerate(("version 9", "is cut short"), 1):
            with self.subTest(harm):
                if harm == "version 9":
                    with sqlite3.connect(database) as db:
                        db.execute("PRAGMA user_version=9")
                    db.close()
                else:
                    with open(database, "r+b") as file:
                        file.truncate(database.stat().st_size // 2)
                kept = database.read_bytes()
                # Whoever only reads changes nothing; a scan keeps the file and begins anew, which it says.
                self.gander("status", status=2)
                self.assertIn(harm, self.said)
                self.assertEqual(database.read_bytes(), kept)
                self.gander("verify", status=1)
                self.write("f0", harm)
                self.assertEqual(self.scan(0), {})
                self.assertIn(harm, self.said)
                self.assertIn(f"set aside as {database}.aside-{number}, a new baseline is begun", self.said)
                self.assertIn("200 files", self.said)
                self.assertEqual((database.parent / f"integrity.db.aside-{number}").read_bytes(), kept)
                self.gander("verify")
                self.write("f1", harm)
                self.assertEqual(self.scan(1), {"changed": {"f1"}})

    def test_files_that_may_not_be_read(self):
        if os.geteuid() == 0:
            self.folder.chmod(0o755)
            self.as_user = NOBODY
        closed = self.write("closed", "1")
        folder = self.write("folder/f", "1").parent
        self.write("open", "1")
        if self.as_user:
            subprocess.run(["chown", "-R", str(NOBODY), self.folder], check=True)
            if subprocess.run([GANDER, "--version"], user=NOBODY, extra_groups=[], capture_output=True).returncode != 0:
                self.skipTest("another user may not start the program here")
        self.assertEqual(self.scan(0), {})
        for name in ("closed", "folder/f", "open"):
            self.write(name, "22")
        closed.chmod(0)
        folder.chmod(0)
        self.assertEqual(self.scan(1), {"changed": {"open"}})
        for path in (closed, folder):
            self.assertIn(f"{path}: Permission denied", self.said)
        self.assertIn("1 not readable", self.said)
        closed.chmod(0o600)
        folder.chmod(0o700)
        # Neither forgotten nor thought to be gone.
        self.assertEqual(self.scan(1)["changed"], {"closed", "folder/f"})
        self.assertEqual(self.scan(0), {})

    def test_device_that_dies(self):
        for name in ("good", "dying-file", "dying-folder/f", "fine/f"):
            self.write(name, "1")
        self.assertEqual(self.scan(0), {})
        for name in ("good", "dying-file", "dying-folder/f", "fine/f"):
            self.write(name, "22")
        self.preload(DEVICE, GANDER_TEST_BAD_DEVICE="dying")
        self.assertEqual(self.scan(1), {"changed": {"good", "fine/f"}})
        for name in ("dying-file", "dying-folder"):
            self.assertIn(f"{self.dir}/{name}: Input/output error", self.said)
        self.environment = {}
        self.assertEqual(self.scan(1), {"changed": {"dying-file", "dying-folder/f"}})
        self.gander("verify")

    def test_clock_that_runs_back(self):
        clock = self.folder / "clock"
        clock.write_bytes(struct.pack("q", 0))
        self.preload(CLOCK, GANDER_TEST_CLOCK=str(clock))

        def scan_at(hours, status):
            with open(clock, "r+b") as file:
                file.write(struct.pack("q", hours * 3_600_000_000_000))
            return self.scan(status)

        self.write("a", "1")
        self.write("b", "1")
        self.assertEqual(scan_at(5, 0), {})
        for hours, text in ((0, "2"), (-5, "3"), (5, "4"), (-100, "5")):
            self.write("a", text)
            self.assertEqual(scan_at(hours, 1), {"changed": {"a"}}, hours)
            self.assertEqual(scan_at(hours - 1, 0), {}, hours)
        history = self.gander("history", str(self.dir / "a"))
        self.assertEqual(history.count("Integrity checksum changed for:"), 4, history)
        self.gander("verify")

    def test_full_disk(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, for a small file system")
        from namespaces import own_namespaces
        if why := own_namespaces():
            self.skipTest(why)
        queue = self.home / "queue"
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", queue], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", queue], check=True)
        names = [f"d{n % 7}/a-file-with-quite-a-long-name-{n}" for n in range(40_000)]
        for name in names:
            self.write(name, "1")
        self.gander("scan", status=2)
        self.assertIn("full", self.said)
        subprocess.run(["mount", "-o", "remount,size=128m", queue], check=True)
        self.assertEqual(self.scan(0), {})
        self.assertIn("40000 files", self.said)
        self.gander("verify")

        # Full in the middle of a later scan: what it could not keep is told by the next one.
        for name in names:
            self.write(name, "22")
        ballast = queue / "ballast"
        with open(ballast, "wb", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(b"\0" * 65536)
        with open(ballast, "r+b") as file:
            file.truncate(ballast.stat().st_size - 20 * 1024 * 1024)
        told = self.scan(2).get("changed", set())
        self.assertIn("full", self.said)
        ballast.unlink()
        again = self.scan(1)["changed"]
        self.assertEqual(told | again, set(names))
        # What was told of the commit that failed is told again, and no more.
        self.assertGreater(len(told), self.COMMIT, len(again & told))
        self.assertLessEqual(len(again & told), self.COMMIT, len(told))
        self.assertEqual(self.scan(0), {})
        self.gander("verify")


if __name__ == "__main__":
    unittest.main()
