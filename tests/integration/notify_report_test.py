#!/usr/bin/env python3
"""`gander report --since … --mail` with a real mail server. usage: notify_report_test.py GANDER"""
import datetime, email, email.policy, fcntl, gzip, os, socket, subprocess, sys

try:
    from aiosmtpd.controller import Controller
except ImportError:
    print("skipped: needs python3-aiosmtpd")
    sys.exit(77)
from notify_support import HomeTest, main

GANDER = os.path.abspath(sys.argv[1])
TODAY = datetime.datetime.now(datetime.timezone.utc)
YESTERDAY = TODAY - datetime.timedelta(days=1)


class Kept:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((list(envelope.rcpt_tos), email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 taken"


def alert(day, number, level=5, group="authentication_success,"):
    return (f"** Alert {int(day.timestamp())}.{number}: - t,{group}\n{day:%Y %b %d} 12:00:0{number} h1->/l\n"
            f"Rule: 100 (level {level}) -> 'login seen'\nSrc IP: 10.0.0.{number}\nUser: bob\nlogin {number}\n\n")


class Report(HomeTest):
    def setUp(self):
        super().setUp()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def configure(self, reports, more=""):
        (self.home / "etc" / "ossec.conf").write_text(
            f"<ossec_config><global><email_notification>yes</email_notification><email_to>boss@example.org</email_to>"
            f"<smtp_server>127.0.0.1</smtp_server><smtp_port>{self.port}</smtp_port><email_from>ids@example.org</email_from>{more}"
            f"</global>{reports}</ossec_config>")

    def day(self, day, text, compressed=False):
        folder = self.home / "logs" / "alerts" / f"{day:%Y}" / f"{day:%b}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"ossec-alerts-{day:%d}.log"
        if compressed:
            with gzip.open(f"{path}.gz", "wt") as file:
                file.write(text)
        else:
            path.write_text(text)

    def serve(self):
        kept = Kept()
        server = Controller(kept, hostname="127.0.0.1", port=self.port)
        server.start()
        self.addCleanup(server.stop)
        return kept

    def report(self, *args, status=0):
        run = subprocess.run([GANDER, "report", "--home", self.home, "--tz", "UTC", *args], capture_output=True, text=True)
        self.assertEqual(run.returncode, status, run.stderr)
        return run

    TWO = ('<reports><category>authentication_success</category><user type="relation">srcip</user>'
           "<title>Daily report: Successful logins</title><email_to>r1@example.org</email_to><email_to>r2@example.org</email_to></reports>"
           "<reports><level>15</level><title>Nothing</title><email_to>r1@example.org</email_to></reports>")

    def test_the_reports_of_the_configuration(self):
        self.configure(self.TWO)
        self.day(YESTERDAY, alert(YESTERDAY, 1) + alert(YESTERDAY, 2), compressed=True)
        self.day(TODAY, alert(TODAY, 3))
        kept = self.serve()
        self.report("--since", "yesterday", "--mail")
        self.assertEqual(len(kept.mails), 1)
        to, mail = kept.mails[0]
        self.assertEqual((to, mail["Subject"]), (["r1@example.org", "r2@example.org"], "Daily report: Successful logins"))
        text, page = mail.iter_parts()
        body = text.get_payload(decode=True).decode()
        self.assertIn("->Processed alerts: 2\r\n", body)
        self.assertIn("   srcip: '10.0.0.1'\r\n   srcip: '10.0.0.2'\r\n", body)
        self.assertIn("Daily report: Successful logins", page.get_content())
        self.assertEqual(list((self.home / "queue/mail").glob("*/*.mail")), [])

    def test_a_report_of_its_own_goes_to_the_recipients_of_global(self):
        self.configure("")
        self.day(YESTERDAY, alert(YESTERDAY, 1))
        kept = self.serve()
        self.report("--since", "7d", "--mail", "-n", "By hand", "-f", "user", "bob")
        self.assertEqual([(to, m["Subject"]) for to, m in kept.mails], [(["boss@example.org"], "By hand")])
        self.assertIn("no <reports>", self.report("--since", "7d", "--mail", status=2).stderr)

    def test_without_mail_it_is_printed(self):
        self.configure("")
        day = datetime.datetime(2024, 3, 5, tzinfo=datetime.timezone.utc)
        self.day(day, alert(day, 1) + alert(day, 2) + alert(day, 3))
        out = self.report("--since", "2024-03-05 12:00:02", "--until", "2024-03-05 12:00:03").stdout
        self.assertIn("->Processed alerts: 1\r\n", out + "" if "\r\n" in out else out.replace("\n", "\r\n"))
        self.assertIn("none of yesterday", self.report("--since", "tomorow", status=2).stderr)
        self.assertIn("is empty", self.report("--since", "2024-03-05", "--until", "2024-03-04", status=2).stderr)

    def test_a_dead_server_leaves_the_mail_in_the_spool(self):
        self.configure(self.TWO)
        self.day(YESTERDAY, alert(YESTERDAY, 1))
        self.assertIn("not sent yet", self.report("--since", "yesterday", "--mail", status=1).stderr)
        self.assertEqual(len(list((self.home / "queue/mail").glob("*/*.mail"))), 1)
        kept = self.serve()
        self.report("--since", "yesterday", "--mail")
        self.assertEqual(len(kept.mails), 2)

    def test_beside_a_running_notifier_it_only_adds(self):
        self.configure(self.TWO)
        self.day(YESTERDAY, alert(YESTERDAY, 1))
        (self.home / "queue/mail").mkdir(parents=True)
        with open(self.home / "queue/mail/lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("the running Gander sends", self.report("--since", "yesterday", "--mail").stderr)
        self.assertEqual(len(list((self.home / "queue/mail").glob("*/*.mail"))), 1)

    def test_without_a_server_it_says_so(self):
        (self.home / "etc" / "ossec.conf").write_text(f"<ossec_config>{self.TWO}</ossec_config>")
        self.day(YESTERDAY, alert(YESTERDAY, 1))
        self.assertIn("needs <smtp_server> and <email_from>", self.report("--since", "yesterday", "--mail", status=2).stderr)


main(__name__)
