#!/usr/bin/env python3
"""A watched host mails through a server with TLS and log-in: alerts, and the report of the night.

usage: live_mail_test.py GANDER CLOCK   (CLOCK: the library built from test_clock.cpp)

The server is down, refuses the log-in, puts off, hangs and cuts off; in the end each alert is in exactly one mail.
"""
import asyncio, collections, email, email.policy, re, ssl, struct, subprocess, sys, time, unittest

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    print("skipped: needs python3-aiosmtpd")
    sys.exit(77)
from live_support import Host
from peers import free_port, program_argument

GANDER = program_argument()
CLOCK = program_argument()
RULES = """<group name="t,">
  <rule id="100" level="8"><match>serial=</match><description>a serial number</description></rule>
  <rule id="101" level="3"><decoded_as>login</decoded_as><description>log-in</description><group>authentication_success,</group></rule>
</group>
"""
REPORT = """<reports><category>authentication_success</category><title>Daily report: Successful logins</title>
  <email_to>boss@example.org</email_to></reports>"""


class Kept:
    """What the server was given, and how it behaves: "well", "hangs", "cuts off" or "puts off"."""

    def __init__(self):
        self.mails, self.behaviour, self.victims, self.refused, self.tls_at_once = [], "well", 0, 0, False

    def login(self, server, session, envelope, mechanism, data):
        good = (data.login, data.password) == (b"ids", b"pa ss") and (session.ssl is not None or self.tls_at_once)
        self.refused += not good
        return AuthResult(success=good, handled=False)

    async def handle_DATA(self, server, session, envelope):
        if self.behaviour != "well":
            self.victims += 1
        if self.behaviour == "cuts off":
            server.transport.abort()
            return "421 gone"
        if self.behaviour == "puts off":
            return "451 4.3.0 come again"
        while self.behaviour == "hangs":
            await asyncio.sleep(0.05)
        if server.transport is None or server.transport.is_closing():
            return "421 gone"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


class Server(Controller):
    def __init__(self, kept, port, context, tls_at_once):
        self.context, self.tls_at_once = context, tls_at_once
        kept.tls_at_once = tls_at_once
        super().__init__(kept, hostname="127.0.0.1", port=port, ssl_context=context if tls_at_once else None)

    def factory(self):
        if self.tls_at_once:
            return SMTP(self.handler, authenticator=self.handler.login, auth_required=True, auth_require_tls=False)
        return SMTP(self.handler, tls_context=self.context, require_starttls=True, authenticator=self.handler.login, auth_required=True)


class Mail(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.host = Host(GANDER)
        self.addCleanup(self.host.close)
        self.port, self.kept = free_port(), Kept()
        self.app = self.host.home / "app.log"
        self.app.write_text("")
        self.clock = self.host.home / "clock"
        self.ahead = 0
        self.clock.write_bytes(struct.pack("q", 0))
        self.host.environment = {"LD_PRELOAD": CLOCK, "GANDER_TEST_CLOCK": str(self.clock),
                                 "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.serial = 0

    def serve(self, tls_at_once=False):
        key, cert = self.host.home / "key.pem", self.host.home / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                        "-subj", "/CN=localhost"], check=True, capture_output=True, stdin=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        server = Server(self.kept, self.port, context, tls_at_once)
        server.start()
        self.addCleanup(server.stop)

    def go_ahead(self, seconds):
        """The host's wall clock jumps."""
        self.ahead += seconds
        with open(self.clock, "r+b") as clock:
            clock.write(struct.pack("q", self.ahead * 1_000_000_000))

    def configure(self, password="pa ss", more=""):
        self.host.configure(RULES, f"<localfile><log_format>syslog</log_format><location>{self.app}</location></localfile>{REPORT}",
                            "<email_to>boss@example.org</email_to><smtp_server>localhost</smtp_server>"
                            f"<smtp_port>{self.port}</smtp_port><email_from>ids@example.org</email_from><email_maxperhour>9999</email_maxperhour>"
                            "<smtp_tls_verify>no</smtp_tls_verify>"
                            f"<auth_smtp>yes</auth_smtp><smtp_user>ids</smtp_user><smtp_password>{password}</smtp_password>{more}")
        config = self.host.home / "etc/ossec.conf"
        config.write_text(config.read_text().replace("<email_notification>no", "<email_notification>yes"))

    def alert(self, count=3):
        with open(self.app, "a") as out:
            for _ in range(count):
                self.serial += 1
                out.write(f"Nov 24 12:00:00 testhost app: serial={self.serial};\n")
        # The host's clock may have passed a midnight: only today's alerts are in the file.
        last = f"serial={self.serial};"
        self.host.wait_for(lambda: any(last in alert for alert in self.host.alerts_of(100)), "the alerts are stored")

    def told(self):
        """Serial number -> mails whose text part names it."""
        times = collections.Counter()
        for mail in list(self.kept.mails):
            body = mail.get_body(preferencelist=("plain",))
            times.update(map(int, re.findall(r"serial=(\d+);", body.get_content() if body else "")))
        return times

    def all_told(self):
        wanted = dict.fromkeys(range(1, self.serial + 1), 1)
        self.until(lambda: set(self.told()) >= set(wanted), lambda: f"{self.serial} alerts are mailed: {self.told()}")
        self.assertEqual(dict(self.told()), wanted)

    def until(self, condition, what):
        """While the host's clock goes on by half a minute a step: what waits for its next try."""
        self.host.wait_for(lambda: condition() or self.go_ahead(30), lambda: f"{what() if callable(what) else what}\n{self.host.log()}")

    def test_a_server_with_bad_days(self):
        self.configure(password="wrong")
        self.host.start()
        self.alert()
        self.until(lambda: "WARN: mail: " in self.host.log(), "it is said that the server is down")
        self.serve()
        self.alert()
        self.until(lambda: self.kept.refused, "the log-in is refused")
        self.assertEqual(self.kept.mails, [])
        self.configure()
        self.assertEqual(self.host.ask("reload"), "reloaded\n")
        self.all_told()
        for behaviour in ("puts off", "cuts off", "hangs"):
            self.kept.behaviour, self.kept.victims = behaviour, 0
            self.alert()
            self.until(lambda: self.kept.victims, f"the server {behaviour}")
            self.assertEqual(set(self.told()), set(range(1, self.serial - 2)), behaviour)
            self.kept.behaviour = "well"
            self.all_told()
        self.assertEqual(self.host.stop(), 0)
        self.assertEqual({(m["From"], m["To"]) for m in self.kept.mails}, {("OSSEC HIDS <ids@example.org>", "boss@example.org")})

    def test_killed_while_the_server_hangs(self):
        self.serve()
        self.configure()
        self.host.start()
        self.kept.behaviour = "hangs"
        self.alert()
        self.until(lambda: self.kept.victims, "a mail is on its way")
        self.host.close_processes()
        self.kept.behaviour = "well"
        self.host.start()
        self.until(lambda: len(self.told()) >= self.serial, "the mail comes again")
        self.assertEqual(set(self.told()), {1, 2, 3})

    def test_tls_from_the_first_byte(self):
        self.serve(tls_at_once=True)
        self.configure(more="<secure_smtp>yes</secure_smtp>")
        self.host.start()
        self.alert()
        self.all_told()

    def test_the_report_of_the_night(self):
        self.serve()
        self.configure()
        # A minute before midnight.
        now = int(time.time())
        self.go_ahead(86400 - 60 - now % 86400)
        self.host.start()
        with open(self.app, "a") as out:
            for n in range(3):
                out.write(f"Nov 24 12:00:00 testhost app: login from 192.0.2.{n}\n")
        self.host.wait_for(lambda: len(self.host.alerts_of(101)) == 3, "the log-ins are stored")
        self.assertEqual(self.kept.mails, [])
        self.go_ahead(120)

        def reported():
            self.go_ahead(1)
            return self.kept.mails

        [mail] = self.host.wait_for(reported, lambda: f"the report\n{self.host.log()}")
        self.assertEqual((mail["Subject"], mail["To"]), ("Daily report: Successful logins", "boss@example.org"))
        body = mail.get_body(preferencelist=("plain",)).get_content()
        self.assertIn("->Processed alerts: 3", body.replace("\r\n", "\n"))
        for n in range(3):
            self.assertIn(f"192.0.2.{n}", body)


if __name__ == "__main__":
    unittest.main()
