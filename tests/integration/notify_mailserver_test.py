#!/usr/bin/env python3
"""Mails through a real SMTP server: TLS, login, refusals, servers that are dead, hang or cut off.

usage: notify_mailserver_test.py DRIVER
"""
import re, shutil, socket, ssl, sys, threading

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    print("skipped: needs python3-aiosmtpd")
    sys.exit(77)
from notify_support import CASES, HomeTest, Sink, alert, main


class Kept:
    """What a server accepts: (sender, recipients, bytes)."""

    def __init__(self, refuse=(), put_off=(), data_answer=None):
        self.mails, self.refuse, self.put_off, self.data_answer = [], set(refuse), set(put_off), data_answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return "550 5.1.1 no such user"
        if address in self.put_off:
            return "450 4.2.1 come again"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer:
            return self.data_answer
        self.mails.append((session.host_name, envelope.mail_from, list(envelope.rcpt_tos), envelope.content, session.ssl is not None,
                           getattr(session, "login", None)))
        return "250 taken"


class Server(Controller):
    def __init__(self, kept, port=0, implicit=None, **options):
        self.options, self.implicit = options, implicit
        if not port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
        super().__init__(kept, hostname="127.0.0.1", port=port, ssl_context=implicit)

    def factory(self):
        return SMTP(self.handler, data_size_limit=1 << 24, **self.options)


def config(port, host="127.0.0.1", more="", to=("a@example.org",), rest="", helo="sensor.example.org"):
    recipients = "".join(f"<email_to>{t}</email_to>" for t in to)
    return (f"<ossec_config><global><email_notification>yes</email_notification>{recipients}<smtp_server>{host}</smtp_server>"
            f"<smtp_port>{port}</smtp_port><helo_server>{helo}</helo_server><email_from>ids@example.org</email_from>{more}"
            f"</global>{rest}</ossec_config>")


class MailServer(HomeTest):
    def serve(self, kept, **options):
        server = Server(kept, **options)
        server.start()
        self.addCleanup(lambda: server.stop() if server.server else None)
        return server

    def send_one(self, driver, number=1, at=11, **words):
        driver(f"at {at - 11}")
        driver(f"alerts {self.alerts(f'alert{number}', alert(number, **words))}")
        driver(f"at {at}")

    def test_golden_mail_smtp(self):
        case = CASES / "mail-smtp"
        kept = Kept(refuse=["refused@example.org"])
        server = self.serve(kept)
        text = (case / "ossec.conf").read_text().replace("<helo_server>", f"<smtp_port>{server.port}</smtp_port><helo_server>")
        driver = self.driver(text, "ossec")
        now = 0
        for line in (case / "steps.txt").read_text().splitlines():
            second, name = re.fullmatch(r"second (\d+): append (.*)", line).groups()
            while now < int(second):
                now += 1
                driver(f"at {now}")
            shutil.copy(case / name, self.home / name)
            driver(f"alerts {self.home / name}")
        driver("at 75")
        driver("until held 2")
        driver("until waiting 0")
        self.assertEqual(driver("safe"), "4")
        expected = []
        for path in sorted(case.glob("expected.smtp.*")):
            raw = path.read_bytes()
            to = [t for t in re.findall(rb"Rcpt To: <(.*)>\r\n", raw) if t != b"refused@example.org"]
            data = re.search(rb"DATA\r\n(.*\r\n)\.\r\nQUIT\r\n$", raw, re.S).group(1)
            expected.append((re.search(rb"Mail From: <(.*)>", raw).group(1), to, re.sub(rb"\r\nDate: [^\r]*", b"", data)))
        got = [(m[1].encode(), [t.encode() for t in m[2]], re.sub(rb"\r\nDate: [^\r]*", b"", m[3])) for m in kept.mails]
        self.assertEqual(got, expected)
        self.assertEqual({m[0] for m in kept.mails}, {"sensor.example.org"})
        self.assertEqual(len(list((self.home / "queue/mail/failed").iterdir())), 2)
        driver.close()

    def test_a_refused_recipient_does_not_block_the_others(self):
        kept = Kept(refuse=["bad@example.org"])
        server = self.serve(kept)
        driver = self.driver(config(server.port, to=("bad@example.org", "good@example.org")))
        self.send_one(driver)
        driver("until waiting 0")
        self.assertEqual([m[2] for m in kept.mails], [["good@example.org"]])
        failed = list((self.home / "queue/mail/failed").iterdir())
        self.assertEqual(len(failed), 1)
        self.assertIn(b"to: bad@example.org\nmark", failed[0].read_bytes())
        self.assertIn("refused for good for bad@example.org: 550 5.1.1 no such user", driver.log())
        driver.close()

    def test_a_recipient_that_is_put_off_gets_it_later_and_once(self):
        kept = Kept(put_off=["slow@example.org"])
        server = self.serve(kept)
        driver = self.driver(config(server.port, to=("fast@example.org", "slow@example.org")))
        self.send_one(driver)
        driver("until attempts 1")
        kept.put_off.clear()
        driver("reopen")
        driver("until waiting 0")
        self.assertEqual([m[2] for m in kept.mails], [["fast@example.org"], ["slow@example.org"]])
        driver.close()

    def test_all_recipients_refused(self):
        server = self.serve(Kept(refuse=["a@example.org"]))
        driver = self.driver(config(server.port))
        self.send_one(driver)
        driver("until failed 1")
        driver("until waiting 0")
        driver.close()

    def test_a_mail_refused_after_data_is_kept_as_failed(self):
        server = self.serve(Kept(data_answer="554 5.7.1 looks like spam"))
        driver = self.driver(config(server.port))
        self.send_one(driver)
        driver("until waiting 0")
        failed = list((self.home / "queue/mail/failed").iterdir())
        self.assertIn(b"refused: 554 5.7.1 looks like spam\n", failed[0].read_bytes())
        driver.close()

    def test_starttls_and_login(self):
        context, cert = self.certificate()
        kept = Kept()

        def authenticate(server, session, envelope, mechanism, data):
            session.login = (data.login.decode(), data.password.decode())
            return AuthResult(success=session.login == ("ids", "pa ss:w\u00f6rd"))

        server = self.serve(kept, tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True)
        more = "<auth_smtp>yes</auth_smtp><smtp_user>ids</smtp_user><smtp_password>pa ss:w\u00f6rd</smtp_password>"
        driver = self.driver(config(server.port, "localhost", more))
        self.send_one(driver)
        driver("until attempts 1")  # its certificate is not to be trusted
        self.assertEqual(kept.mails, [])
        driver.close()
        driver = self.driver(config(server.port, "localhost", more + "<smtp_tls_verify>no</smtp_tls_verify>"))
        driver("at 12")
        driver("until waiting 0")
        self.assertTrue(kept.mails[0][4])
        self.assertEqual(kept.mails[0][5], ("ids", "pa ss:w\u00f6rd"))
        self.assertNotIn("w\u00f6rd", driver.log())
        driver.close()

    def test_a_wrong_password_delays_and_does_not_lose(self):
        context, _ = self.certificate()
        good = []
        kept = Kept()
        server = self.serve(kept, tls_context=context, require_starttls=True, auth_required=True,
                            authenticator=lambda *_: AuthResult(success=bool(good), handled=False))
        more = ("<auth_smtp>yes</auth_smtp><smtp_user>ids</smtp_user><smtp_password>no</smtp_password>"
                "<smtp_tls_verify>no</smtp_tls_verify>")
        driver = self.driver(config(server.port, more=more))
        self.send_one(driver)
        driver("until attempts 1")
        good.append(True)
        driver("at 60")
        driver("until waiting 0")
        self.assertEqual(len(kept.mails), 1)
        driver.close()

    def test_tls_from_the_first_byte(self):
        context, _ = self.certificate()
        kept = Kept()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = Server(kept, port=port, implicit=context)
        server.start()
        self.addCleanup(server.stop)
        driver = self.driver(config(port, more="<secure_smtp>yes</secure_smtp><smtp_tls_verify>no</smtp_tls_verify>"))
        self.send_one(driver)
        driver("until waiting 0")
        self.assertEqual(len(kept.mails), 1)
        driver.close()

    def test_tls_that_is_offered_is_used_and_if_broken_gone_without(self):
        context, _ = self.certificate()
        kept = Kept()
        server = self.serve(kept, tls_context=context)
        driver = self.driver(config(server.port))
        self.send_one(driver)
        driver("until waiting 0")
        self.assertTrue(kept.mails[0][4])
        broken = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # no certificate: every handshake fails
        server = self.serve(kept, tls_context=broken)
        driver.close()
        driver = self.driver(config(server.port))
        self.send_one(driver, 2, 30)
        self.send_one(driver, 3, 60)
        driver("until waiting 0")
        self.assertFalse(kept.mails[-1][4])
        driver.close()

    def test_a_dead_server_delays_and_says_how_long(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        driver = self.driver(config(port), plain=True)
        self.send_one(driver)
        driver("until attempts 1")
        driver("at 60")
        driver("until attempts 2")
        driver.kill()
        kept = Kept()
        self.serve(kept, port=port)
        driver = self.driver(config(port), plain=True)
        driver("at 7811")
        driver("until waiting 0")
        driver("at 9000")
        driver("until idle 0")
        self.assertEqual(len(kept.mails), 1)
        self.assertIn(b"\r\n\r\nDelayed: this mail waited 2 h 10 min for the mail server.\r\n", kept.mails[0][3])
        driver.close()

    def test_a_server_that_cuts_off_at_any_point(self):
        kept = Kept()
        real = self.serve(kept)
        stops = []

        class Cutting(threading.Thread):
            """Passes bytes on to the real server until the client has sent so many."""

            def __init__(self, limit):
                super().__init__(daemon=True)
                self.limit, self.server = limit, socket.create_server(("127.0.0.1", 0))
                self.port = self.server.getsockname()[1]

            def run(self):
                client, _ = self.server.accept()
                self.server.close()
                up = socket.create_connection(("127.0.0.1", real.port))

                def back():
                    try:
                        while piece := up.recv(4096):
                            client.sendall(piece)
                    except OSError:
                        pass

                threading.Thread(target=back, daemon=True).start()
                left = self.limit
                while left > 0 and (piece := client.recv(min(left, 4096))):
                    up.sendall(piece)
                    left -= len(piece)
                client.shutdown(socket.SHUT_RDWR)
                up.close()

        for n, limit in enumerate((0, 10, 40, 80, 110, 400)):
            shutil.rmtree(self.home / "queue", ignore_errors=True)
            cutting = Cutting(limit)
            cutting.start()
            before = len(kept.mails)
            driver = self.driver(config(cutting.port), "ossec")
            self.send_one(driver)
            driver("until attempts 1")
            driver.kill()
            driver = self.driver(config(real.port), "ossec")
            driver("at 11")
            driver("until waiting 0")
            self.assertEqual(len(kept.mails), before + 1, limit)
            stops.append(limit)
            driver.close()
        self.assertEqual(len(stops), 6)

    def test_a_server_that_hangs_does_not_hold_up_anything_else(self):
        hanging, log = Sink(), Sink()
        driver = self.driver(config(hanging.port, rest=f"<syslog_output><server>127.0.0.1</server><port>{log.port}</port>"
                                                       "<protocol>tcp</protocol></syslog_output>"))
        self.send_one(driver)
        driver(f"alerts {self.alerts('two', alert(2, description='still told'))}")
        driver("until told 3")
        hanging.wait(lambda data: len(data) == 1)
        log.wait(lambda data: data and b"still told" in data[0])
        driver.close()
        hanging.close()
        log.close()

    def test_a_server_that_hangs_at_quit(self):
        kept = Kept()
        server = self.serve(kept)
        SMTP_quit = SMTP.smtp_QUIT

        async def hang(self, arg):
            import asyncio
            await asyncio.sleep(3600)

        SMTP.smtp_QUIT = hang
        self.addCleanup(lambda: setattr(SMTP, "smtp_QUIT", SMTP_quit))
        driver = self.driver(config(server.port))
        self.send_one(driver)
        driver("until waiting 0")
        driver("until sent 1")
        self.assertEqual(len(kept.mails), 1)
        driver.close()

    def test_dots_and_commands_in_log_text_stay_text(self):
        kept = Kept()
        server = self.serve(kept)
        text = "first\n.\nMAIL FROM:<evil@example.org>\nRCPT TO:<evil@example.org>\nDATA\n..\n.x"
        for compat in ("mended", "ossec"):
            shutil.rmtree(self.home / "queue", ignore_errors=True)
            driver = self.driver(config(server.port), compat, plain=True)
            self.send_one(driver, text=text)
            driver("until waiting 0")
            driver.close()
        self.assertEqual([m[1] for m in kept.mails], ["ids@example.org"] * 2)
        for mail in kept.mails:
            self.assertIn(b"\r\n" + text.replace("\n", "\r\n").encode() + b"\r\n", mail[3])


main(__name__)
