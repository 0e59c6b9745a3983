#!/usr/bin/env python3
"""rsyslog writes, logrotate rotates, a watched host reads: every line once. usage: live_rsyslog_test.py GANDER

A private rsyslogd on a socket of its own, and the real logrotate with a configuration and a state of its own.
"""
import pathlib, re, shutil, socket, subprocess, sys, tempfile, threading, unittest
from live_support import Host, wait_until
from peers import SBIN, program_argument, rsyslog

for program in ("rsyslogd", "logrotate"):
    if not shutil.which(program, path=SBIN):
        print(f"skipped: needs {program} (package {program.removesuffix('d')})")
        sys.exit(77)

GANDER = program_argument()
RULES = """<group name="t,">
  <rule id="100" level="5"><match>serial=</match><description>a serial number</description></rule>
</group>
"""
SERIAL = re.compile(r"serial=(\d+);")


class Rsyslog(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gander-rsyslog-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = self.folder / "app.log"
        self.socket = self.folder / "log.sock"
        self.rsyslog = rsyslog(self.folder, f"""
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
input(type="imuxsock" Socket="{self.socket}" RateLimit.Interval="0" UseSysTimeStamp="off")
template(name="file" type="string" string="%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\\n")
if $programname == "app" then action(type="omfile" file="{self.log}" template="file")""", self.socket.exists)
        self.addCleanup(self.rsyslog.stop)
        self.to_rsyslog = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.to_rsyslog.close)
        self.to_rsyslog.connect(str(self.socket))
        self.serial = 0
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.host.configure(RULES, f"<localfile><log_format>syslog</log_format><location>{self.log}</location></localfile>")

    def send(self, count):
        """Blocks while rsyslogd's queue is full: nothing is lost before the file."""
        for _ in range(count):
            self.serial += 1
            self.to_rsyslog.send(f"<13>Nov 24 12:00:00 app: serial={self.serial}; state".encode())

    def arrived(self):
        """Whether rsyslogd has written what it was sent."""
        if not self.log.exists() or not self.log.stat().st_size:
            return self.serial == 0
        with open(self.log, "rb") as file:
            file.seek(max(0, self.log.stat().st_size - 200))
            found = SERIAL.findall(file.read().decode())
        return bool(found) and int(found[-1]) == self.serial

    def logrotate(self, *how):
        config = self.folder / "logrotate.conf"
        config.write_text(f"{self.log} {{\n  rotate 20\n  size 1\n  " + "\n  ".join(how) + "\n}\n")
        config.chmod(0o600)
        done = subprocess.run(["logrotate", "-f", "-s", self.folder / "logrotate.state", config], capture_output=True,
                              text=True, env={"PATH": SBIN}, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr)

    def hup(self):
        return f"postrotate\n    kill -HUP {self.rsyslog.pid}\n  endscript"

    def each_once(self, rotations):
        def stored():
            return [int(SERIAL.search(a).group(1)) for a in self.host.alerts_of(100)]

        self.host.wait_for(lambda: len(self.host.alerts_of(100)) >= self.serial,
                           lambda: f"{self.serial} alerts, there are {len(self.host.alerts_of(100))}")
        self.assertEqual(sorted(stored()), list(range(1, self.serial + 1)))
        self.host.wait_for(lambda: self.entry()["in"] >= self.serial + rotations, lambda: f"{rotations} rotations: {self.entry()}")
        entry = self.entry()
        self.assertEqual(entry["in"], self.serial + rotations)  # each rotation is an event too
        self.assertEqual(entry["in"], entry.get("analysed", 0) + entry.get("repeats", 0) + entry.get("refused", 0))
        self.assertEqual(entry.get("analysed"), entry["in"])
        self.assertEqual(self.host.stop(), 0)
        self.assertEqual(sorted(stored()), list(range(1, self.serial + 1)))

    def entry(self):
        entries = [c for name, c in self.host.ledger().items() if str(self.log) in name]
        return entries[0] if entries else {"in": 0}

    def start(self):
        self.send(10)
        wait_until(self.arrived, "rsyslogd writes")
        self.log.write_text("")  # what was there before the first start is not of interest
        self.serial = 0
        self.host.start()

    def test_rename_and_hup_while_it_is_written(self):
        self.start()
        stop = threading.Event()

        def write():
            while not stop.is_set():
                self.send(200)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for turn in range(6):
                before = self.serial
                wait_until(lambda: self.serial > before + 2000, "lines are written")
                self.logrotate("nocreate" if turn % 2 else "create 0640", self.hup())
                wait_until(self.log.exists, "rsyslogd opens the log again")
        finally:
            stop.set()
            writer.join()
        wait_until(self.arrived, "rsyslogd writes")
        self.each_once(rotations=6)

    def test_compressed_at_once(self):
        self.start()
        for _ in range(4):
            self.send(3000)
            wait_until(self.arrived, "rsyslogd writes")
            self.logrotate("create", "compress", self.hup())
            wait_until(self.log.exists, "rsyslogd opens the log again")
        self.assertTrue((self.folder / "app.log.4.gz").exists())
        self.send(10)
        wait_until(self.arrived, "rsyslogd writes")
        self.each_once(rotations=4)

    def test_copy_and_truncate(self):
        self.start()
        for _ in range(4):
            self.send(3000)
            # Between copy and truncation logrotate itself loses lines; so nothing is written then. What we have not read by
            # then is in the copy only.
            wait_until(self.arrived, "rsyslogd writes")
            self.logrotate("copytruncate")
        self.send(10)
        wait_until(self.arrived, "rsyslogd writes")
        self.each_once(rotations=4)

    def test_rotated_while_the_host_is_down(self):
        self.start()
        for how in (["create", self.hup()], ["copytruncate"], ["create", "delaycompress", "compress", self.hup()]):
            self.rotated_behind_its_back(*how)
        self.each_once(rotations=3)

    def test_compressed_while_the_host_is_down_is_said(self):
        self.start()
        self.rotated_behind_its_back("create", "compress", self.hup())
        self.host.wait_for(lambda: "after byte" in self.host.log(), "what is missing is said")
        [said] = [l for l in self.host.log().splitlines() if "after byte" in l]
        self.assertRegex(said, rf"WARN: What '{self.log}' held after byte [1-9]\d* is gone: it was removed or compressed")
        self.host.wait_for(lambda: len(self.host.alerts_of(100)) >= 1000, "the other lines")
        self.assertEqual([int(SERIAL.search(a).group(1)) for a in self.host.alerts_of(100)],
                         [*range(1, 501), *range(1001, 1501)])
        self.assertEqual(self.entry()["lost"], 1)  # files whose rest is gone

    def rotated_behind_its_back(self, *how):
        self.send(500)
        wait_until(self.arrived, "rsyslogd writes")
        self.host.wait_for(lambda: len(self.host.alerts_of(100)) >= self.serial, "all lines are stored")
        self.assertEqual(self.host.stop(), 0)
        self.send(500)
        wait_until(self.arrived, "rsyslogd writes")
        self.logrotate(*how)
        wait_until(self.log.exists, "rsyslogd opens the log again")
        self.send(500)
        wait_until(self.arrived, "rsyslogd writes")
        self.host.start()


if __name__ == "__main__":
    unittest.main()
