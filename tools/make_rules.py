#!/usr/bin/env python3
"""Writes a home with many rules, and lines for them: the same bytes for the same arguments.

usage: make_rules.py HOME RULES [--lines N] [--seed N]

HOME gets etc/ossec.conf, etc/decoder.xml, rules/made_rules.xml and made.log. Rules ask for words of the log text, by
match, regex and pcre2, each for words of its own; every fourth is a child of an earlier one, every twentieth counts
another one by source address.
A line holds the words of one rule in ten.
"""
import argparse, pathlib, random

SYLLABLES = ["ba", "cor", "del", "fen", "gri", "hol", "jam", "kel", "lor", "mun", "nap", "ost", "pra", "qui", "rab", "sol", "tam", "urn", "vex", "wol"]

DECODERS = """<decoder name="maker"><program_name>^maker$</program_name></decoder>
<decoder name="maker-from">
  <parent>maker</parent>
  <regex>from (\\S+) port (\\d+)$</regex>
  <order>srcip, srcport</order>
</decoder>
"""

CONF = """<ossec_config>
  <global><email_notification>no</email_notification></global>
  <rules>
    <decoder>etc/decoder.xml</decoder>
    <include>made_rules.xml</include>
  </rules>
</ossec_config>
"""


def word(number):
    """Four syllables: no two numbers below 160,000 give the same word."""
    out = ""
    for _ in range(4):
        number, which = divmod(number, len(SYLLABLES))
        out += SYLLABLES[which]
    return out


def condition(r, words):
    a, b = words
    return r.choice([f"<match>{a} {b}</match>", f"<match>{a} {b}|{b} {a} failed</match>", f"<regex>{a} {b} \\d+</regex>",
                     f"<match>^{a} {b}</match>", f"<pcre2>{a}\\s+{b}</pcre2>"])


def rules(r, count):
    out = ['<group name="made,">\n<rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule>\n']
    words = {}
    ids = []
    numbers = r.sample(range(len(SYLLABLES)**4), 2 * count)
    for i in range(count - 1):
        number = 1000 + i
        head, body = f'<rule id="{number}" level="{r.randrange(1, 13)}"', ""
        if i % 20 == 19:
            head += ' frequency="4" timeframe="120"'
            body = f"<if_matched_sid>{r.choice(ids)}</if_matched_sid><same_source_ip />"
        else:
            words[number] = (word(numbers.pop()), word(numbers.pop()))
            if i % 4 == 3 and ids:
                body = f"<if_sid>{r.choice(ids)}</if_sid>"
            body += condition(r, words[number])
            ids.append(number)
        out.append(f"{head}>{body}<description>made {number}</description></rule>\n")
    return "".join(out) + "</group>\n", list(words.values())


def line(r, i, words):
    text = " ".join(r.choice(r.choice(words)) for _ in range(3))
    if r.randrange(10) == 0:
        text = " ".join(r.choice(words)) + f" {r.randrange(100)}"
    return f"Jun 14 {i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d} host maker[{r.randrange(1, 32000)}]: {text} from 10.0.{r.randrange(16)}.{r.randrange(256)} port {r.randrange(1024, 65536)}"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("home", type=pathlib.Path)
    ap.add_argument("rules", type=int)
    ap.add_argument("--lines", type=int, default=200_000)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    r = random.Random(a.seed)
    for folder in ("etc", "rules"):
        (a.home / folder).mkdir(parents=True, exist_ok=True)
    text, words = rules(r, a.rules)
    (a.home / "etc/ossec.conf").write_text(CONF)
    (a.home / "etc/decoder.xml").write_text(DECODERS)
    (a.home / "rules/made_rules.xml").write_text(text)
    with open(a.home / "made.log", "w") as out:
        for i in range(a.lines):
            out.write(line(r, i, words) + "\n")


if __name__ == "__main__":
    main()
