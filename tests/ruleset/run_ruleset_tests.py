#!/usr/bin/env python3
"""Run the tests of Gander's own decoders and rules.

usage: run_ruleset_tests.py --gander PROGRAM --home DIR [-v] [--compat ossec-4.3] [FILTER...]

Three kinds, all below the folder of this program:

  *.ini               sections with `rule`, `alert` (level), `decoder` and lines `log N pass = LINE` (or `fail`: the line
                      must not give exactly these), as OSSEC's own rule tests have them (%% stands for %)
  mended/*.ini        the same for what only the default finds: left out with --compat
  composite/NAME/     input.log, one line of log each; expected, the rule id for each ("-": none); clock, the time of
                      each in seconds since 1970 (without it: one second apart); expected.ossec-4.3, where --compat
                      ossec-4.3 counts otherwise
  fields/*.tsv        LINE, decoder, and field=value for each decoded field, tab separated; fields that are not named
                      must be absent; lines that begin with # are comments

no_line.txt lists the rules that no line of a log can reach, with the reason. Every other rule in DIR/rules needs a line
in an .ini file or a composite that ends in it, and every decoder a line in fields/.

Runs each file in one process, in a scratch home, with the lines of .ini and .tsv files ten days apart, so that no line
counts for another. Prints the failures and `N passed, N failed`; the exit status is 1 if one failed.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
START = 1767225600  # 2026-01-01 00:00:00 UTC
FAR_APART = 10 * 86400
LONGEST_OSSEC_LINE = 6134  # a longer one becomes several events under --compat ossec-4.3
LABEL = re.compile(r"^       ([^:']+): '(.*)'$")


class Result:
    """What logtest said about one line."""

    def __init__(self):
        self.decoder, self.rule, self.level, self.fields = None, None, None, {}


def parse(output):
    """Results from the phases that logtest prints on standard error."""
    results, phase = [], 0
    for line in output.split("\n"):
        if line.startswith("**Phase "):
            phase = int(line[8])
            if phase == 1:
                results.append(Result())
            continue
        found = LABEL.match(line)
        if not found or not results:
            continue
        name, value = found.groups()
        result = results[-1]
        if phase == 2:
            if name == "decoder":
                result.decoder = value
            else:
                result.fields[name] = value
        elif phase == 3 and name == "Rule id":
            result.rule = value
        elif phase == 3 and name == "Level":
            result.level = value
    return results


class Gander:
    def __init__(self, program, home, compat):
        self.command = [program, "logtest", "-q", "--tz", "UTC", "--hostname", "testhost"]
        if compat:
            self.command += ["--compat", compat]
        self.compat = compat
        self.source = pathlib.Path(home).resolve()

    def run(self, lines, times):
        with tempfile.TemporaryDirectory() as scratch:
            home = pathlib.Path(scratch)
            for name in ("decoders", "rules", "etc"):
                (home / name).symlink_to(self.source / name)
            for name in ("queue/diff", "queue/fts"):
                (home / name).mkdir(parents=True)
            clock = home / "clock"
            clock.write_text("".join(f"{time}\n" for time in times))
            done = subprocess.run(self.command + ["--home", scratch, "--clock", f"@{clock}"],
                                  input=("\n".join(lines) + "\n").encode("utf-8", "surrogateescape"),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=600)
        output = done.stderr.decode("utf-8", "surrogateescape")
        results = parse(output)
        if len(results) != len(lines):
            raise SystemExit(f"{len(lines)} lines gave {len(results)} results (exit {done.returncode}):\n{output[-2000:]}")
        return results


class Tally:
    def __init__(self, verbose):
        self.passed, self.failed, self.verbose = 0, 0, verbose

    def check(self, good, what, detail=""):
        if good:
            self.passed += 1
            if self.verbose:
                print(f"ok   {what}")
        else:
            self.failed += 1
            print(f"FAIL {what}{': ' if detail else ''}{detail}")


def read(path):
    return path.read_text("utf-8", "surrogateescape").split("\n")


def ini_cases(path):
    """(section, key, line, rule, level, decoder) for each line of a file."""
    section, options, logs, cases = None, {}, [], []

    def flush():
        for key, line in logs:
            cases.append((section, key, line, options["rule"], options["alert"], options["decoder"]))

    for raw in read(path):
        if raw.startswith("[") and raw.endswith("]"):
            flush()
            section, options, logs = raw[1:-1], {}, []
            continue
        key, sign, value = raw.partition("=")
        key = key.strip()
        if not sign or raw.startswith(("#", ";")):
            continue
        if key.startswith("log "):
            logs.append((key, value.strip().replace("%%", "%")))
        elif key in ("rule", "alert", "decoder"):
            options[key] = value.strip()
    flush()
    return cases


def run_ini(gander, path, tally, reached):
    cases = [case for case in ini_cases(path) if not (gander.compat and len(case[2]) > LONGEST_OSSEC_LINE)]
    results = gander.run([case[2] for case in cases], [START + n * FAR_APART for n in range(len(cases))])
    for (section, key, line, rule, level, decoder), got in zip(cases, results):
        same = (got.rule, got.level, got.decoder) == (rule, level, decoder)
        if key.endswith("pass") and same:
            reached.add(rule)
        tally.check(same == key.endswith("pass"), f"{path.name} [{section}] {key}",
                    f"got {got.rule}:{got.level}:{got.decoder} for {line[:200]}")


def run_composite(gander, folder, tally, reached):
    lines = [line for line in read(folder / "input.log") if line]
    of_mode = folder / f"expected.{gander.compat}"
    expected = (of_mode if of_mode.exists() else folder / "expected").read_text().split()
    clock = folder / "clock"
    times = clock.read_text().split() if clock.exists() else [START + n for n in range(len(lines))]
    got = [result.rule or "-" for result in gander.run(lines, times)]
    reached.update(got)
    tally.check(got == expected, f"composite/{folder.name}", f"\n     want {' '.join(expected)}\n     got  {' '.join(got)}")


def run_fields(gander, path, tally, decoders):
    rows = [line.split("\t") for line in read(path) if line and not line.startswith("#")]
    results = gander.run([row[0] for row in rows], [START + n * FAR_APART for n in range(len(rows))])
    for (line, decoder, *fields), got in zip(rows, results):
        decoders.add(got.decoder)
        want = dict(field.split("=", 1) for field in fields if field)
        tally.check((got.decoder, got.fields) == (decoder, want), f"{path.name} {line}",
                    f"\n     want {decoder} {want}\n     got  {got.decoder} {got.fields}")


def rule_ids(home):
    """Ids of the rules that can be a result: all but those with noalert."""
    ids = []
    for path in sorted((home / "rules").glob("*.xml")):
        for attributes in re.findall(r"<rule ([^>]*)>", path.read_text("utf-8")):
            if "noalert=" not in attributes:
                ids.append(str(int(re.search(r'id="(\d+)"', attributes)[1])))
    return ids


def decoder_names(home):
    """Names that a line can show: those of the decoders without a parent."""
    names = set()
    for path in sorted((home / "decoders").glob("*.xml")):
        for name, body in re.findall(r'<decoder name="([^"]*)">(.*?)</decoder>', path.read_text("utf-8"), re.S):
            if "<parent>" not in body or "<use_own_name>" in body:
                names.add(name)
    return names


def main():
    options = argparse.ArgumentParser(description="Run the tests of Gander's own decoders and rules.")
    options.add_argument("--gander", required=True, help="the program to test")
    options.add_argument("--home", required=True, help="folder that holds decoders/, rules/ and etc/ossec.conf")
    options.add_argument("--compat", help="as gander logtest's option")
    options.add_argument("-v", action="store_true", help="name the tests that pass, too")
    options.add_argument("filter", nargs="*", help="only files or cases whose name contains one of these")
    chosen = options.parse_args()

    gander, tally = Gander(chosen.gander, chosen.home, chosen.compat), Tally(chosen.v)
    wanted = lambda name: not chosen.filter or any(part in name for part in chosen.filter)
    reached, decoders = set(), set()
    for path in sorted(HERE.glob("*.ini")):
        if wanted(path.name):
            run_ini(gander, path, tally, reached)
    for path in [] if chosen.compat else sorted((HERE / "mended").glob("*.ini")):
        if wanted(path.name):
            run_ini(gander, path, tally, reached)
    for folder in sorted((HERE / "composite").iterdir()):
        if wanted(folder.name):
            run_composite(gander, folder, tally, reached)
    for path in sorted((HERE / "fields").glob("*.tsv")):
        if wanted(path.name):
            run_fields(gander, path, tally, decoders)

    if not chosen.filter and not chosen.compat:
        home = pathlib.Path(chosen.home)
        excused = {line.split()[0] for line in read(HERE / "no_line.txt") if line and not line.startswith("#")}
        ids = rule_ids(home)
        for rule in ids:
            tally.check(rule in reached or rule in excused, f"rule {rule}", "no test line reaches it")
        for rule in sorted(excused):
            tally.check(rule in ids and rule not in reached, f"no_line.txt {rule}", "no such rule, or a line reaches it")
        for name in sorted(decoder_names(home)):
            tally.check(name in decoders, f"decoder {name}", "no line in fields/ shows it")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
