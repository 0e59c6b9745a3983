#!/usr/bin/env python3
"""Alert mails and daily reports: what is mailed to whom, in which bytes. usage: notify_mail_test.py DRIVER"""
import email, email.policy, re, shutil
from notify_support import CASES, HomeTest, START, alert, main

GLOBAL = """<ossec_config><global><email_notification>yes</email_notification>{to}
<smtp_server>/mail/program</smtp_server><email_from>ids@example.org</email_from>{more}</global>{rest}</ossec_config>"""


def config(to=("a@example.org",), more="", rest=""):
    return GLOBAL.format(to="".join(f"<email_to>{t}</email_to>" for t in to), more=more, rest=rest)


def without_date(mail):
    return re.sub(rb"\r\nDate: [^\r]*\r\n", b"\r\nDate: -\r\n", mail, count=1)


class Mail(HomeTest):
    def mails(self):
        paths = sorted(self.home.glob("program.*"), key=lambda p: int(p.suffix[1:]))
        return [p.read_bytes() for p in paths]

    def parsed(self):
        return [email.message_from_bytes(m, policy=email.policy.default) for m in self.mails()]

    def run_steps(self, driver, case):
        for line in (case / "steps.txt").read_text().splitlines():
            second, name = re.fullmatch(r"second (\d+): append (.*)", line).groups()
            # Whatever is due between two steps happens at its own second.
            while self.now < int(second):
                self.now += 1
                driver(f"at {self.now}")
            shutil.copy(case / name, self.home / name)
            driver(f"alerts {self.home / name}")
        driver(f"at {self.now + 15}")

    def test_golden_mail_sequence(self):
        case = CASES / "mail-sequence"
        self.now = 0
        driver = self.driver((case / "ossec.conf").read_text(), "ossec")
        self.run_steps(driver, case)
        driver("until waiting 0")
        expected = sorted(without_date(p.read_bytes()) for p in case.glob("expected.mail.*"))
        self.assertEqual(sorted(map(without_date, self.mails())), expected)
        driver.close()

    def test_granular_recipients_get_only_their_own(self):
        case = CASES / "mail-sequence"
        self.now = 0
        driver = self.driver((case / "ossec.conf").read_text(), plain=True)
        self.run_steps(driver, case)
        driver("until waiting 0")
        got = {}
        for mail in self.mails():
            head, body = mail.split(b"\r\n\r\n", 1)
            to = tuple(re.findall(rb"<(.@example.org)>", b"\r\n".join(l for l in head.split(b"\r\n") if l[:3] in (b"To:", b"Cc:"))))
            got.setdefault(to, []).append(re.findall(rb'-> "(.*)"', body))
        self.assertEqual(got[(b"c@example.org",)], [[b"second one"], [b"eighth"]])
        self.assertEqual(got[(b"d@example.org",)], [[b"fifth"]])
        self.assertEqual(got[(b"e@example.org",)], [[b"seventh dng"]])
        everything = [name for mail in got[(b"a@example.org", b"b@example.org")] for name in mail]
        self.assertEqual(len(everything), 8)
        driver.close()

    def test_golden_report_mail(self):
        case = CASES / "report-mail"
        shutil.copy(case / "input.alerts", self.home / "day-2024-03-05.alerts")
        text = (case / "ossec.conf").read_text().replace("127.0.0.1", "/mail/program")
        driver = self.driver(text, "ossec", start=1709683140)  # 23:59:00
        driver("at 0")
        self.assertEqual(self.mails(), [])
        driver("at 120")  # 00:01:00
        driver("until idle 0")
        expected = []
        for path in case.glob("expected.smtp.*"):
            expected.append(re.search(rb"DATA\r\n(.*)\r\n\.\r\nQUIT\r\n", path.read_bytes(), re.S).group(1))
        self.assertEqual(sorted(self.mails()), sorted(expected))
        self.assertIn("'Nothing': no alert passed, no mail", driver.log())
        driver("at 240")
        driver("until idle 0")
        self.assertEqual(len(self.mails()), 2)
        driver.close()

    def test_reports_of_days_that_were_slept_through_come_once(self):
        (self.home / "day-2024-03-05.alerts").write_text(alert(text="one"))
        (self.home / "day-2024-03-06.alerts").write_text(alert(text="two"))
        rest = "<reports><title>All</title><email_to>r@example.org</email_to><level>1</level></reports>"
        driver = self.driver(config(rest=rest))
        driver("at 0")
        driver.kill()
        driver = self.driver(config(rest=rest), start=START + 2 * 86400)
        driver("at 1")
        driver("until idle 0")
        driver("reopen")
        driver("at 2")
        driver("until idle 0")
        self.assertEqual([m["Subject"] for m in self.parsed()], ["All", "All"])
        self.assertEqual([m["To"] for m in self.parsed()], ["r@example.org"] * 2)
        driver.close()

    def test_html_part_beside_the_same_text(self):
        text = alert(text="tab\there \u00e9 <b>&</b>\n.\nFrom x\n" + "y" * 3000, description="caf\u00e9 <script>")
        path = self.alerts("one", text)
        driver = self.driver(config(), plain=True)
        driver(f"alerts {path}")
        driver("at 11")
        driver("until sent 1")
        driver.close()
        (self.home / "etc" / "local_internal_options.conf").unlink()
        shutil.rmtree(self.home / "queue")
        driver = self.driver(config())
        driver(f"alerts {path}")
        driver("at 11")
        driver("until sent 1")
        mail = self.parsed()[-1]
        plain, html = mail.iter_parts()
        self.assertEqual(mail["Subject"], "OSSEC Alert - h1 - Level 8 - caf\u00e9 <script>")
        body = plain.get_payload(decode=True).decode()
        self.assertTrue(body.startswith("\r\nOSSEC HIDS Notification.\r\n2024 Mar 05 10:00:00\r\n\r\nReceived From: h1->/l\r\n"))
        self.assertIn("tab\there \u00e9 <b>&</b>\r\n.\r\nFrom x\r\n" + "y" * 3000 + "\r\n", body)
        page = html.get_content()
        self.assertIn("&lt;b&gt;&amp;&lt;/b&gt;", page)
        self.assertNotIn("<script", page)
        self.assertTrue(all(len(line) <= 998 for line in self.mails()[-1].split(b"\r\n")))
        driver.close()

    def test_log_text_is_never_a_header(self):
        evil = "x\rBcc: <evil@example.org>"
        path = self.alerts("one", alert(description=evil, location="h1\r\x01Bcc: <e@e.org>->/l", text="\r\n.\r\rMAIL FROM:<x>"))
        for compat in ("mended", "ossec"):
            shutil.rmtree(self.home / "queue", ignore_errors=True)
            driver = self.driver(config(more="<email_idsname>a\rBcc: e@e.org</email_idsname>"), compat)
            driver(f"alerts {path}")
            driver("at 11")
            driver("until sent 1")
            mail = self.mails()[-1]
            self.assertNotRegex(mail, rb"(?m)^\s*Bcc")
            self.assertNotRegex(mail, rb"\r(?!\n)|(?<!\r)\n")
            driver.close()

    def test_the_alert_in_the_subject_is_in_the_body(self):
        path = self.alerts("one", "".join(alert(n, level=7 + n % 6, description=f"number {n}") for n in range(1, 60)))
        driver = self.driver(config(), plain=True)
        driver(f"alerts {path}")
        driver("at 11")
        driver("until sent 1")
        mail = self.parsed()[0]
        self.assertEqual(mail["Subject"], "OSSEC Alert - h1 - Level 12 - number 5")
        self.assertIn('(level 12) -> "number 5"', mail.get_payload())
        driver.close()

    def test_over_the_hourly_limit_a_digest_names_every_alert(self):
        rest = "<email_alerts><email_to>g@example.org</email_to><rule_id>5000</rule_id></email_alerts>"
        driver = self.driver(config(more="<email_maxperhour>1</email_maxperhour>", rest=rest), plain=True)
        first = self.alerts("first", alert(1))
        driver(f"alerts {first}")
        driver("at 11")
        driver("until sent 1")
        many = self.alerts("many", "".join(alert(n, rule=5000 if n == 50 else n, description=f"held {n}", text=f"log of {n}",
                                                 extra="User: bob\n") for n in range(2, 1402)))
        driver(f"alerts {many}")
        driver("at 22")
        driver("until held 1000")  # as many as it takes at a time
        driver("at 33")
        driver("until held 1400")
        self.assertEqual(driver("safe"), "1401")
        driver.kill()
        driver = self.driver(config(more="<email_maxperhour>1</email_maxperhour>", rest=rest), start=START + 3600, plain=True)
        for name in (first, many):
            driver(f"alerts {name}")
        driver("at 1")
        driver("until waiting 0")
        texts = {m["To"]: m.get_payload() for m in self.parsed()}
        for n in range(2, 1402):
            self.assertEqual(len(re.findall(rf"Alert: {START}\.{n}\b", texts["a@example.org"])), 1, n)
        self.assertEqual(re.findall(r"Alert: \d+\.(\d+)", texts["g@example.org"]), ["50"])
        driver.close()

    def test_as_ossec_the_newest_96_are_kept(self):
        driver = self.driver(config(more="<email_maxperhour>1</email_maxperhour>"), "ossec")
        driver(f"alerts {self.alerts('first', alert(1))}")
        driver("at 11")
        driver(f"alerts {self.alerts('many', ''.join(alert(n, description=f'held {n}') for n in range(2, 202)))}")
        driver("at 22")
        driver("until held 96")
        driver("at 3600")
        driver("until waiting 0")
        names = re.findall(rb'"held (\d+)"', self.mails()[-1])
        self.assertEqual(names, [str(n).encode() for n in range(106, 202)])
        driver.close()

    def test_a_kill_before_the_mail_is_written_loses_nothing(self):
        path = self.alerts("one", alert(1) + alert(2, mail=False) + alert(3))
        driver = self.driver(config(), plain=True)
        driver(f"alerts {path}")
        self.assertEqual(driver("safe"), "0")
        driver.kill()
        driver = self.driver(config(), plain=True)
        driver(f"alerts {path}")
        driver("at 11")
        driver("until sent 1")
        self.assertEqual(driver("safe"), "3")
        driver("reopen")
        driver("at 60")
        driver("until idle 0")
        self.assertEqual(len(self.mails()), 1)
        driver.close()

    def test_a_steady_stream_does_not_put_the_mail_off_for_ever(self):
        driver = self.driver(config(), plain=True)
        for n in range(1, 16):
            driver(f"at {n * 5}")
            driver(f"alerts {self.alerts('next', alert(n))}")
        driver("until sent 1")
        driver.close()

    def test_a_full_disk_makes_alerts_wait(self):
        (self.home / "queue").write_text("not a folder")
        with self.assertRaises(AssertionError):
            self.driver(config())

    def test_a_second_notifier_is_refused(self):
        driver = self.driver(config())
        with self.assertRaisesRegex(AssertionError, "another process sends mail"):
            self.driver(config())
        driver.close()


main(__name__)
