#!/usr/bin/env python3
"""A watched host, whole: stories of its users, deaths of its processes, reloads. usage: live_test.py GANDER"""
import json, os, pathlib, re, shutil, signal, socket, subprocess, sys, unittest
from live_support import Host

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None

GANDER = os.path.abspath(sys.argv.pop(1))
SERIAL = """<group name="t,">
  <rule id="100" level="5"><match>serial=</match><description>a serial number</description></rule>
</group>
"""
WATCHED = "<localfile><log_format>syslog</log_format><location>{}</location></localfile>"


class Sink:
    """A mail server's handler that keeps what it is given."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, envelope.content.decode("utf-8", "replace")))
        return "250 OK"


class Live(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.home = self.host.home
        self.app = self.home / "app.log"
        self.app.write_text("")
        self.next_serial = 1

    def write_lines(self, count, template="Nov 24 12:00:00 testhost app: serial={};"):
        with open(self.app, "a") as out:
            for _ in range(count):
                out.write(template.format(self.next_serial) + "\n")
                self.next_serial += 1

    def stored(self):
        return [int(a.rsplit("serial=", 1)[1].split(";")[0]) for a in self.host.alerts_of(100)]

    def all_stored_once(self):
        wanted = list(range(1, self.next_serial))
        self.host.wait_for(lambda: len(self.stored()) >= len(wanted), lambda: f"{len(wanted)} alerts, there are {len(self.stored())}")
        self.assertEqual(self.stored(), wanted)

    def watch(self, rules=SERIAL, more=""):
        self.host.configure(rules, WATCHED.format(self.app) + more)
        self.host.start()

    def runs(self, source):
        """Outputs of a command that were judged."""
        return sum(c.get("in", 0) for name, c in self.host.ledger().items() if source in name)

    def test_missing_files_of_the_default_configuration(self):
        """One line for all; an administrator's own files are errors, as OSSEC has it."""
        root = pathlib.Path(GANDER).resolve().parents[2]
        for home, said in ((root, "INFO: [0-9]+ files of the default configuration are not there"), (self.home, "1103.: ERROR: Could not open file '/nowhere/a.log'")):
            self.host.configure(SERIAL, WATCHED.format("/nowhere/a.log"))
            state = self.home if home == self.home else self.home / "state"
            run = subprocess.Popen([GANDER, "run", "-q", "--home", home, "--state", state], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            log = state / "logs/ossec.log"
            self.host.wait_for(lambda: log.exists() and re.search(said, log.read_text()), said)
            run.terminate()
            self.assertEqual(run.wait(), 0)
            self.assertEqual("(1103)" in log.read_text(), home == self.home)

    @unittest.skipUnless(shutil.which("netstat"), "net-tools is not installed")
    def test_listener_story(self):
        """With real ports, and the users' command; only our own ports, for other programs come and go."""
        ports = [socket.socket() for _ in range(3)]
        for port in ports:
            self.addCleanup(port.close)
            port.bind(("0.0.0.0", 0))
        numbers = [port.getsockname()[1] for port in ports]
        ports[0].listen()
        ports[1].listen()
        self.host.configure(
            """<group name="t,"><rule id="530" level="0"><if_sid>7</if_sid><match>^ossec: output: </match><description>output</description></rule>
            <rule id="533" level="7"><if_sid>530</if_sid><match>ossec: output: 'netstat -tan</match><check_diff /><description>listeners changed</description></rule></group>""",
            "<localfile><log_format>full_command</log_format><command>netstat -tan |grep LISTEN|grep -v 127.0.0.1|"
            "grep -E ':(%d|%d|%d) '|sort</command><frequency>1</frequency></localfile>" % tuple(numbers), "<jsonout_output>yes</jsonout_output>")
        self.host.start()
        stored = self.home / "queue/diff/testhost/533/last-entry"
        self.host.wait_for(stored.exists, "the first output is stored")
        first = stored.read_text().rstrip("\0").split("\n")
        self.assertEqual([int(line.split()[3].split(":")[1]) for line in first[1:]], sorted(numbers[:2], key=str))
        self.host.wait_for(lambda: self.runs("netstat") >= 3, "the command runs again")
        self.assertEqual(self.host.alerts(), [])
        ports[2].listen()
        alerts = self.host.wait_for(self.host.alerts, "an alert for the new port")
        now = self.runs("netstat")
        self.host.wait_for(lambda: self.runs("netstat") >= now + 2, "the command runs again")
        self.assertEqual(self.host.alerts(), alerts)
        [alert] = alerts
        after = stored.read_text().rstrip("\0").split("\n")
        self.assertEqual(len(after), 4)
        shown = alert.rstrip("\n").split("\n")
        split = shown.index("Previous output:")
        self.assertEqual(shown[split - 4:split], after)
        self.assertEqual(shown[split + 1:], first)
        [alert] = [json.loads(line) for line in (self.home / "logs/alerts/alerts.json").read_text().splitlines()]
        self.assertEqual(alert["full_log"].split("\n"), after)
        self.assertEqual(alert["previous_output"].split("\n"), first)
        self.host.wait_for(lambda: str(numbers[2]) in self.host.ask("alerts", "--rule", "533", status=None), "the index has it")

    def stopped_service(self, mail=""):
        """A host that finds a service stopped and starts it."""
        service = self.home / "service-runs"
        script = self.host.write("active-response/bin/start.sh", f'#!/bin/sh\necho "$1" >>{self.home}/calls\n[ "$1" = add ] && touch {service}\nexit 0\n', 0o750)
        check = self.host.write("check.sh", f'#!/bin/sh\n[ -e {service} ] && echo "web is running" || echo "web is stopped"\n', 0o755)
        self.host.configure(
            """<group name="t,"><rule id="530" level="0"><if_sid>7</if_sid><match>^ossec: output: </match><description>output</description></rule>
            <rule id="100100" level="10"><if_sid>530</if_sid><match>is stopped</match><description>service stopped</description></rule></group>""",
            f"""<localfile><log_format>command</log_format><command>{check}</command><alias>web</alias><frequency>1</frequency></localfile>
            <command><name>start</name><executable>{script.name}</executable><expect></expect></command>
            <active-response><command>start</command><location>local</location><rules_id>100100</rules_id></active-response>""", mail)
        return service

    def test_stopped_service_story(self):
        service = self.stopped_service()
        self.host.start()
        self.host.wait_for(service.exists, "the response starts the service")
        [first] = self.host.alerts_of(100100)[:1]
        self.assertIn("(level 10)", first)
        self.assertIn("web is stopped", first)
        self.host.wait_for(lambda: self.runs("web") > len(self.host.alerts_of(100100)), "the service is found running")
        calm = len(self.host.alerts_of(100100))
        now = self.runs("web")
        self.host.wait_for(lambda: self.runs("web") >= now + 2, "the command runs again")
        self.assertEqual(len(self.host.alerts_of(100100)), calm)

    @unittest.skipUnless(Controller, "python3-aiosmtpd is not installed")
    def test_stopped_service_is_mailed(self):
        sink = Sink()
        server = Controller(sink, hostname="127.0.0.1", port=0)
        # Its own wish for a port that it knows does not go with port 0.
        with socket.create_server(("127.0.0.1", 0)) as free:
            server.port = free.getsockname()[1]
        server.start()
        self.addCleanup(server.stop)
        self.stopped_service("<email_to>admin@example.org</email_to><smtp_server>127.0.0.1</smtp_server>"
                             f"<smtp_port>{server.port}</smtp_port><email_from>ids@example.org</email_from>")
        config = self.home / "etc/ossec.conf"
        config.write_text(config.read_text().replace("<email_notification>no", "<email_notification>yes"))
        self.host.write("etc/local_internal_options.conf", "maild.grouping=0\n")
        self.host.start()
        self.host.wait_for(lambda: sink.mails, "the alert is mailed")
        to, text = sink.mails[0]
        self.assertEqual(to, ["admin@example.org"])
        self.assertIn("web is stopped", text)
        self.assertIn("100100", text)

    def test_every_process_may_die(self):
        self.watch()
        self.write_lines(50)
        for role in ("collector", "analysis", "indexer", "notifier", "responder", "scanner"):
            old = self.host.wait_for(lambda: self.host.processes().get(role), f"the {role} runs")
            self.write_lines(200)
            os.kill(old, signal.SIGKILL)
            self.write_lines(200)
            self.host.wait_for(lambda: self.host.processes().get(role, old) != old, f"the {role} is started again")
        self.all_stored_once()
        self.assertIn("was killed by signal 9", self.host.log())
        self.ledger_adds_up()
        self.assertEqual(self.host.stop(), 0)
        self.assertEqual(self.stored(), list(range(1, self.next_serial)))

    def ledger_adds_up(self, rotations=0):
        [entry] = [c for name, c in self.host.ledger().items() if str(self.app) in name]
        self.assertEqual(entry["in"], entry.get("analysed", 0) + entry.get("repeats", 0) + entry.get("refused", 0))
        self.assertEqual(entry["in"], self.next_serial - 1 + rotations)  # each rotation is an event too
        self.assertIn(str(self.app), self.host.ask("status"))

    def test_supervisor_dies_too(self):
        self.watch()
        self.write_lines(100)
        pids = self.host.pids()
        self.host.process.kill()
        self.host.process.wait()
        self.write_lines(100)
        self.host.wait_for(lambda: not any(os.path.exists(f"/proc/{p}/exe") for p in pids[1:]), "the others end by themselves")
        self.write_lines(100)
        self.host.start()
        self.all_stored_once()

    def test_rotation_and_restart(self):
        self.watch()
        for turn in range(4):
            self.write_lines(100)
            if turn == 2:
                self.assertEqual(self.host.stop(), 0)
            for number in range(turn, -1, -1):  # as logrotate does: the higher, the older
                (self.home / (f"app.log.{number}" if number else "app.log")).rename(self.home / f"app.log.{number + 1}")
            self.write_lines(100)
            if turn == 2:
                self.host.start()
        self.all_stored_once()
        self.ledger_adds_up(rotations=4)

    def test_reload_keeps_windows(self):
        login = """<group name="t,"><rule id="200" level="3"><decoded_as>login</decoded_as><description>log-in</description></rule>
          <rule id="201" level="10" frequency="{}" timeframe="600"><if_matched_sid>200</if_matched_sid><same_source_ip />
          <description>many log-ins</description></rule>{}</group>"""
        self.watch(login.format(4, ""))
        line = "Nov 24 12:00:00 testhost app: login from 192.0.2.7 serial={}"
        self.write_lines(3, line)
        self.host.wait_for(lambda: len(self.host.alerts_of(200)) == 3, "the log-ins are stored")
        self.host.write("rules/local.xml", login.format(4, '<rule id="300" level="4"><match>a new one</match><description>new</description></rule>'))
        self.assertEqual(self.host.ask("reload"), "reloaded\n")
        self.assertEqual(self.host.alerts_of(201), [])
        self.write_lines(6, line)
        self.host.wait_for(lambda: self.host.alerts_of(201), "the composite rule fires across the reload")
        [composite] = self.host.alerts_of(201)[:1]
        # With the events from before: a window that began at the reload would need more of them.
        self.assertIn("serial=3", composite)
        self.write_lines(1, "Nov 24 12:00:00 testhost app: a new one {}")
        self.host.wait_for(lambda: self.host.alerts_of(300), "the new rule is in force")

    def test_broken_rules_are_refused(self):
        self.watch()
        good = (self.home / "rules/local.xml").read_text()
        self.host.write("rules/local.xml", good.replace("</match>", "</mach>"))
        said = self.host.ask("reload", status=2)
        self.assertIn(f"{self.home}/rules/local.xml:2:", said)
        self.assertIn("the old one stays", said)
        self.write_lines(10)
        self.all_stored_once()
        self.host.write("rules/local.xml", good)
        self.assertEqual(self.host.ask("reload"), "reloaded\n")

    def test_second_instance(self):
        self.watch()
        second = subprocess.run([GANDER, "run", "--home", self.home], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(second.returncode, 2, second.stdout + second.stderr)
        self.assertIn("another Gander writes the alerts", second.stderr)
        # The first one still answers.
        self.write_lines(10)
        self.all_stored_once()
        self.assertEqual(self.host.stop(), 0)


unittest.main()
