#!/usr/bin/env python3
"""Writes days on which nothing bad happens: the logs of a small company's server, from 2 February 2026 on.

usage: tools/make_harmless_days.py [--seed N] [--lines N] [--stream] FOLDER     (a million lines by default)

The same seed and number of lines give the same bytes. Whoever raises an alarm over them raises a false one:
`gander replay --clock event --tz UTC --year 2026 FOLDER/all.log` should have less than 20 alerts of level 7 or more in a
million lines. --stream writes one file, all.log, in the order of time.

What happens: people log in by key and now and then mistype a password, use sudo for their work; cron, timers, backups,
certificates; name, data base, directory, VPN and telephone servers, panels, proxies, firewalls and Windows machines go
about their work (harmless_services.py); mail comes and goes, people read it; the web is browsed, searched, watched, used
by programs, asked for pages that moved and for URLs that look odd; packages are upgraded; the machine restarts once a
month. All names and addresses are made up (RFC 5737, RFC 3849), save those of the search engines, whose addresses tell that they are.
"""
import argparse, pathlib, random

import harmless_services

DAY = 24 * 3600
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HOST = "cellar"
PEOPLE = (("anna", "192.0.2.21"), ("ben", "192.0.2.22"), ("carla", "198.51.100.40"), ("deploy", "192.0.2.30"))
MAILERS = ("mail-a.example.net", "mx1.example.org", "out7.example.com", "smtp.example.edu", "lists.example.org")
BOXES = ("anna", "ben", "carla", "info", "orders", "office")
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Mobile Safari/537.36",
)
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
BING = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"
PAGES = ("/", "/wine", "/wine/red", "/wine/white?sort=price", "/cheese", "/cheese/hard", "/season", "/opening-hours",
         "/contact", "/basket", "/blog/", "/blog/how-to-select-a-riesling", "/blog/union-street-tasting", "/events?month=2",
         "/recipes/plum-cake", "/recipes?cat=5;page=2", "/press", "/jobs", "/imprint", "/privacy")
PARTS = ("/static/site.css", "/static/site.js?v=3.2.1", "/static/logo.svg", "/media/a.webp", "/media/b.webp",
         "/static/fonts/text.woff2", "/favicon.ico")
ODD = ("/search?q=O%27Brien", "/search?q=caf%C3%A9%20cr%C3%A8me", "/search?q=rock%20%27n%27%20roll", "/search?q=c%2B%2B",
       "/search?q=100%25+cotton", "/search?q=drop+table+lamp", "/search?q=union+station+select", "/search?q=cats+and+dogs",
       "/search?q=%22dry+white%22", "/search?q=price%3E100", "/search?q=a%26b", "/search?q=what+is+etc", "/wiki/C%2B%2B",
       "/share?u=https%3A%2F%2Fwww.example.net%2Fa%3Fb%3Dc", "/login?next=%2Faccount%3Ftab%3D1", "/files/My%20Plan%20(2).pdf",
       "/oauth/authorize?redirect_uri=https%3A%2F%2Fapp.example.org%2Fcb&state=YWJj%3D%3D", "/wine?filter%5Bname%5D=a&page%5Bsize%5D=9",
       "/track?e=%7B%22a%22%3A%5B1%2C2%5D%7D", "/w/load.php?lang=en&modules=ext.cite%7Cext.visual&only=styles",
       "/cal?date=2026-02-15T10:00:00%2B01:00", "/map?bbox=8.1,47.1,8.9,47.9", "/blog/log4shell-explained", "/blog/what-is-xss",
       "/%E4%B8%AD%E6%96%87/", "/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82", "/note?text=thanks%3B+see+you", "/a?msg=one%0D%0Atwo",
       "/s3/key?X-Amz-Credential=AK%2F20260215%2Feu%2Fs3%2Faws4_request&X-Amz-SignedHeaders=host", "/q?tmpl={name}", "/it's-wine",
       "/list?ids[]=1&ids[]=2", "/t?u=javascript%3Avoid(0)", "/download?file=2026/02/price-list.pdf", "/x?sig=a%2Fb%2Bc%3D%3D&exp=1")
GONE = ("/old/page.html", "/wine/2019", "/feed.xml", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png",
        "/ads.txt", "/media/missing.jpg", "/robots.txt", "/.well-known/security.txt", "/sitemap-old.xml")
PROGRAMS = ("GET /api/v1/stock?since=1770000000", "GET /api/v1/items/12", "POST /api/v1/orders", "PUT /api/v1/items/12",
            "POST /api/graphql", "GET /api/v1/items?fields=id,name&limit=50", "PATCH /api/v1/orders/7", "DELETE /api/v1/baskets/3")
PACKAGES = (("libc-bin", "2.36-9+deb12u9", "2.36-9+deb12u10"), ("openssl", "3.0.15-1~deb12u1", "3.0.16-1~deb12u1"),
            ("curl", "7.88.1-10+deb12u8", "7.88.1-10+deb12u12"), ("tzdata", "2024b-0+deb12u1", "2025b-0+deb12u1"),
            ("nginx", "1.22.1-9", "1.22.1-9+deb12u1"), ("linux-image-amd64", "6.1.128-1", "6.1.129-1"),
            ("bind9-host", "1:9.18.28-1", "1:9.18.33-1"), ("vim-tiny", "2:9.0.1378-2", "2:9.0.1378-2+deb12u2"))
UNITS = ("apt-daily.service - Daily apt download activities", "logrotate.service - Rotate log files",
         "fstrim.service - Discard unused blocks", "man-db.service - Daily man-db regeneration",
         "certbot.service - Certbot", "phpsessionclean.service - Clean php session files",
         "systemd-tmpfiles-clean.service - Cleanup of Temporary Directories", "sysstat-collect.service - system activity accounting tool")
SUDO = ("/usr/bin/systemctl restart nginx", "/usr/bin/journalctl -u postfix -n 100", "/usr/bin/apt-get update",
        "/usr/bin/tail -f /var/log/nginx/error.log", "/usr/bin/certbot renew", "/usr/bin/less /var/log/mail.log")


class Days:
    """Collects the lines of a day with their times; each day is written sorted."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.today, self.lines = 0, []
        self.pid = 1000

    # Only random() gives the same numbers in every version of Python.
    def number(self, low, high):
        return low + int(self.random.random() * (high - low + 1))

    def pick(self, things):
        return things[int(self.random.random() * len(things))]

    def chance(self, part):
        return self.random.random() < part

    def times(self, count, begin=0, end=DAY):
        return sorted(begin + self.random.random() * (end - begin) for _ in range(count))

    def by_day(self, count):
        return sorted(t if 7 * 3600 <= t < 23 * 3600 or self.chance(0.3) else 7 * 3600 + t / DAY * 16 * 3600
                      for t in self.times(count))

    def next_pid(self):
        self.pid = 1000 + (self.pid - 999) % 60000
        return self.pid

    def visitor(self):
        if self.chance(0.15):
            return f"2001:db8:{self.number(1, 60):x}::{self.number(1, 4000):x}"
        return f"{self.pick(('192.0.2', '198.51.100', '203.0.113'))}.{self.number(64, 250)}"

    # Forms of time stamps.
    def date(self, t):
        day, month = self.today + int(t // DAY), 1
        day += 1
        while day >= LENGTHS[month % 12]:
            day -= LENGTHS[month % 12]
            month += 1
        return month % 12, day + 1, 2026 + month // 12

    def clock(self, t):
        s = int(t) % DAY
        return f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}"

    def put(self, name, t, text):
        self.lines.append((t, len(self.lines), name, text))

    def syslog(self, name, t, program, text):
        month, day, _ = self.date(t)
        self.put(name, t, f"{MONTHS[month]} {day:2} {self.clock(t)} {HOST} {program}: {text}")

    def web(self, t, address, request, status, size, agent, referer="-", user="-"):
        month, day, year = self.date(t)
        self.put("access", t, f'{address} - {user} [{day:02}/{MONTHS[month]}/{year}:{self.clock(t)} +0000] '
                              f'"{request}" {status} {size} "{referer}" "{agent}"')

    def nginx_error(self, t, level, text):
        month, day, year = self.date(t)
        self.put("error", t, f"{year}/{month + 1:02}/{day:02} {self.clock(t)} [{level}] 812#812: {text}")

    def dpkg(self, t, text):
        month, day, year = self.date(t)
        self.put("dpkg", t, f"{year}-{month + 1:02}-{day:02} {self.clock(t)} {text}")

    # What happens.
    def people(self):
        for person, address in PEOPLE:
            for t in self.by_day(self.number(1, 6)):
                self.ssh(t, person, address)
        for t in self.by_day(self.number(0, 3)):
            person, _ = self.pick(PEOPLE)
            self.syslog("auth", t, f"su[{self.next_pid()}]", f"(to root) {person} on pts/1")
            self.syslog("auth", t, f"su[{self.pid}]", f"pam_unix(su:session): session opened for user root(uid=0) by {person}(uid=1001)")
            self.syslog("auth", t + 60, f"su[{self.pid}]", "pam_unix(su:session): session closed for user root")

    def ssh(self, t, person, address):
        ssh, port, session = f"sshd[{self.next_pid()}]", self.number(30000, 60000), self.number(10, 9999)
        if self.chance(0.05):
            self.syslog("auth", t - 8, ssh, f"Failed password for {person} from {address} port {port} ssh2")
            how = "password"
        else:
            how = "publickey"
        key = ": ED25519 SHA256:2bq3Yw0pP8xV1mJ5s7dUeRkTzLcNfHgAiQoWvXyBnM4" if how == "publickey" else ""
        self.syslog("auth", t, ssh, f"Accepted {how} for {person} from {address} port {port} ssh2{key}")
        self.syslog("auth", t, ssh, f"pam_unix(sshd:session): session opened for user {person}(uid=1001) by (uid=0)")
        self.syslog("auth", t, "systemd-logind[612]", f"New session {session} of user {person}.")
        end = t + self.number(60, 7200)
        if self.chance(0.3) and person != "deploy":
            terminal = f"pts/{self.number(0, 3)}"
            self.syslog("auth", t + 40, f"sudo[{self.next_pid()}]",
                        f"  {person} : TTY={terminal} ; PWD=/home/{person} ; USER=root ; COMMAND={self.pick(SUDO)}")
            self.syslog("auth", t + 40, f"sudo[{self.pid}]", f"pam_unix(sudo:session): session opened for user root(uid=0) by {person}(uid=1001)")
            self.syslog("auth", t + 43, f"sudo[{self.pid}]", "pam_unix(sudo:session): session closed for user root")
        self.syslog("auth", end, ssh, f"Received disconnect from {address} port {port}:11: disconnected by user")
        self.syslog("auth", end, ssh, f"Disconnected from user {person} {address} port {port}")
        self.syslog("auth", end, ssh, f"pam_unix(sshd:session): session closed for user {person}")
        self.syslog("auth", end, "systemd-logind[612]", f"Session {session} logged out. Waiting for processes to exit.")
        self.syslog("auth", end, "systemd-logind[612]", f"Removed session {session}.")

    def machine(self):
        for minute in range(0, DAY, 300):
            t, cron = minute + 1, f"CRON[{self.next_pid()}]"
            user, command = ("www-data", "php /srv/shop/bin/queue.php --once") if minute % 900 else ("root", "command -v debian-sa1 > /dev/null && debian-sa1 1 1")
            self.syslog("auth", t, cron, f"pam_unix(cron:session): session opened for user {user}(uid={33 if user != 'root' else 0}) by (uid=0)")
            self.syslog("system", t, cron, f"({user}) CMD ({command})")
            self.syslog("auth", t + 1, cron, f"pam_unix(cron:session): session closed for user {user}")
        for t in self.times(40):
            unit = self.pick(UNITS)
            self.syslog("system", t, "systemd[1]", f"Starting {unit}...")
            self.syslog("system", t + 2, "systemd[1]", f"{unit.split()[0]}: Deactivated successfully.")
            self.syslog("system", t + 2, "systemd[1]", f"Finished {unit}.")
        for t in self.times(24):
            self.syslog("system", t, "kernel", f"[{1204331 + t:14.6f}] " + self.pick((
                "audit: type=1400 audit(1770000000.123:45): apparmor=\"STATUS\" operation=\"profile_replace\" profile=\"unconfined\" name=\"man\" pid=1 comm=\"apparmor_parser\"",
                "perf: interrupt took too long (2503 > 2500), lowering kernel.perf_event_max_sample_rate to 79750",
                "EXT4-fs (dm-1): re-mounted. Opts: errors=remount-ro", "igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex",
                "usb 1-2: reset high-speed USB device number 3 using xhci_hcd", "IPv6: ADDRCONF(NETDEV_CHANGE): eno1: link becomes ready")))
            self.syslog("system", t + 5, "chronyd[601]", f"Selected source 192.0.2.{self.number(1, 9)} (ntp.example.net)")
            self.syslog("system", t + 9, "dhclient[702]", "DHCPACK of 192.0.2.10 from 192.0.2.1")
            self.syslog("system", t + 11, "smartd[640]", "Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 68 to 67")
        for t in (2 * 3600 + 60, 14 * 3600 + 60):
            self.syslog("system", t, "borg[4211]", "Creating archive at \"/backup/cellar::{now}\"")
            self.syslog("system", t, "rsync[4212]", "rsync on backup/ from backup.example.net (192.0.2.30)")
            self.syslog("system", t + 900, "borg[4211]", "terminating with success status, rc 0")

    def upgrades(self):
        t = 6 * 3600 + 600
        for name, old, new in PACKAGES[self.today % 4:self.today % 4 + self.number(0, 4)]:
            for text in (f"upgrade {name}:amd64 {old} {new}", f"status half-configured {name}:amd64 {old}",
                         f"status unpacked {name}:amd64 {old}", f"status half-installed {name}:amd64 {old}",
                         f"status unpacked {name}:amd64 {new}", f"configure {name}:amd64 {new} <none>",
                         f"status unpacked {name}:amd64 {new}", f"status half-configured {name}:amd64 {new}",
                         f"status installed {name}:amd64 {new}", "trigproc man-db:amd64 2.11.2-2 <none>",
                         "status half-configured man-db:amd64 2.11.2-2", "status installed man-db:amd64 2.11.2-2"):
                t += 0.3
                self.dpkg(t, text)

    def mail(self):
        for t in self.by_day(500):
            sender, box, queue = self.pick(MAILERS), self.pick(BOXES), f"{self.number(1 << 36, 1 << 40):X}"
            address, smtpd = self.visitor(), f"postfix/smtpd[{self.next_pid()}]"
            self.syslog("mail", t, smtpd, f"connect from {sender}[{address}]")
            self.syslog("mail", t + 0.4, smtpd, f"{queue}: client={sender}[{address}]")
            self.syslog("mail", t + 0.6, f"postfix/cleanup[{self.pid + 1}]", f"{queue}: message-id=<{queue.lower()}@{sender}>")
            self.syslog("mail", t + 0.8, "postfix/qmgr[901]", f"{queue}: from=<news@{sender}>, size={self.number(900, 90000)}, nrcpt=1 (queue active)")
            self.syslog("mail", t + 0.9, smtpd, f"disconnect from {sender}[{address}] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7")
            self.syslog("mail", t + 1.2, f"postfix/lmtp[{self.pid + 2}]",
                        f"{queue}: to=<{box}@example.net>, relay={HOST}.example.net[private/dovecot-lmtp], delay=0.9, delays=0.8/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <{box}@example.net> x Saved)")
            self.syslog("mail", t + 1.3, "postfix/qmgr[901]", f"{queue}: removed")
        for t in self.by_day(900):
            box, address = self.pick(BOXES), self.visitor()
            self.syslog("mail", t, "dovecot", f"imap-login: Login: user=<{box}@example.net>, method=PLAIN, rip={address}, lip=192.0.2.10, mpid={self.next_pid()}, TLS, session=<x{self.pid}Q7aJ>")
            self.syslog("mail", t + self.number(5, 900), "dovecot", f"imap({box}@example.net)<{self.pid}><x{self.pid}Q7aJ>: Disconnected: Logged out in=120 out=1840 deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0")

    def browsing(self):
        for t in self.by_day(700):
            address, agent, referer = self.visitor(), self.pick(BROWSERS), "-"
            for _ in range(self.number(1, 6)):
                page = self.pick(ODD) if self.chance(0.06) else self.pick(PAGES)
                self.web(t, address, f"GET {page} HTTP/2.0", 200 if self.chance(0.93) else self.pick((301, 302, 304)), self.number(800, 40000), agent, referer)
                referer = "https://shop.example.net" + page
                for part in PARTS[:self.number(0, len(PARTS))]:
                    self.web(t + 0.2, address, f"GET {part} HTTP/2.0", 304 if self.chance(0.5) else 200, self.number(0, 90000), agent, referer)
                if self.chance(0.08):
                    self.web(t + 1, address, "POST /basket/add HTTP/2.0", 302, 0, agent, referer)
                if self.chance(0.02):
                    gone = self.pick(GONE)
                    self.web(t + 2, address, f"GET {gone} HTTP/2.0", 404, 153, agent, referer)
                    self.nginx_error(t + 2, "error", f'*{self.next_pid()} open() "/srv/www{gone}" failed (2: No such file or directory), client: {address}, server: shop.example.net, request: "GET {gone} HTTP/2.0", host: "shop.example.net"')
                t += self.number(6, 90)
        for t in self.times(3):
            address = self.visitor()
            self.web(t, address, "GET /basket HTTP/2.0", self.pick((500, 502, 504, 499)), 0, self.pick(BROWSERS))
            self.nginx_error(t, "error", f'*{self.next_pid()} upstream timed out (110: Connection timed out) while reading response header from upstream, client: {address}, server: shop.example.net, request: "GET /basket HTTP/2.0", upstream: "http://127.0.0.1:8080/basket", host: "shop.example.net"')

    def machines_on_the_web(self):
        for t in range(0, DAY, 60):
            self.web(t + 7, "192.0.2.5", "GET /healthz HTTP/1.1", 200, 2, "kube-probe/1.30")
        for t in range(0, DAY, 300):
            self.web(t + 11, "198.51.100.9", "HEAD / HTTP/1.1", 200, 0, "UptimeChecker/2.0 (+https://uptime.example.com)")
        for t in self.times(400):
            self.web(t, f"66.249.66.{self.number(1, 60)}", f"GET {self.pick(PAGES)} HTTP/1.1", 200 if self.chance(0.97) else 404, self.number(800, 40000), GOOGLE)
        for t in self.times(150):
            self.web(t, f"40.77.167.{self.number(1, 60)}", f"GET {self.pick(PAGES + GONE[:3])} HTTP/1.1", 200, self.number(800, 40000), BING)
        for t in self.times(250):
            self.web(t, self.pick(("203.0.113.20", "203.0.113.21")), "GET /feed/ HTTP/1.1", self.pick((200, 304)), self.number(0, 9000), "FreshRSS/1.26.1")
        for t in self.times(900):
            self.web(t, "192.0.2.31", self.pick(PROGRAMS) + " HTTP/1.1", self.pick((200, 200, 200, 201, 204)), self.number(0, 5000), "stock-sync/3.1", user="sync")
        for t in self.by_day(20):  # a program that sends much at once
            for i in range(self.number(5, 25)):
                self.web(t + i * 0.7, "192.0.2.32", "POST /api/v1/events HTTP/1.1", 202, 0, "okhttp/4.12.0")
        for t in self.by_day(60):  # each session of a file client begins without a password
            self.web(t, self.pick(("192.0.2.21", "192.0.2.22")), "PROPFIND /remote.php/dav/files/anna/ HTTP/1.1", 401, 400, "Mozilla/5.0 (Linux) mirall/3.15")
            for i in range(self.number(1, 8)):
                self.web(t + i, self.pick(("192.0.2.21", "192.0.2.22")), "PROPFIND /remote.php/dav/files/anna/ HTTP/1.1", 207, 2400, "Mozilla/5.0 (Linux) mirall/3.15", user="anna")
        for t in self.by_day(8):
            address = self.visitor()
            self.web(t, address, "GET /wp-login.php HTTP/2.0", 200, 4100, BROWSERS[0])
            if self.chance(0.2):
                self.web(t + 9, address, "POST /wp-login.php HTTP/2.0", 200, 4300, BROWSERS[0], "https://shop.example.net/wp-login.php")
            self.web(t + 20, address, "POST /wp-login.php HTTP/2.0", 302, 0, BROWSERS[0], "https://shop.example.net/wp-login.php")
            for i in range(self.number(3, 30)):
                self.web(t + 22 + 15 * i, address, "POST /wp-admin/admin-ajax.php HTTP/2.0", 200, 60, BROWSERS[0], "https://shop.example.net/wp-admin/")

    def restart(self):
        t = 4 * 3600
        for program, text in (("systemd-logind[612]", "The system will reboot now!"), ("systemd[1]", "Reached target reboot.target - System Reboot."),
                              ("kernel", "[    0.000000] Linux version 6.1.0-31-amd64 (debian-kernel@lists.debian.org)"),
                              ("kernel", "[    0.412345] pci 0000:00:1f.2: AHCI controller"), ("systemd[1]", "Started ssh.service - OpenBSD Secure Shell server."),
                              ("sshd[871]", "Server listening on 0.0.0.0 port 22."), ("sshd[871]", "Server listening on :: port 22."),
                              ("postfix/master[899]", "daemon started -- version 3.7.11, configuration /etc/postfix")):
            t += 3
            self.syslog("system", t, program, text)

    def day(self):
        self.people()
        self.machine()
        self.upgrades()
        self.mail()
        self.browsing()
        self.machines_on_the_web()
        harmless_services.put_day(self, MONTHS, WEEKDAYS)
        if self.today % 30 == 17:
            self.restart()
        done = sorted(self.lines)
        self.lines = []
        self.today += 1
        return done


def main():
    options = argparse.ArgumentParser(description="Writes days on which nothing bad happens.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--stream", action="store_true", help="one file, all.log")
    options.add_argument("folder", type=pathlib.Path)
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    days, left, files = Days(chosen.seed), chosen.lines, {}
    while left > 0:
        for _, _, name, text in days.day()[:left]:
            name = "all" if chosen.stream else name
            if name not in files:
                files[name] = open(chosen.folder / f"{name}.log", "w", encoding="utf-8")
            files[name].write(text + "\n")
            left -= 1
    for file in files.values():
        file.close()
    print(f"{chosen.lines} lines, {days.today} days, in {', '.join(sorted(files))}")


if __name__ == "__main__":
    main()
