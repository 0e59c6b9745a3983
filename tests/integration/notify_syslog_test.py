#!/usr/bin/env python3
"""<syslog_output> into real UDP, TCP and TLS sinks. usage: notify_syslog_test.py DRIVER"""
import socket, ssl
from notify_support import CASES, HomeTest, Sink, alert, main

FORMATS = ("default", "cef", "json", "splunk")


def output(port, more="", server="127.0.0.1"):
    return f"<syslog_output><server>{server}</server><port>{port}</port>{more}</syslog_output>"


def config(*outputs):
    return "<ossec_config>" + "".join(outputs) + "</ossec_config>"


class Udp:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(60)
        self.port = self.socket.getsockname()[1]

    def take(self, count):
        return [self.socket.recv(65536) for _ in range(count)]


class Syslog(HomeTest):
    def test_golden_datagrams(self):
        case = CASES / "syslog-output"
        for form in FORMATS:
            sink = Udp()
            driver = self.driver(config(output(sink.port, f"<format>{form}</format>")), "ossec")
            driver(f"alerts {case / 'input.alerts'}")
            driver("until told 3")
            expected = [(case / f"expected.{n}.{form}").read_bytes() for n in (1, 2, 3)]
            self.assertEqual(sink.take(3), expected)
            driver.close()
            self.fresh()

    def fresh(self):
        for name in ("queue",):
            import shutil
            shutil.rmtree(self.home / name, ignore_errors=True)

    def test_golden_level_filter(self):
        case = CASES / "syslog-output"
        sink = Udp()
        driver = self.driver(config(output(sink.port, "<level>10</level>")), "ossec")
        driver(f"alerts {case / 'input.alerts'}")
        driver("until idle 0")
        self.assertEqual(sink.take(1), [(case / "expected.2.default-level10").read_bytes()])
        self.assertEqual(driver("safe"), "3")
        driver.close()

    def test_golden_streams(self):
        case = CASES / "syslog-tcp"
        context, _ = self.certificate()
        tls = "<tls>yes</tls><protocol>tcp</protocol><tls_ca>cert.pem</tls_ca>"
        for name, more in (("tcp.default", ""), ("tcp.splunk", "<format>splunk</format>"),
                           ("tcp.cef-level7", "<format>cef</format><level>7</level>"), ("tls.json", "<format>json</format>" + tls)):
            sink = Sink(context if name.startswith("tls") else None)
            more = more if name.startswith("tls") else more + "<protocol>tcp</protocol>"
            driver = self.driver(config(output(sink.port, more)), "ossec")
            driver(f"alerts {case / 'input.alerts'}")
            driver("until told 4")
            expected = (case / f"expected.{name}").read_bytes()
            sink.wait(lambda data: data and len(data[0]) >= len(expected))
            self.assertEqual(bytes(sink.data[0]), expected, name)
            driver.close()
            sink.close()
            self.fresh()

    def test_golden_datagrams_with_control_characters(self):
        case = CASES / "syslog-tcp"
        sink = Udp()
        driver = self.driver(config(output(sink.port)), "ossec")
        driver(f"alerts {case / 'input.alerts'}")
        driver("until told 4")
        self.assertEqual(sink.take(4), [(case / f"expected.udp.default.{n}").read_bytes() for n in (1, 2, 3, 4)])
        driver.close()

    def test_a_server_that_comes_late_gets_everything(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        driver = self.driver(config(output(port, "<protocol>tcp</protocol>")))
        driver(f"alerts {self.alerts('many', ''.join(alert(n, text=f'line {n}') for n in range(1, 6001)))}")
        driver("until retries 1")
        self.assertEqual(driver("safe"), "0")
        driver.kill()
        sink = Sink(port=port)
        driver = self.driver(config(output(port, "<protocol>tcp</protocol>")))
        driver(f"alerts {self.home / 'many'}")
        driver("until told 6000")
        sink.wait(lambda data: sum(d.count(b"\n") for d in data) >= 6000)
        lines = b"".join(sink.data).splitlines()
        self.assertEqual([line.rsplit(b" ", 1)[1] for line in lines], [str(n).encode() for n in range(1, 6001)])
        self.assertEqual(driver("safe"), "6000")
        driver.close()
        sink.close()

    def test_a_broken_connection_loses_nothing(self):
        sink = Sink()
        driver = self.driver(config(output(sink.port, "<protocol>tcp</protocol>")))
        driver(f"alerts {self.alerts('a', ''.join(alert(n, text=f'line {n}') for n in range(1, 101)))}")
        driver("until told 100")
        sink.close()
        again = Sink(port=sink.port)
        driver(f"alerts {self.alerts('b', ''.join(alert(n, text=f'line {n}') for n in range(101, 201)))}")
        driver("at 5")
        driver("until told 200")
        again.wait(lambda data: data and b"line 200\n" in data[-1])
        got = b"".join(bytes(d) for d in sink.data + again.data)
        for n in range(1, 201):
            self.assertIn(f" line {n}\n".encode(), got)
        driver.close()
        again.close()

    def test_tls_checks_the_server(self):
        context, _ = self.certificate()
        sink = Sink(context)
        more = "<tls>yes</tls><protocol>tcp</protocol>"
        driver = self.driver(config(output(sink.port, more)))
        driver(f"alerts {self.alerts('a', alert(1))}")
        driver("until retries 1")
        self.assertRegex(driver.log(), "certificate")
        driver.close()
        driver = self.driver(config(output(sink.port, more + "<tls_verify>no</tls_verify>")))
        driver(f"alerts {self.home / 'a'}")
        driver("until told 1")
        driver.close()
        sink.close()

    def test_old_tls_is_refused(self):
        context, _ = self.certificate()
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        sink = Sink(context)
        driver = self.driver(config(output(sink.port, "<tls>yes</tls><protocol>tcp</protocol><tls_verify>no</tls_verify>")))
        driver(f"alerts {self.alerts('a', alert(1))}")
        driver("until retries 1")
        driver.close()
        sink.close()

    def test_a_name_is_looked_up(self):
        sink = Udp()
        driver = self.driver(config(output(sink.port, server="localhost")))
        driver(f"alerts {self.alerts('a', alert(1, text='by name'))}")
        driver("until told 1")
        self.assertIn(b"by name", sink.take(1)[0])
        driver.close()

    def test_a_name_that_is_none_holds_up_only_its_own_channel(self):
        sink = Udp()
        driver = self.driver(config(output(514, server="no-such-host.invalid"), output(sink.port)))
        driver(f"alerts {self.alerts('a', alert(1))}")
        driver("until told 1")
        sink.take(1)
        driver("until retries 1")
        self.assertEqual(driver("safe"), "0")
        driver.close()

    def test_values_do_not_open_fields_of_their_own(self):
        evil = "User: x; srcip: 9.9.9.9\n"
        case = self.alerts("a", alert(1, text='end" src_ip="9.9.9.9', extra=evil))
        for form, forbidden in (("default", b"; srcip:"), ("splunk", b'" src_ip="9.9.9.9')):
            sink = Udp()
            driver = self.driver(config(output(sink.port, f"<format>{form}</format>")))
            driver(f"alerts {case}")
            driver("until told 1")
            self.assertNotIn(forbidden, sink.take(1)[0].replace(b'\\"', b"'"))
            driver.close()
            self.fresh()


main(__name__)
