#!/usr/bin/env python3
"""Writes a log of one kind for benchmarks: the same bytes for the same arguments.

usage: make_bench_log.py messages|apache|sshd|access LINES [--addresses N] [--seed N]

  messages  classic syslog with sshd(pam_unix), su, ftpd and kernel lines (nearly every line alerts)
  apache    Apache error log (few lines alert)
  sshd      an sshd under attack
  access    a web server's access log, few requests refused
"""
import argparse, random, sys

USERS = ["root", "admin", "test", "guest", "oracle", "ftp", "www", "news", "carol", "dave"]


def address(r, count):
    n = r.randrange(count)
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def clock(i):
    s = i // 7
    return f"Jun {14 + s // 86400 % 14:2d} {s // 3600 % 24:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def messages(r, i, addresses):
    head, pid, a = f"{clock(i)} combo", r.randrange(1000, 32000), address(r, addresses)
    kind = r.randrange(100)
    if kind < 55:
        return (f"{head} sshd(pam_unix)[{pid}]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= "
                f"rhost={a} " + (f" user={r.choice(USERS)}" if r.randrange(2) else ""))
    if kind < 65:
        return f"{head} sshd(pam_unix)[{pid}]: check pass; user unknown"
    if kind < 80:
        return f"{head} ftpd[{pid}]: connection from {a} () at Sat Jun 18 02:08:{r.randrange(60):02d} 2026"
    if kind < 90:
        return f"{head} su(pam_unix)[{pid}]: session {r.choice(['opened', 'closed'])} for user {r.choice(USERS)}" + " by (uid=0)"
    return f"{head} kernel: audit({1118000000 + i}.{r.randrange(1000):03d}:0): initialized"


def apache(r, i, addresses):
    s = i // 5
    head = f"[Sun Dec {4 + s // 86400 % 20:02d} {s // 3600 % 24:02d}:{s // 60 % 60:02d}:{s % 60:02d} 2026]"
    kind = r.randrange(100)
    if kind < 55:
        return f"{head} [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties"
    if kind < 90:
        return f"{head} [error] mod_jk child workerEnv in error state {r.randrange(10)}"
    if kind < 98:
        return f"{head} [notice] jk2_init() Found child {r.randrange(1000, 32000)} in scoreboard slot {r.randrange(12)}"
    return f"{head} [error] [client {address(r, addresses)}] Directory index forbidden by rule: /var/www/html/"


def sshd(r, i, addresses):
    head, a, port = f"{clock(i)} larder sshd[{r.randrange(1000, 32000)}]:", address(r, addresses), r.randrange(1024, 65536)
    kind, user = r.randrange(100), r.choice(USERS)
    if kind < 30:
        return f"{head} Failed password for {user} from {a} port {port} ssh2"
    if kind < 45:
        return f"{head} Failed password for invalid user {user} from {a} port {port} ssh2"
    if kind < 60:
        return f"{head} Invalid user {user} from {a}"
    if kind < 75:
        return f"{head} pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={a}  user={user}"
    if kind < 90:
        return f"{head} Received disconnect from {a}: 11: Bye Bye [preauth]"
    if kind < 99:
        return f"{head} Connection closed by {a} [preauth]"
    return f"{head} Accepted password for {user} from {a} port {port} ssh2"


PAGES = ["/", "/wine/red", "/static/site.css", "/static/site.js?v=3.2.1", "/media/a.webp", "/blog/union-street-tasting",
         "/search?q=caf%C3%A9+noir", "/events?month=2&year=2026", "/api/v1/items/12"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
          "stock-sync/3.1"]


def access(r, i, addresses):
    kind, page = r.randrange(100), r.choice(PAGES)
    method = "POST" if kind < 8 else "GET"
    status = 404 if kind == 99 else 304 if kind > 70 else 200
    referer = "-" if kind % 3 == 0 else "https://shop.example.net" + r.choice(PAGES)
    return (f'{address(r, addresses)} - - [{14 + i // 7 // 86400 % 14:02d}/Jun/2026:{clock(i)[-8:]} +0000] '
            f'"{method} {page} HTTP/1.1" {status} {r.randrange(60000)} "{referer}" "{r.choice(AGENTS)}"')


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("kind", choices=["messages", "apache", "sshd", "access"])
    ap.add_argument("lines", type=int)
    ap.add_argument("--addresses", type=int, default=60)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    r = random.Random(a.seed)
    make = globals()[a.kind]
    out = sys.stdout
    for i in range(a.lines):
        out.write(make(r, i, a.addresses) + "\n")


if __name__ == "__main__":
    main()
