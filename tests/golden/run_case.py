#!/usr/bin/env python3
"""Runs one golden case against the program and compares every byte. Exit status 0 when all are equal.

usage: run_case.py GANDER CASE_FOLDER
"""
import os, pathlib, re, shlex, shutil, subprocess, sys, tempfile


def make_home(case, parent):
    home = pathlib.Path(tempfile.mkdtemp(dir=parent))
    (home / "etc").mkdir()
    (home / "rules").mkdir()
    for name, place in (("decoder.xml", "."), ("rules.xml", "rules"), ("local_internal_options.conf", "etc"),
                        ("ossec.conf", "etc")):
        if (case / name).exists():
            shutil.copy(case / name, home / place)
    if (case / "lists").is_dir():
        for text in (case / "lists").iterdir():
            shutil.copy(text, home / "rules")
    if (case / "seed").is_dir():
        shutil.copytree(case / "seed", home, dirs_exist_ok=True)
    return home


def without_start_lines(text):
    return b"".join(line for line in text.splitlines(keepends=True)
                    if not re.search(rb": INFO: (Reading|Started)", line))


def without_time(text):
    return b"".join(line[20:] for line in text.splitlines(keepends=True) if b"INFO: Started" not in line)


def differs(what, expected, actual):
    if expected == actual:
        return False
    print(f"{what} differs")
    a, b = expected.splitlines(), actual.splitlines()
    for number in range(max(len(a), len(b))):
        left = a[number] if number < len(a) else b"<end>"
        right = b[number] if number < len(b) else b"<end>"
        if left != right:
            print(f"  line {number + 1}\n    expected {left!r}\n    actual   {right!r}")
            break
    return True


def run_logtest(gander, case, parent):
    wrong = False
    expected_exit = int((case / "expected.exit").read_text()) if (case / "expected.exit").exists() else 0
    for flag, name in (("-a", "expected.alerts"), ("-v", "expected.logtest")):
        home = make_home(case, parent)
        base = ["--home", str(home), "-c", str(case / "ossec.conf"), "--compat", "ossec-4.3"]
        if (case / "lists").is_dir():
            subprocess.run([gander, "makelists", *base], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(case / "input.log", "rb") as stdin:
            run = subprocess.run([gander, "logtest", flag, *base, "--clock", f"@{case / 'clock'}", "--tz", "UTC",
                                  "--hostname", "ids1"], stdin=stdin, capture_output=True, cwd=home)
        actual = run.stdout if flag == "-a" else without_start_lines(run.stderr)
        wrong |= differs(name, (case / name).read_bytes(), actual)
        if run.returncode != expected_exit:
            print(f"{flag}: exit status {run.returncode}, expected {expected_exit}\n{run.stderr[-2000:].decode(errors='replace')}")
            wrong = True
    return wrong


def run_report(gander, case):
    source = case / ("input.alerts" if (case / "input.alerts").exists() else "expected.alerts")
    link = pathlib.Path(tempfile.mkdtemp()) / "ossec-reportd"
    link.symlink_to(gander)
    with open(source, "rb") as stdin:
        run = subprocess.run([str(link), *shlex.split((case / "report.args").read_text())], stdin=stdin,
                             capture_output=True)
    shutil.rmtree(link.parent)
    lines = run.stderr.splitlines(keepends=True)
    logged = [line for line in lines if re.match(rb"\d{4}/\d\d/\d\d ", line)]
    report = b"".join(line for line in lines if line not in logged)
    wrong = differs("expected.report", (case / "expected.report").read_bytes(), report)
    return wrong | differs("expected.report.log", without_time((case / "expected.report.log").read_bytes()),
                           without_time(b"".join(logged)))


def main():
    gander, case = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    wrong = False
    with tempfile.TemporaryDirectory() as parent:
        if (case / "input.log").exists():
            wrong |= run_logtest(gander, case, parent)
        if (case / "report.args").exists():
            wrong |= run_report(gander, case)
    return 1 if wrong else 0


sys.exit(main())
