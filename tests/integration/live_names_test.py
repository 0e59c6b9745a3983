#!/usr/bin/env python3
"""is_valid_crawler on a watched host asks name servers: a server of our own on loopback. usage: live_names_test.py GANDER"""
import pathlib, socket, struct, subprocess, sys, tempfile, threading, time, unittest
import namespaces
from live_support import Host, wait_until
from peers import program_argument

if reason := namespaces.why_not("mount", "ip"):
    print(f"skipped: {reason}")
    sys.exit(77)

GANDER = program_argument()
CRAWLER, LIAR, SILENT = "66.249.66.1", "192.0.2.5", "192.0.2.99"
NAMES = {CRAWLER: "crawl-66-249-66-1.googlebot.com", LIAR: "fake.googlebot.com"}
ADDRESSES = {"crawl-66-249-66-1.googlebot.com": CRAWLER, "fake.googlebot.com": "198.51.100.1"}
PTR, A = 12, 1
RULES = """<group name="t,">
  <rule id="100" level="5"><program_name>^crawler$</program_name><compiled_rule>is_valid_crawler</compiled_rule><description>it is one</description></rule>
  <rule id="101" level="3"><program_name>^crawler$</program_name><description>anything</description></rule>
</group>
"""


def labels(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


class NameServer(threading.Thread):
    """Answers what it knows, and says nothing about SILENT."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.asked = []

    def answer(self, name, kind):
        """The bytes of the record, or None."""
        if kind == PTR:
            found = NAMES.get(".".join(reversed(name.removesuffix(".in-addr.arpa").split("."))))
            return labels(found) if found else None
        found = ADDRESSES.get(name.lower()) if kind == A else None
        return socket.inet_aton(found) if found else None

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self.socket.getsockname())
        self.join()
        self.socket.close()

    def run(self):
        while True:
            query, who = self.socket.recvfrom(4096)
            if not query:
                return
            parts, at = [], 12
            while query[at]:
                parts.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            name, (kind,) = ".".join(parts), struct.unpack(">H", query[at + 1:at + 3])
            self.asked.append((name, kind))
            if name.startswith("99."):
                continue
            data = self.answer(name, kind)
            head = query[:2] + struct.pack(">HHHHH", 0x8180 if data else 0x8183, 1, 1 if data else 0, 0, 0)
            record = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data if data else b""
            self.socket.sendto(head + query[12:at + 5] + record, who)


class Names(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gander-names-")
        self.addCleanup(folder.cleanup)
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "hosts: files dns\n"), ("hosts", "127.0.0.1 localhost\n")):
            mine = pathlib.Path(folder.name) / name
            mine.write_text(text)
            mine.chmod(0o644)
            subprocess.run(["mount", "--bind", mine, pathlib.Path("/etc", name).resolve()], check=True)
            self.addCleanup(subprocess.run, ["umount", pathlib.Path("/etc", name).resolve()], check=True)
        pathlib.Path(folder.name).chmod(0o755)
        self.server = NameServer()
        self.server.start()
        self.addCleanup(self.server.stop)
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.log = self.host.home / "app.log"
        self.log.write_text("")
        self.host.configure(RULES, f"<localfile><log_format>syslog</log_format><location>{self.log}</location></localfile>")
        self.host.start()

    def write(self, address):
        """The number of alerts for a crawler behind the line."""
        before = len(self.host.alerts())
        with open(self.log, "a") as out:
            out.write(f"{time.strftime('%b %e %H:%M:%S')} testhost crawler[{before + 1}]: {address}\n")
        self.host.wait_for(lambda: len(self.host.alerts()) == before + 1, f"an alert for {address}")
        return len(self.host.alerts_of(100))

    def found_in_the_end(self, address):
        """An answer that came late is remembered; lines differ, for equal ones are dropped as repeats."""
        wait_until(lambda: self.write(address) > 0, f"{address} is known")

    def test_only_a_name_that_leads_back_counts(self):
        self.assertEqual(self.write(LIAR), 0)
        self.found_in_the_end(CRAWLER)
        crawlers = len(self.host.alerts_of(100))
        wait_until(lambda: ("5.2.0.192.in-addr.arpa", PTR) in self.server.asked, "the liar is asked for")
        self.assertEqual(self.write(LIAR), crawlers)
        asked = len([name for name, kind in self.server.asked if name == "1.66.249.66.in-addr.arpa"])
        self.assertEqual(self.write(CRAWLER), crawlers + 1)
        self.assertEqual(len([name for name, kind in self.server.asked if name == "1.66.249.66.in-addr.arpa"]), asked, "remembered")

    def test_a_name_server_that_says_nothing_holds_up_nobody(self):
        self.assertEqual(self.write(SILENT), 0)
        for n in range(20):
            self.assertEqual(self.write(f"192.0.2.{100 + n}"), 0)
        self.assertLess(len(self.server.asked), 20, "one at a time, others are not waited for")
        self.found_in_the_end(CRAWLER)


unittest.main(verbosity=2)
