"""A watched host of its own in a temporary home: `gander run`, its processes, its alerts. For the live tests and tools."""
import json, os, pathlib, re, shutil, signal, subprocess, tempfile, time

ROOTS = """<group name="base,">
  <rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule>
  <rule id="2" level="0" noalert="1"><category>firewall</category><description>root</description></rule>
  <rule id="3" level="0" noalert="1"><category>ids</category><description>root</description></rule>
  <rule id="4" level="0" noalert="1"><category>web-log</category><description>root</description></rule>
  <rule id="7" level="0" noalert="1"><category>ossec</category><description>root</description></rule>
</group>
"""
DECODERS = """<decoder name="ossec"><type>ossec</type><prematch>^ossec: </prematch></decoder>
<decoder name="login"><program_name>^app$</program_name><prematch>^login from</prematch><regex>^login from (\\S+)</regex><order>srcip</order></decoder>
"""
PATIENCE = 60  # seconds; for a condition that does not come true


def stamp():
    """This moment as syslog writes it: an event of a fixed date grows older than a response to it lasts."""
    return time.strftime("%b %e %H:%M:%S")


def wait_until(condition, what, patience=PATIENCE, trouble=lambda: ""):
    """Returns what the condition returned, once that is true."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience} s: {what() if callable(what) else what}\n{trouble()}")
        time.sleep(0.02)


class Host:
    def __init__(self, gander, home=None):
        self.gander = gander
        self.folder = None
        if home is None:
            self.folder = tempfile.mkdtemp(prefix="gander-live-")
            home = self.folder
        self.home = pathlib.Path(home)
        self.process = None
        self.environment = {}  # added to that of the test
        for name in ("etc", "rules", "active-response/bin"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        self.write("decoder.xml", DECODERS)
        self.write("rules/base.xml", ROOTS)

    def write(self, name, text, mode=0o640):
        path = self.home / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def configure(self, rules, config, more_global=""):
        self.write("rules/local.xml", rules)
        self.write("etc/ossec.conf", f"""<ossec_config>
  <global><email_notification>no</email_notification>{more_global}</global>
  <rules><decoder>decoder.xml</decoder><include>base.xml</include><include>local.xml</include></rules>
{config}
</ossec_config>
""")

    def start(self, *flags):
        with open(self.home / "run.out", "ab") as out:
            self.process = subprocess.Popen([self.gander, "run", "--home", self.home, "--tz", "UTC", "--hostname", "testhost", *flags],
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **self.environment})
        self.wait_for(lambda: self.process.poll() is not None or self.all_run(), "the host starts")
        if self.process.poll() is not None:
            raise AssertionError(f"the host ended with {self.process.returncode}\n{self.said()}")
        return self

    def said(self):
        path = self.home / "run.out"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def log(self):
        path = self.home / "logs/ossec.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_for(self, condition, what, patience=PATIENCE):
        return wait_until(condition, what, patience, self.said)

    def ask(self, word, *flags, status=0):
        done = subprocess.run([self.gander, word, "--home", self.home, *flags], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        if status is not None and done.returncode != status:
            raise AssertionError(f"gander {word}: {done.returncode}\n{done.stdout}{done.stderr}\n{self.said()}")
        return done.stdout + done.stderr

    def status(self):
        done = subprocess.run([self.gander, "status", "--home", self.home, "-o", "json"], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return None

    def processes(self):
        """Role -> pid of those that run."""
        status = self.status() or {"processes": []}
        return {p["role"]: p["pid"] for p in status["processes"] if p["state"] == "running"}

    def all_run(self):
        status = self.status()
        return bool(status) and all(p["state"] != "starting" for p in status["processes"])

    def pids(self):
        """Supervisor and children, by the kernel."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def alerts(self):
        """The text of each stored alert, of all days."""
        out = []
        paths = [p for p in (self.home / "logs/alerts").glob("*/*/ossec-alerts-*.log")]
        for path in sorted(paths) or [self.home / "logs/alerts/alerts.log"]:
            if path.exists():
                out += re.findall(r"^\*\* Alert .*?\n\n", path.read_text(errors="replace"), re.M | re.S)
        return out

    def alerts_of(self, rule):
        return [a for a in self.alerts() if f"\nRule: {rule} (level " in a]

    def ledger(self):
        status = self.status()
        return (status or {}).get("analysis", {}).get("ledger", {})

    def stop(self):
        if self.process and self.process.poll() is None:
            self.ask("stop")
            self.process.wait(PATIENCE)
        status = self.process.returncode if self.process else 0
        self.process = None
        return status

    def close_processes(self):
        """Ends whatever still runs, at once."""
        if self.process and self.process.poll() is None:
            pids = self.pids()
            self.process.kill()
            self.process.wait()
            for pid in pids[1:]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            wait_until(lambda: not any(os.path.exists(f"/proc/{p}/exe") for p in pids[1:]), "they end")

    def close(self):
        self.close_processes()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
