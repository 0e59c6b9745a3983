#!/usr/bin/env python3
"""Webhooks against a real web server. usage: notify_webhook_test.py DRIVER"""
import http.server, json, socket, threading
from notify_support import HomeTest, START, alert, main


class Hooks:
    def __init__(self, answers=(), context=None, port=0):
        self.requests, self.changed, self.answers = [], threading.Condition(), list(answers)
        hooks = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with hooks.changed:
                    hooks.requests.append((self.path, dict(self.headers), body))
                    hooks.changed.notify_all()
                    status, headers = hooks.answers.pop(0) if hooks.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bodies(self):
        return [json.loads(body) for _, _, body in self.requests]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def config(port, more="", scheme="http", path="/services/SECRET"):
    return f"<ossec_config><webhook><url>{scheme}://127.0.0.1:{port}{path}</url>{more}</webhook></ossec_config>"


class Webhooks(HomeTest):
    def one(self, more, alert_text):
        hooks = Hooks()
        driver = self.driver(config(hooks.port, more))
        driver(f"alerts {self.alerts('a', alert_text)}")
        driver("until told 1")
        self.assertNotIn("SECRET", driver.log())
        driver.close()
        hooks.close()
        return hooks

    def test_generic(self):
        hooks = self.one("<header>Authorization: Bearer SECRET</header>",
                         alert(3, text='l1 "q"\nl2', extra="Src IP: 1.2.3.4\nUser: bob\n", group="sshd,auth,"))
        path, headers, _ = hooks.requests[0]
        self.assertEqual((path, headers["Authorization"], headers["Content-Type"]),
                         ("/services/SECRET", "Bearer SECRET", "application/json"))
        self.assertEqual(hooks.bodies()[0], {
            "id": f"{START}.3", "date": "2024 Mar 05 10:00:00",
            "rule": {"id": 100, "level": 8, "description": "d", "group": "sshd,auth,"},
            "location": "h1->/l", "srcip": "1.2.3.4", "user": "bob", "log": 'l1 "q"\nl2'})

    def test_slack_marks_are_text(self):
        body = self.one("<type>slack</type>", alert(text="<!channel> ``` &", description="<@U1> *x*")).bodies()[0]
        self.assertEqual(body["text"], "Level 8: &lt;@U1&gt; *x*")
        self.assertEqual(body["attachments"][0]["text"], "```&lt;!channel&gt; ''' &amp;```")

    def test_teams(self):
        body = self.one("<type>teams</type>", alert(text="[link](http://evil)")).bodies()[0]
        card = body["attachments"][0]["content"]
        self.assertEqual({block["type"] for block in card["body"]}, {"RichTextBlock"})
        self.assertEqual(card["body"][2]["inlines"][0]["text"], "[link](http://evil)")

    def test_pagerduty(self):
        body = self.one("<type>pagerduty</type><key>R1</key>", alert(level=12)).bodies()[0]
        self.assertEqual((body["routing_key"], body["event_action"], body["dedup_key"]), ("R1", "trigger", f"{START}.1"))
        self.assertEqual((body["payload"]["severity"], body["payload"]["source"]), ("critical", "h1"))

    def test_filters(self):
        hooks = Hooks()
        driver = self.driver(config(hooks.port, "<level>9</level><rule_id>5,6</rule_id><group>auth</group><location>web</location>"))
        rows = [(5, 9, "auth,", "web1->/l"), (5, 8, "auth,", "web1->/l"), (7, 9, "auth,", "web1->/l"), (6, 9, "x,", "web1->/l"),
                (6, 12, "auth,", "db->/l")]
        text = "".join(alert(n, rule=r, level=v, group=g, location=w) for n, (r, v, g, w) in enumerate(rows, 1))
        driver(f"alerts {self.alerts('a', text)}")
        driver("until idle 0")
        self.assertEqual([b["id"] for b in hooks.bodies()], [f"{START}.1"])
        driver.close()
        hooks.close()

    def test_trouble_is_tried_again_in_order_and_refusals_are_counted(self):
        hooks = Hooks([(503, {}), (429, {"Retry-After": "30"}), (404, {}), (200, {}), (400, {})])
        driver = self.driver(config(hooks.port))
        driver(f"alerts {self.alerts('a', alert(1) + alert(2) + alert(3))}")
        driver("until retries 1")
        self.assertEqual(driver("safe"), "0")
        driver("at 3")
        driver("until retries 2")
        driver("at 34")
        driver("until retries 3")
        driver("at 60")
        driver("until told 2")
        driver("until refused 1")
        self.assertEqual([b["id"].split(".")[1] for b in hooks.bodies()], ["1", "1", "1", "1", "2", "3"])
        self.assertEqual(driver("safe"), "3")
        driver("status")
        self.assertIn('gander_channel_refused_total{channel="webhook generic 127.0.0.1"} 1', driver.log())
        driver.close()
        hooks.close()

    def test_a_server_that_is_away_gets_everything_later(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        driver = self.driver(config(port))
        driver(f"alerts {self.alerts('a', ''.join(alert(n) for n in range(1, 301)))}")
        driver("until retries 1")
        self.assertNotIn("SECRET", driver.log())
        driver.kill()
        hooks = Hooks(port=port)
        driver = self.driver(config(port))
        driver(f"alerts {self.home / 'a'}")
        driver("until told 300")
        self.assertEqual([b["id"].split(".")[1] for b in hooks.bodies()], [str(n) for n in range(1, 301)])
        driver.close()
        hooks.close()

    def test_tls_is_checked(self):
        context, _ = self.certificate()
        hooks = Hooks(context=context)
        driver = self.driver(config(hooks.port, scheme="https"))
        driver(f"alerts {self.alerts('a', alert(1))}")
        driver("until retries 1")
        driver.close()
        driver = self.driver(config(hooks.port, "<tls_ca>cert.pem</tls_ca>", scheme="https"))
        driver(f"alerts {self.home / 'a'}")
        driver("until told 1")
        driver.close()
        hooks.close()


main(__name__)
