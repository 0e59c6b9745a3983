#!/usr/bin/env python3
"""syscheck_control, syscheck_update and rootcheck_control on a home of their own. usage: database_tools_test.py GANDER"""
import json, os, pathlib, shutil, socket, subprocess, sys, tempfile, time, unittest

GANDER = os.path.abspath(sys.argv.pop(1))
HOST = socket.gethostname()
MD5 = ["0cc175b9c0f1b6a831c399e269772661", "92eb5ffee6ae2fec3ad71c777531578f", "4a8a08f09d37b73795649038408b5f33"]
SHA1 = ["86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", "e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98", "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4"]
SHA256 = ["ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
          "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
          "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"]
FIRST = 1795372938  # 2026 Nov 22 18:42:18 UTC


def sums(n):
    return f"{MD5[n]}:{SHA1[n]}:{SHA256[n]}"


LOCAL = f"""#++3:33188:0:0:{sums(0)} !{FIRST} /etc/t1
+++7:33188:0:0:{sums(0)} !{FIRST} /etc/quiet
#++3:33188:0:0:{sums(1)} !{FIRST + 1} /etc/t1
#!+4:33188:0:0:{sums(1)} !{FIRST + 1} /etc/t1
!!!4:33261:5:6:{sums(1)} !{FIRST + 2} /etc/t1
#++1:33188:0:0:{sums(2)} !{FIRST + 3} /etc/gone
#++-1 !{FIRST + 86400} /etc/gone
!!+1:33188:0:0:{sums(2)} !{FIRST + 86401} /etc/gone
!!?9:33188:0:0:{sums(2)} !{FIRST + 86402} /%//etc/a%0Ab
"""
AGENT = f"!++12:33188:0:0:{MD5[0]}:{SHA1[0]} !{FIRST} C:\\x.txt\n"
DAY2 = 1795373037
ROOTS = f"""!{DAY2}!{DAY2} Starting rootcheck scan.
!{DAY2 - 86500}!{DAY2 - 90000} Rootkit 'Adore' detected by the presence of file '/usr/lib/libt'. MD5=n/a
!{DAY2}!{DAY2 - 1} File '/dev/x' present on /dev. Possible hidden file.
!{DAY2}!{DAY2} System Audit: Test - telnet is on {{CIS: 1.2}}. File: /etc/x. Reference: http://ref .
!{DAY2 + 5}!{DAY2 + 5} Ending rootcheck scan.
"""


class Tools(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="gander-tools-"))
        self.addCleanup(shutil.rmtree, self.home)
        for name in ("bin", "etc", "queue/syscheck", "queue/rootcheck", "queue/agent-info"):
            (self.home / name).mkdir(parents=True)
        (self.home / "etc/ossec.conf").write_text("<ossec_config></ossec_config>\n")
        (self.home / "etc/client.keys").write_text(
            f"# comment\n001 web1 10.0.0.5 {'a' * 64}\n002 web2 any {'b' * 64}\n003 #*#*#*#web3 10.0.0.7 x\n004 net 10.1.0.0/16 {'c' * 64}\n")
        (self.home / "queue/agent-info/web1-10.0.0.5").write_text("Linux\n")
        (self.home / "queue/agent-info/net-10.1.0.0").write_text("Linux\n")
        old = time.time() - 4000
        os.utime(self.home / "queue/agent-info/net-10.1.0.0", (old, old))
        (self.home / "queue/syscheck/syscheck").write_text(LOCAL)
        (self.home / "queue/syscheck/(web1) 10.0.0.5->syscheck").write_text(AGENT)
        (self.home / "queue/rootcheck/rootcheck").write_text(ROOTS)
        for tool in ("syscheck_control", "syscheck_update", "rootcheck_control"):
            (self.home / "bin" / tool).symlink_to(GANDER)

    def run_tool(self, tool, *words, status=0):
        done = subprocess.run([self.home / "bin" / tool, *words], capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        return done.stdout

    def syscheck(self, *words, status=0):
        return self.run_tool("syscheck_control", *words, status=status)

    def rootcheck(self, *words, status=0):
        return self.run_tool("rootcheck_control", *words, status=status)

    def test_changes(self):
        self.assertEqual(self.syscheck("-i", "000"), f"""
Integrity checking changes for local system '{HOST} - 127.0.0.1':

Changes for 2026 Nov 22:
2026 Nov 22 18:42:18,0 - /etc/t1
2026 Nov 22 18:42:19,0 - /etc/t1
2026 Nov 22 18:42:19,2 - /etc/t1
2026 Nov 22 18:42:20,3 - /etc/t1
2026 Nov 22 18:42:21,0 - /etc/gone

Changes for 2026 Nov 23:
2026 Nov 23 18:42:18,0 - /etc/gone
2026 Nov 23 18:42:19,2 - /etc/gone
2026 Nov 23 18:42:20,4 - /etc/a?b
""")
        self.assertEqual(self.syscheck("-i", "local"), self.syscheck("-i", "000"))
        self.assertEqual(self.syscheck("-i", "001"), """
Integrity changes for agent 'web1 (001) - 10.0.0.5/32':

Changes for 2026 Nov 22:
2026 Nov 22 18:42:18,0 - C:\\x.txt
""")
        self.assertEqual(self.syscheck("-r", "-i", "002"), """
Integrity changes for 'Windows Registry' of agent 'web2 (002) - any':

** No entries found.
""")
        self.assertEqual(self.syscheck("-i", "004").splitlines()[1], "Integrity changes for agent 'net (004) - 10.1.0.0/16':")

    def test_changes_for_programs(self):
        self.assertEqual(self.syscheck("-s", "-i", "000").splitlines()[3], "2026 Nov 22 18:42:20,/etc/t1,3")
        listed = json.loads(self.syscheck("-j", "-i", "000"))
        self.assertEqual(listed["error"], 0)
        self.assertEqual(listed["response"][3], {"readDay": "2026 Nov 22 18:42:20", "file": "/etc/t1", "changes": 3})
        self.assertEqual(listed["response"][-1]["file"], "/etc/a\nb")
        self.assertEqual(json.loads(self.syscheck("-j", "-i", "002")), {"error": 0, "response": []})
        self.assertEqual(json.loads(self.syscheck("-j", "-i", "099", status=1)), {"error": 30, "description": "Invalid agent id '099'."})

    def test_details(self):
        t1 = self.syscheck("-i", "000", "-f", "/etc/t1")
        self.assertEqual(t1.split("\n\n")[0], f"\nIntegrity checking changes for local system '{HOST} - 127.0.0.1':\n"
                         "Detailed information for entries matching: '/etc/t1'")
        first, second, third, fourth = t1.split("\n\n")[1:]
        self.assertEqual(first, f"""2026 Nov 22 18:42:18,0 - /etc/t1
File added to the database. 
Integrity checking values:
   Size: 3
   Perm: rw-r--r--
   Uid:  0
   Gid:  0
   Md5:  {MD5[0]}
   Sha1: {SHA1[0]}
   Sha256: {SHA256[0]}""")
        self.assertEqual(second, f"""2026 Nov 22 18:42:19,0 - /etc/t1
File changed. - 1st time modified.
Integrity checking values:
   Size: 3
   Perm: rw-r--r--
   Uid:  0
   Gid:  0
   Md5:  >{MD5[1]}
   Sha1: >{SHA1[1]}
   Sha256: >{SHA256[1]}""")
        self.assertIn("File changed. - 2nd time modified.\nIntegrity checking values:\n   Size: >4\n   Perm: rw-r--r--\n", third)
        self.assertIn("File changed. - 3rd time modified.\nIntegrity checking values:\n   Size: 4\n   Perm: >rwxr-xr-x\n   Uid:  >5\n   Gid:  >6\n",
                      fourth)
        added, deleted, restored = self.syscheck("-i", "000", "-f", "gone$").split("\n\n")[1:]
        self.assertIn("File added to the database. \n", added)
        self.assertTrue(deleted.endswith("/etc/gone\nFile deleted."), deleted)
        self.assertIn("File restored. - 2nd time modified.\n", restored)
        # Baselines too, and what is ignored; Windows has no modes and numbers of users.
        self.assertIn(",0 - /etc/quiet\nFile added to the database. \n", self.syscheck("-i", "000", "-f", "quiet"))
        self.assertIn("File changed. - Being ignored (3 or more changes).\n", self.syscheck("-i", "000", "-f", "/a"))
        self.assertNotIn("Perm", self.syscheck("-i", "001", "-f", "x.txt"))
        self.assertTrue(self.syscheck("-i", "000", "-f", "nothing").endswith("\n** No entries found.\n"))
        attributes = [e["attrs"] for e in json.loads(self.syscheck("-j", "-i", "000", "-f", "gone"))["response"]]
        self.assertEqual([a["event"] for a in attributes], ["added", "deleted", "restored"])
        self.assertEqual(attributes[0], {"event": "added", "size": "1", "perm": "rw-r--r--", "uid": "0", "gid": "0", "md5": MD5[2],
                                         "sha1": SHA1[2], "sha256": SHA256[2]})

    def test_counters(self):
        file = self.home / "queue/syscheck/syscheck"
        self.assertEqual(self.syscheck("-i", "000", "-z", "-f", "/etc/t1"), "\n**Counter updated for file '/etc/t1'\n\n")
        self.assertEqual(file.read_text(), LOCAL.replace("!!!4:33261", "!++4:33261"))
        self.assertEqual(self.syscheck("-i", "000", "-d", "-f", "quiet"), "\n**Counter updated for file '/etc/quiet'\n\n")
        self.assertIn("\n!!?7:33188", file.read_text())
        self.assertEqual(self.syscheck("-i", "000", "-d", "-f", "nothing", status=1), "\n** No entries found.\n")

    def test_clear(self):
        folder = self.home / "queue/syscheck"
        for mark in (".syscheck.cpt", ".syscheck.maint", ".(web1) 10.0.0.5->syscheck.cpt", ".(web1) 10.0.0.5.maint"):
            (folder / mark).write_text("#!X")
        self.assertEqual(self.syscheck("-u", "local"), "\n** Integrity check database updated.\n\n")
        self.assertEqual(sorted((p.name, p.stat().st_size) for p in folder.iterdir()),
                         [("(web1) 10.0.0.5->syscheck", len(AGENT)), (".(web1) 10.0.0.5->syscheck.cpt", 3), (".(web1) 10.0.0.5.maint", 3),
                          ("syscheck", 0)])
        self.assertEqual(self.run_tool("syscheck_update", "-u", "001"), "\n** Integrity check database updated.\n\n")
        self.assertEqual(sorted((p.name, p.stat().st_size) for p in folder.iterdir()), [("(web1) 10.0.0.5->syscheck", 0), ("syscheck", 0)])
        (folder / "syscheck").write_text(LOCAL)
        (folder / ".syscheck.cpt").write_text("#!X")
        self.assertEqual(self.run_tool("syscheck_update", "-a"), "\n** Integrity check database updated.\n\n")
        self.assertEqual([(p.name, p.stat().st_size) for p in sorted(folder.iterdir())], [("(web1) 10.0.0.5->syscheck", 0), ("syscheck", 0)])
        self.assertEqual(json.loads(self.syscheck("-j", "-u", "000")), {"error": 0, "response": "Integrity check database updated"})
        # An agent that has nothing yet is no error, one that is not there is.
        self.syscheck("-u", "002")
        self.assertEqual(self.syscheck("-u", "../x", status=1), "\n** Invalid agent id '../x'.\n")

    def test_agents(self):
        self.assertEqual(self.syscheck("-l"), f"""
OSSEC HIDS syscheck_control. List of available agents:
   ID: 000, Name: {HOST} (server), IP: 127.0.0.1, Active/Local
   ID: 001, Name: web1, IP: 10.0.0.5, Active
   ID: 002, Name: web2, IP: any, Never connected
   ID: 004, Name: net, IP: 10.1.0.0/16, Disconnected

List of agentless devices:

""")
        (self.home / "queue/syscheck/(tint) root@h3->syscheck").write_text(AGENT)
        self.assertIn("\n   ID: na, Name: (tint) root@h3, IP: h3, agentless\n", self.run_tool("syscheck_update", "-l"))
        self.assertIn("18:42:18,0 - C:\\x.txt", self.syscheck("-i", "(tint) root@h3"))
        self.assertEqual(self.rootcheck("-l", "-c", "-s"), f"000,{HOST} (server),127.0.0.1,Active/Local,\n001,web1,10.0.0.5,Active,\n\n")
        self.assertEqual([a["status"] for a in json.loads(self.rootcheck("-l", "-j"))["response"]],
                         ["Active", "Active", "Never connected", "Disconnected"])

    def test_findings(self):
        adore = """2026 Nov 21 18:42:17 (first time detected: 2026 Nov 21 17:43:57)
System Audit: Rootkit 'Adore' detected by the presence of file '/usr/lib/libt'. MD5=n/a

"""
        there = """2026 Nov 22 18:43:57 (first time detected: 2026 Nov 22 18:43:56)
System Audit: File '/dev/x' present on /dev. Possible hidden file.

2026 Nov 22 18:43:57 (first time detected: 2026 Nov 22 18:43:57)
System Audit: Test - telnet is on {CIS: 1.2}. File: /etc/x. Reference: http://ref .

"""
        head = f"\nPolicy and auditing events for local system '{HOST} - 127.0.0.1':\n"
        self.assertEqual(self.rootcheck("-i", "000"), head + "\nResolved events: \n\n" + adore + "\nOutstanding events: \n\n" + there)
        self.assertEqual(self.rootcheck("-r", "-i", "000"), head + "\nResolved events: \n\n" + adore)
        self.assertEqual(self.rootcheck("-q", "-i", "000"), head + "\nOutstanding events: \n\n" + there)
        self.assertEqual(self.rootcheck("-q", "-L", "-i", "000"),
                         head + "\nLast scan: 2026 Nov 22 18:43:57\n\n\nOutstanding events: \n\n" +
                         "".join(line + "\n\n" for line in there.splitlines() if line.startswith("System")))
        self.assertEqual(self.rootcheck("-i", "001"), "\nPolicy and auditing events for agent 'web1 (001) - 10.0.0.5/32':\n"
                         "\nResolved events: \n\n** No entries found.\n\nOutstanding events: \n\n** No entries found.\n")
        self.assertEqual(self.rootcheck("-s", "-i", "000").splitlines()[1],
                         "outstanding,2026 Nov 22 18:43:57,2026 Nov 22 18:43:56,File '/dev/x' present on /dev. Possible hidden file.")
        listed = json.loads(self.rootcheck("-j", "-i", "000"))["response"]
        self.assertEqual([e["status"] for e in listed], ["resolved", "outstanding", "outstanding"])
        self.assertEqual(listed[1], {"status": "outstanding", "readDay": "2026 Nov 22 18:43:57", "oldDay": "2026 Nov 22 18:43:56",
                                     "event": "File '/dev/x' present on /dev. Possible hidden file."})
        self.assertEqual(self.rootcheck("-u", "000"), "\n** Policy and auditing database updated.\n\n")
        self.assertIn("** No entries found.", self.rootcheck("-q", "-i", "000"))

    def test_manual_pages(self):
        for tool in ("syscheck_control", "syscheck_update", "rootcheck_control"):
            done = subprocess.run([GANDER, "explain", "man", tool], capture_output=True, text=True, check=True)
            self.assertTrue(done.stdout.startswith(f".TH {tool} 1 "), done.stdout)
            self.assertIn("\\-u ID", done.stdout)

    def test_usage(self):
        for tool in ("syscheck_control", "syscheck_update", "rootcheck_control"):
            self.assertTrue(self.run_tool(tool, status=1).startswith(f"\nOSSEC HIDS {tool}: "))
            self.assertTrue(self.run_tool(tool, "-h").startswith(f"\nOSSEC HIDS {tool}: "))
            self.assertTrue(self.run_tool(tool, "-u", status=1).startswith("\n** Option -u requires an extra argument\n\nOSSEC HIDS"))
            self.assertTrue(self.run_tool(tool, "-x", status=1).startswith("\n** Invalid option '-x'.\n\nOSSEC HIDS"))
        for words, complaint in ((("-u", "000", "-i", "000"), "-u (clear database) cannot be combined with -r, -i, -f, -z, -d, or -l.\n"),
                                 (("-l", "-f", "x"), "-f/-z/-d require -i <id>.\n"), (("-l", "-r"), "-r requires -i <id>.\n"),
                                 (("-i", "000", "-c"), "-c must be used with -l (list active agents only).\n"),
                                 (("-i", "000", "-z"), "-z/-d require -f <pattern>.\n"), (("-l", "-i", "000"), "-l cannot be combined"),
                                 (("-i", "000", "stray"), "Unexpected argument 'stray'.\n")):
            self.assertTrue(self.syscheck(*words, status=1).startswith("\n** " + complaint), words)
        self.assertEqual((self.home / "queue/syscheck/syscheck").read_text(), LOCAL)


if __name__ == "__main__":
    unittest.main()
