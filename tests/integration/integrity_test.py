#!/usr/bin/env python3
"""gander integrity as a program: scan, history, accept, verify, watch."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

GANDER = os.path.abspath(sys.argv.pop(1))


class Integrity(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.addCleanup(self.temp.cleanup)
        self.home = os.path.join(self.temp.name, "home")
        self.dir = os.path.join(self.temp.name, "dir")
        os.makedirs(os.path.join(self.home, "etc"))
        os.makedirs(self.dir)
        self.configure("")

    def configure(self, attributes):
        with open(os.path.join(self.home, "etc/ossec.conf"), "w", encoding="utf-8") as out:
            out.write(f'<ossec_config><syscheck><directories check_all="yes" report_changes="yes" {attributes}>'
                      f"{self.dir}</directories></syscheck></ossec_config>\n")

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def gander(self, *words):
        return subprocess.run([GANDER, "integrity", *words, "-D", self.home], capture_output=True, text=True, check=False)

    def test_scan_history_accept_verify(self):
        for i in range(600):
            self.write(f"d{i % 9}/f{i}", str(i))
        path = self.write("watched", "one\n")
        first = self.gander("scan", "--threads", "4")
        self.assertEqual((first.returncode, first.stdout), (0, ""))
        self.assertIn("601 files in 10 directories", first.stderr)
        self.assertEqual(self.gander("scan").returncode, 0)
        self.write("watched", "two\n")
        second = self.gander("scan", "--json", "--threads", "4")
        self.assertEqual(second.returncode, 1)
        change = json.loads(second.stdout)
        self.assertEqual((change["event"], change["path"]), ("changed", path))
        self.assertEqual(change["difference"], "1c1\n< one\n---\n> two\n")
        self.assertIn("What changed:\n1c1", self.gander("history", path).stdout)
        self.write("watched", "three\n")
        accepted = self.gander("accept")
        self.assertEqual((accepted.returncode, accepted.stdout), (0, ""))
        self.assertEqual(self.gander("scan").returncode, 0)
        self.assertIn("accepted", self.gander("history", path).stdout)
        self.assertIn("baseline: 601 files", self.gander("status").stdout)
        self.assertEqual(self.gander("verify").returncode, 0)

    def test_messages_of_the_queue(self):
        path = self.write("f", "x")
        shown = self.gander("scan", "--messages").stdout
        self.assertTrue(shown.startswith("8:syscheck:1:"), shown)
        self.assertTrue(shown.endswith(f" {path}\n"), shown)

    def test_without_a_baseline(self):
        for action in ("status", "history", "verify"):
            with self.subTest(action):
                shown = self.gander(action)
                self.assertEqual(shown.returncode, 2)
                self.assertIn("no scan has been made", shown.stderr)

    def package_folder(self):
        """A folder of the real package database in which one package owns a few hundred files, and that package."""
        counts = {}
        for sums in pathlib.Path("/var/lib/dpkg/info").glob("*.md5sums"):
            for line in sums.read_text(errors="replace").splitlines():
                folder = "/" + os.path.dirname(line[34:])
                counts.setdefault(folder, {}).setdefault(sums.name.rsplit(".", 1)[0].split(":")[0], []).append("/" + line[34:])
        for folder, packages in sorted(counts.items()):
            files = [f for owned in packages.values() for f in owned]
            if len(packages) == 1 and 100 <= len(files) <= 500 and folder.startswith("/usr/") and all(map(os.path.isfile, files)):
                return folder, *packages.popitem()
        return None

    def test_an_upgrade_is_one_line(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to show another version of a package")
        if not os.path.exists("/var/lib/dpkg/info"):
            self.skipTest("no dpkg here")
        from namespaces import own_namespaces
        if why := own_namespaces():
            self.skipTest(why)
        found = self.package_folder()
        if not found:
            self.skipTest("no package owns a folder of the right size")
        folder, package, files = found
        version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}\\n", package], capture_output=True, text=True,
                                 check=True).stdout.split("\n")[0]
        # What lay there before the upgrade, in place of what lies there now.
        old = os.path.join(self.temp.name, "old")
        subprocess.run(["cp", "-a", folder, old], check=True)
        for path in files:
            with open(os.path.join(old, os.path.relpath(path, folder)), "ab") as out:
                out.write(b"older")
        mine = os.path.join(self.temp.name, "mine")
        os.mkdir(mine)
        with open(os.path.join(mine, "f"), "w") as out:
            out.write("one")
        self.dir = f"{folder},{mine}"
        self.configure("")
        subprocess.run(["mount", "--bind", old, folder], check=True)
        try:
            first = self.gander("scan")
        finally:
            subprocess.run(["umount", folder], check=True)
        self.assertEqual(first.returncode, 0, first.stderr)
        with open(os.path.join(mine, "f"), "w") as out:
            out.write("two")
        accepted = self.gander("accept", "--package")
        lines = accepted.stdout.splitlines()
        self.assertEqual(lines[-1], f"package {package} {version}: {len(files)} files", accepted.stdout + accepted.stderr)
        self.assertEqual(lines[0], f"Integrity checksum changed for: '{mine}/f'")
        self.assertEqual(sum("checksum changed" in line for line in lines), 1)
        self.assertIn(f"{len(files)} changes explained by packages, 1 not", accepted.stderr)
        self.assertEqual(accepted.returncode, 1)
        again = self.gander("accept", "--package")
        self.assertEqual((again.returncode, again.stdout), (0, ""))
        history = self.gander("history", files[0]).stdout
        self.assertIn(" accepted\n", history)
        self.assertIn(f"package {package} {version}", history)

    def test_watch_tells_a_change_and_ends_on_a_signal(self):
        self.configure('realtime="yes"')
        path = self.write("f", "one\n")
        watch = subprocess.Popen([GANDER, "integrity", "watch", "--json", "-D", self.home], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        try:
            for line in watch.stderr:  # waits for the end of the first scan
                if "watching by" in line:
                    break
            self.write("f", "one\ntwo\n")
            change = json.loads(watch.stdout.readline())
            self.assertEqual((change["event"], change["path"]), ("changed", path))
            self.assertEqual(change["difference"], "1a2\n> two\n")
        finally:
            watch.send_signal(signal.SIGTERM)
            watch.communicate()
        self.assertEqual(watch.returncode, 0)


if __name__ == "__main__":
    unittest.main()
