#!/usr/bin/env python3
"""ossec-control on a home of its own. usage: control_test.py GANDER"""
import os, pathlib, shutil, subprocess, sys, tempfile, unittest

GANDER = os.path.abspath(sys.argv[1])
CASE = pathlib.Path(__file__).resolve().parent.parent / "golden/cases/freq-same-source-ip"


class Control(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="gc"))  # short: a socket's name has an end
        for name in ("etc", "rules", "bin"):
            (self.home / name).mkdir()
        shutil.copy(CASE / "ossec.conf", self.home / "etc")
        shutil.copy(CASE / "decoder.xml", self.home)
        shutil.copy(CASE / "rules.xml", self.home / "rules")
        (self.home / "bin/ossec-control").symlink_to(GANDER)

    def tearDown(self):
        self.control("stop")
        shutil.rmtree(self.home)

    def control(self, *words):
        done = subprocess.run([self.home / "bin/ossec-control", *words], capture_output=True, text=True, timeout=200)
        return done.returncode, done.stdout, done.stderr

    def test_life(self):
        self.assertEqual(self.control("status")[:2], (1, "gander not running...\n"))
        self.assertEqual(self.control("start"), (0, "Starting gander...\nStarted gander...\nCompleted.\n", ""))
        self.assertEqual(self.control("start")[:2], (0, "gander already running...\n"))
        status, out, _ = self.control("status")
        self.assertEqual(status, 0, out)
        self.assertIn("ossec-analysisd is running...\n", out)
        self.assertEqual(self.control("reload")[0], 0)
        self.assertEqual(self.control("restart")[0], 0)
        self.assertEqual(self.control("status")[0], 0)
        self.assertEqual(self.control("stop")[:2], (0, "Killing gander .. \ngander Stopped\n"))
        self.assertEqual(self.control("status")[0], 1)
        self.assertEqual(self.control("stop")[:2], (0, "gander not running ..\n"))

    def test_broken_rules_are_refused_and_stop_nothing(self):
        rules = self.home / "rules/rules.xml"
        good = rules.read_text()
        rules.write_text("<group name='x'><rule>")
        status, _, errors = self.control("start")
        self.assertEqual(status, 1)
        self.assertIn("Configuration error", errors)
        self.assertEqual(self.control("status")[0], 1)
        rules.write_text(good)
        self.assertEqual(self.control("start")[0], 0)
        rules.write_text("<group name='x'><rule>")
        self.assertEqual(self.control("restart")[0], 1)
        self.assertEqual(self.control("reload")[0], 1)
        self.assertEqual(self.control("status")[0], 0)

    def test_usage(self):
        for words in ([], ["enable"], ["start", "now"], ["-x"]):
            status, _, errors = self.control(*words)
            self.assertEqual(status, 1, words)
            self.assertIn("{start|stop|reload|restart|status}", errors)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
