#!/usr/bin/env python3
"""Integrity and root checks of a watched host: every kind of change, who made it, deaths of its processes.

usage: live_files_test.py GANDER
"""
import json, os, pathlib, re, shutil, signal, subprocess, unittest
from live_support import Host
from peers import program_argument

GANDER = program_argument()


class Files(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.home = self.host.home

    RULES = """<group name="t,">
      <rule id="509" level="0" noalert="1"><category>ossec</category><decoded_as>rootcheck</decoded_as><description>root check</description></rule>
      <rule id="510" level="7"><if_sid>509</if_sid><if_fts /><description>anomaly</description></rule>
      <rule id="515" level="0"><if_sid>510</if_sid><match>^Starting|^Ending</match><description>scan</description></rule>
      <rule id="516" level="3"><if_sid>510</if_sid><match>^System Audit</match><description>audit</description></rule>
      <rule id="550" level="7"><category>ossec</category><decoded_as>syscheck_integrity_changed</decoded_as><description>changed</description></rule>
      <rule id="551" level="7"><category>ossec</category><decoded_as>syscheck_integrity_changed_2nd</decoded_as><description>changed again</description></rule>
      <rule id="552" level="7"><category>ossec</category><decoded_as>syscheck_integrity_changed_3rd</decoded_as><description>and again</description></rule>
      <rule id="553" level="7"><category>ossec</category><decoded_as>syscheck_deleted</decoded_as><description>deleted</description></rule>
      <rule id="554" level="5"><category>ossec</category><decoded_as>syscheck_new_entry</decoded_as><description>new</description></rule>
    </group>"""

    def scanner(self):
        return (self.host.status() or {}).get("scanner", {})

    def watched_files(self, syscheck="", more="", names=("a.txt",), auto_ignore="no", more_global=""):
        """A host that watches a folder as it changes, once its first scan has ended."""
        self.dir = self.home / "watched"
        self.dir.mkdir()
        for name in names:
            (self.dir / name).write_text("one\n")
            (self.dir / name).chmod(0o644)
        self.host.configure(self.RULES, f"""<syscheck><directories check_all="yes" realtime="yes" report_changes="yes">{self.dir}</directories>
            <alert_new_files>yes</alert_new_files><auto_ignore>{auto_ignore}</auto_ignore>{syscheck}</syscheck>{more}""", more_global)
        self.host.start()
        self.host.wait_for(lambda: self.scanner().get("last_scan"), "the first scan ends")

    def changed(self, rule, word):
        return [a for a in self.host.alerts_of(rule) if word in a]

    def test_file_that_changes(self):
        self.watched_files()
        self.assertIn(self.scanner()["watch"], ("fanotify", "inotify"))
        (self.dir / "a.txt").write_text("one\ntwo\n")
        [alert] = self.host.wait_for(lambda: self.changed(550, "a.txt"), "the change is told")
        for text in ("testhost->syscheck", f"Integrity checksum changed for: '{self.dir}/a.txt'", "Size changed from '4' to '8'",
                     "What changed:\n1a2\n> two\n"):
            self.assertIn(text, alert)
        (self.dir / "sub").mkdir()
        (self.dir / "sub/new").write_text("n")
        self.host.wait_for(lambda: self.changed(554, "sub/new"), "the new file is told")
        (self.dir / "a.txt").unlink()
        self.host.wait_for(lambda: self.changed(553, "a.txt"), "the deletion is told")
        self.assertIn("watched", self.host.ask("status"))

    def text_of(self, rule, name, count=1):
        """The event text of the newest of `count` alerts of this rule about this file."""
        found = self.host.wait_for(lambda: len(a := self.changed(rule, f"{self.dir}/{name}'")) >= count and a, f"rule {rule} tells {name}")
        self.assertEqual(len(found), count)
        return found[-1].split("\n", 3)[3].rstrip("\n")

    def test_each_event_text(self):
        names = ("size", "mode", "owner", "group", "same_size", "deleted", "often")
        self.watched_files(names=names, auto_ignore="yes")
        dir = self.dir
        head = "Integrity checksum changed for: '{}'\n".format
        one = ("5bbf5a52328e7439ae6e719dfe712200", "c7059bb19433cc3cabaa6236c83d56668a843dd2",
               "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806")
        two = ("c193497a1a06b2c72230e6146ff47080", "7bbef45b3bc70855010e02460717643125c3beca",
               "27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a")

        def sums(before, after):
            return "".join(f"Old {name}sum was: '{b}'\nNew {name}sum is : '{a}'\n"
                           for name, b, a in zip(("md5", "sha1", "sha256"), before, after))

        with open(dir / "size", "a") as out:
            out.write("two\n")
        text = self.text_of(550, "size")
        one_two = tuple(re.search(rf"New {n}sum is : '([0-9a-f]+)'", text).group(1) for n in ("md5", "sha1", "sha256"))
        for tool, found in zip(("md5sum", "sha1sum", "sha256sum"), one_two):
            self.assertTrue(subprocess.run([tool, dir / "size"], capture_output=True, text=True).stdout.startswith(found), tool)
        self.assertEqual(text, head(dir / "size") + "Size changed from '4' to '8'\n" + sums(one, one_two) + "What changed:\n1a2\n> two")

        (dir / "mode").chmod(0o4755)
        self.assertEqual(self.text_of(550, "mode"), head(dir / "mode") + "Permissions changed from 'rw-r--r--' to 'rwsr-xr-x'")

        (dir / "same_size").write_text("two\n")
        self.assertEqual(self.text_of(550, "same_size"),
                         head(dir / "same_size") + sums(one, two) + "What changed:\n1c1\n< one\n---\n> two")

        (dir / "deleted").unlink()
        self.assertEqual(self.text_of(553, "deleted"), f"File '{dir}/deleted' was deleted. Unable to retrieve checksum.")
        (dir / "deleted").write_text("two\n")
        self.assertEqual(self.text_of(554, "deleted", count=2), f"File '{dir}/deleted' was re-added.")

        (dir / "fresh").write_text("two\n")
        self.assertEqual(self.text_of(554, "fresh"), f"New file '{dir}/fresh' added to the file system.\nNew sha1sum is : '{two[1]}'\n"
                         f"New md5sum is : '{two[0]}'\nNew sha256sum is : '{two[2]}'")

        # The fourth change is one too many; what happens to others is still told.
        for rule, mode, shown in ((550, 0o600, "rw-------"), (551, 0o640, "rw-r-----"), (552, 0o660, "rw-rw----")):
            (dir / "often").chmod(mode)
            self.assertIn(f" to '{shown}'", self.text_of(rule, "often"))
        (dir / "often").chmod(0o666)
        (dir / "fresh").chmod(0o600)
        self.host.wait_for(lambda: self.changed(550, f"{dir}/fresh'"), "a later change of another file is told")
        self.assertEqual([len(self.changed(rule, "/often'")) for rule in (550, 551, 552)], [1, 1, 1])

        if os.geteuid() != 0:
            self.skipTest("owner and group: needs root")
        os.chown(dir / "owner", 5, -1)
        self.assertEqual(self.text_of(550, "owner"), head(dir / "owner") + "Ownership was '0', now it is '5'")
        os.chown(dir / "group", -1, 6)
        self.assertEqual(self.text_of(550, "group"), head(dir / "group") + "Group ownership was '0', now it is '6'")

    def file_of(self, *words):
        """SyscheckFile of each alert that `gander alerts` finds."""
        done = subprocess.run([GANDER, "alerts", "--home", self.home, "-o", "ndjson", *words], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        return [json.loads(line).get("SyscheckFile") for line in done.stdout.splitlines()]

    def test_who_did_it(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, for fanotify")
        self.watched_files(more_global="<jsonout_output>yes</jsonout_output>")
        if self.scanner()["watch"] != "fanotify":
            self.skipTest("only fanotify knows: " + self.scanner().get("no_watch", ""))
        path = self.dir / "a.txt"
        # A process that is still there when the change is looked at, of another user than the test's.
        with open(path, "a") as out:
            writer = subprocess.Popen(["/bin/cat", "-u"], stdin=subprocess.PIPE, stdout=out, user="nobody", group="nogroup")
        self.addCleanup(writer.wait)
        self.addCleanup(writer.stdin.close)
        writer.stdin.write(b"two\n")
        writer.stdin.flush()
        [alert] = self.host.wait_for(lambda: self.changed(550, "a.txt"), "the change is told")
        wanted = {"pid": writer.pid, "ppid": os.getpid(), "uid": 65534, "user": "nobody",
                  "process": os.path.realpath("/bin/cat"), "command": "/bin/cat -u"}

        stored = self.home / "logs/alerts/alerts.json"
        [told] = [a for a in map(json.loads, stored.read_text().splitlines()) if a["rule"]["sidid"] == 550]
        file = told["SyscheckFile"]
        self.assertEqual({key: file.get(key) for key in wanted}, wanted)
        self.assertEqual((file["path"], file["md5_before"]), (str(path), "5bbf5a52328e7439ae6e719dfe712200"))
        # The text is OSSEC's and no more.
        self.assertEqual(told["full_log"].rstrip("\n"), alert.split("\n", 3)[3].rstrip("\n"))
        for word in ("/cat", "nobody"):
            self.assertNotIn(word, alert)

        [found] = self.host.wait_for(lambda: [f for f in self.file_of("--rule", "550") if f], "the index has it")
        self.assertEqual({key: found.get(key) for key in wanted}, wanted)
        shown = f"by nobody: process {writer.pid} {wanted['process']} (/bin/cat -u)"
        self.assertIn(shown, subprocess.run([GANDER, "alerts", "--home", self.home], capture_output=True, text=True).stdout)
        history = subprocess.run([GANDER, "integrity", "history", path, "--home", self.home], capture_output=True, text=True)
        self.assertIn("changed " + shown, history.stdout, history.stderr)

    def tool(self, name, *words):
        link = self.home / "bin" / name
        link.parent.mkdir(exist_ok=True)
        if not link.exists():
            link.symlink_to(GANDER)
        done = subprocess.run([link, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def change(self, name, rule):
        """Changes a file; this rule tells it."""
        before = len(self.changed(rule, f"/{name}'"))
        with open(self.dir / name, "a") as out:
            out.write("more\n")
        self.host.wait_for(lambda: len(self.changed(rule, f"/{name}'")) == before + 1, f"rule {rule} tells {name}")

    def test_tools_while_it_runs(self):
        other = self.host.write("other.conf", "x")
        self.watched_files(auto_ignore="yes", names=("a.txt", "last"),
                           more=self.rootcheck(f"[Seen] [any] []\nf:{other};\n", "<check_files>no</check_files><check_trojans>no</check_trojans>"))
        self.change("a.txt", 550)
        self.assertIn(f",0 - {self.dir}/a.txt\n", self.tool("syscheck_control", "-i", "000"))
        # Ignored from now on, and not any more.
        self.tool("syscheck_control", "-i", "000", "-d", "-f", "a.txt")
        (self.dir / "a.txt").chmod(0o600)
        self.change("last", 550)
        self.assertEqual([len(self.changed(rule, "/a.txt'")) for rule in (550, 551, 552)], [1, 0, 0])
        self.tool("syscheck_control", "-i", "000", "-z", "-f", "a.txt")
        self.change("a.txt", 551)
        # Forgotten: what comes next is as new.
        self.tool("syscheck_update", "-u", "local")
        self.assertIn("** No entries found.", self.tool("syscheck_control", "-i", "000"))
        self.change("a.txt", 554)
        self.assertEqual(len(self.changed(551, "/a.txt'")), 1)

        self.host.wait_for(lambda: len(self.host.alerts_of(516)) == 1, "the policy is told")
        self.assertIn("System Audit: Seen.", self.tool("rootcheck_control", "-q", "-i", "000"))
        self.tool("rootcheck_control", "-u", "000")
        (self.home / "var/run").mkdir(parents=True, exist_ok=True)
        (self.home / "var/run/.syscheck_run").write_text("")
        self.host.wait_for(lambda: len(self.host.alerts_of(516)) == 2, "it is told again")
        self.assertIn("System Audit: Seen.", self.tool("rootcheck_control", "-q", "-i", "000"))

    def test_scanner_dies(self):
        self.watched_files()
        for turn in range(4):
            pid = self.host.processes()["scanner"]
            (self.dir / f"before{turn}").write_text("x")
            os.kill(pid, signal.SIGKILL)
            (self.dir / f"between{turn}").write_text("x")
            self.host.wait_for(lambda: self.host.processes().get("scanner") not in (None, pid), "it is started again")
            (self.dir / f"after{turn}").write_text("x")
        names = [f"{when}{turn}" for turn in range(4) for when in ("before", "between", "after")]
        self.host.wait_for(lambda: all(self.changed(554, n) for n in names), "every change is told")
        for name in names:
            self.assertEqual(len(self.changed(554, f"/{name}'")), 1, name)

    def test_analysis_dies_while_files_change(self):
        self.watched_files()
        for turn in range(3):
            for n in range(20):
                (self.dir / f"f{turn}-{n}").write_text("x")
            pid = self.host.processes()["analysis"]
            os.kill(pid, signal.SIGKILL)
            self.host.wait_for(lambda: self.host.processes().get("analysis") not in (None, pid), "it is started again")
        names = [f"f{turn}-{n}" for turn in range(3) for n in range(20)]
        self.host.wait_for(lambda: len(self.host.alerts_of(554)) >= len(names), "every change is told")
        for name in names:
            self.assertEqual(len(self.changed(554, f"/{name}'")), 1, name)

    def test_changes_while_nobody_watched(self):
        self.watched_files("<scan_on_start>yes</scan_on_start>")
        self.assertEqual(self.host.stop(), 0)
        (self.dir / "a.txt").write_text("other\n")
        self.host.start()
        self.host.wait_for(lambda: self.changed(550, "a.txt"), "the scan at the start tells it")

    def test_prefilter_is_run_by_the_responder(self):
        script = self.host.write("filter.sh", f'#!/bin/sh\necho "$PPID $#" >>{self.home}/filter-calls\nhead -c 3 "$1"\n', 0o755)
        self.watched_files(f"<prefilter_cmd>{script}</prefilter_cmd>")
        odd = self.dir / "b; touch oops"
        odd.write_text("one more\n")
        self.host.wait_for(lambda: self.changed(554, "b; touch oops"), "the file is told")
        calls = (self.home / "filter-calls").read_text().split("\n")
        responder = self.host.processes()["responder"]
        self.assertEqual(set(c for c in calls if c), {f"{responder} 1"})
        self.assertIn("f97c5d29941bfb1b2fdab0874906ab82", self.changed(554, "b; touch oops")[0])  # MD5 of "one"

    def test_prefilter_of_a_responder_that_hangs(self):
        script = self.host.write("filter.sh", '#!/bin/sh\nhead -c 3 "$1"\n', 0o755)
        self.watched_files(f"<prefilter_cmd>{script}</prefilter_cmd>")
        responder = self.host.processes()["responder"]
        os.kill(responder, signal.SIGSTOP)
        self.addCleanup(lambda: os.path.exists(f"/proc/{responder}") and os.kill(responder, signal.SIGCONT))
        for name in ("b", "c"):
            (self.dir / name).write_text("one more\n")
            self.host.wait_for(lambda: self.changed(554, f"/{name}'"), "the file is told")
        self.assertNotIn("f97c5d29941bfb1b2fdab0874906ab82", self.changed(554, "/b'")[0])
        said = "prefilter_cmd: the responder does not answer; the files themselves are hashed"
        self.assertEqual(self.host.log().count(said), 1, self.host.log())
        os.kill(responder, signal.SIGCONT)

        def filtered_again():
            for name in ("d", "e", "f", "g"):
                (self.dir / name).write_text("one more\n")
                self.host.wait_for(lambda: self.changed(554, f"/{name}'"), "the file is told")
                if "f97c5d29941bfb1b2fdab0874906ab82" in self.changed(554, f"/{name}'")[0]:
                    return True
            return False

        self.assertTrue(filtered_again(), self.host.log())

    def rootcheck(self, policy, more=""):
        path = self.host.write("policy.txt", policy)
        return f"""<rootcheck><frequency>72000</frequency><system_audit>{path}</system_audit><check_sys>no</check_sys><check_dev>no</check_dev>
          <check_pids>no</check_pids><check_ports>no</check_ports><check_if>no</check_if>{more}</rootcheck>"""

    def test_policy_and_rootkit(self):
        bad = self.home / "bad.conf"
        bad.write_text("telnet on\n")
        kit = self.home / "root/usr/lib/.kit"
        kit.parent.mkdir(parents=True)
        kit.write_text("x")
        files = self.host.write("files.txt", "usr/lib/.kit ! Test kit ::\n")
        self.watched_files(more=self.rootcheck(
            f"[Test - telnet is on {{CIS: 1.2}}] [any] [http://ref]\nf:{bad} -> !r:^# && r:telnet;\n[Broken] [some] []\n",
            f"<rootkit_files>{files}</rootkit_files><base_directory>{self.home}/root</base_directory>"))
        self.host.wait_for(lambda: self.scanner().get("last_rootcheck"), "the root checks end")
        [alert] = self.host.wait_for(lambda: self.host.alerts_of(516), "the policy is told")
        self.assertIn(f"System Audit: Test - telnet is on {{CIS: 1.2}}. File: {bad}. Reference: http://ref .", alert)
        self.assertIn("testhost->rootcheck", alert)
        [alert] = self.host.alerts_of(510)
        self.assertIn(f"Rootkit 'Test kit' detected by the presence of file '{kit}'. MD5=9dd4e461268c8034f5c8564e155c67a6", alert)
        self.assertIn(f"{self.home}/policy.txt:3:11: error[I032]", self.host.log())
        # Again, because it is asked for: what was seen is not told again.
        first = self.scanner()["last_scan"]
        (self.home / "var/run").mkdir(parents=True, exist_ok=True)
        bad.write_text("telnet on\nmore\n")
        (self.home / "other.conf").write_text("x")
        self.host.write("policy.txt", (self.home / "policy.txt").read_text() + f"[Second] [any] []\nf:{self.home}/other.conf;\n")
        (self.home / "var/run/.syscheck_run").write_text("")
        self.host.wait_for(lambda: any("Second" in a for a in self.host.alerts_of(516)), "the second run tells what is new")
        self.assertEqual(len(self.host.alerts_of(516)), 2)
        self.assertEqual(len(self.host.alerts_of(510)), 1)
        self.assertGreaterEqual(self.scanner()["last_scan"], first)

    def test_reload_watches_another_folder(self):
        self.watched_files()
        other = self.home / "other"
        other.mkdir()
        config = self.home / "etc/ossec.conf"
        config.write_text(config.read_text().replace(f">{self.dir}<", f">{self.dir},{other}<"))
        scanned = self.scanner()["files"]
        (other / "known").write_text("x")
        self.assertEqual(self.host.ask("reload"), "reloaded\n")
        self.host.wait_for(lambda: self.scanner().get("files", 0) == scanned + 1, "the new folder is scanned")
        (other / "fresh").write_text("x")
        self.host.wait_for(lambda: self.changed(554, "other/fresh"), "what comes into it is told")


if __name__ == "__main__":
    unittest.main()
