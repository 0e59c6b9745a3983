#!/usr/bin/env python3
"""Runs what lies beside the checkout (../shared): the large corpora and OSSEC's own rule tests, byte for byte.

usage: run_shared.py GANDER SHARED corpus CORPUS VERSION | run_shared.py GANDER SHARED ini VERSION |
       run_shared.py GANDER SHARED own_rules HOME
Exit status 77 (skipped) when ../shared is missing.
"""
import os, pathlib, re, shutil, subprocess, sys, tempfile

CLOCK = "2026-01-15T12:00:00Z"


def make_home(upstream, parent):
    home = pathlib.Path(parent) / "home"
    home.mkdir()
    for part in ("etc", "rules"):
        shutil.copytree(upstream / part, home / part)
    for folder in home.rglob("*"):
        folder.chmod(0o755 if folder.is_dir() else 0o644)
    return home


def same(what, expected, actual):
    if expected == actual:
        print(f"{what}: {len(expected.splitlines())} lines, equal")
        return True
    a, b = expected.splitlines(), actual.splitlines()
    different = sum(x != y for x, y in zip(a, b)) + abs(len(a) - len(b))
    for number in range(max(len(a), len(b))):
        left = a[number] if number < len(a) else b"<end>"
        right = b[number] if number < len(b) else b"<end>"
        if left != right:
            print(f"{what}: {different} lines differ, first {number + 1}\n  expected {left!r}\n  actual   {right!r}")
            break
    return False


def corpus(gander, shared, name, version):
    folder = shared / "corpus" / name
    good = True
    with tempfile.TemporaryDirectory() as parent:
        home = make_home(shared / "upstream" / version, parent)
        base = [gander, "logtest", "--home", home, "--compat", "ossec-4.3", "--clock", CLOCK, "--tz", "UTC",
                "--hostname", "testhost"]
        for flags, kind in ((["-a"], "alerts"), ([], "logtest")):
            with open(folder / "input.log", "rb") as stdin:
                run = subprocess.run([*base, *flags], stdin=stdin, capture_output=True)
            text = run.stdout
            if kind == "logtest":
                text = b"".join(line for line in run.stderr.splitlines(keepends=True)
                                if not re.match(rb"\d{4}/\d\d/\d\d ", line))
            good &= same(f"{name} {version} {kind}", (folder / f"expected.{version}.{kind}").read_bytes(), text)
    return good


def ini(gander, shared, version):
    tests = shared / "upstream" / version / "tests"
    expected = {}
    for line in (tests / "RESULTS").read_text().splitlines():
        if not line.startswith("#"):
            file, section, key, want, status, result = line.split("\t")
            expected.setdefault((file, section, key, want), []).append(int(status))
    with tempfile.TemporaryDirectory() as parent:
        home = make_home(shared / "upstream" / version, parent)
        run_ini = load_run_ini(shared)
        command = [gander, "logtest", "--home", str(home), "--compat", "ossec-4.3"]
        wrong = done = 0
        import concurrent.futures
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            todo = [(path.name, case) for path in sorted(tests.glob("*.ini")) for case in run_ini["cases"](path)]
            for (file, case), (_, code, out) in zip(todo, pool.map(lambda t: run_ini["run"](command, t[1]), todo)):
                section, key, line, want, _ = case
                codes = expected.get((file, section, key, want))
                done += 1
                if not codes or code not in codes:
                    wrong += 1
                    print(f"{file} [{section}] {key} {want}: exit {code}, OSSEC 4.3: {codes}\n  {line}\n{out[-600:]}")
        print(f"{done - wrong} passed, {wrong} failed")
        return wrong == 0 and done > 0


def own_rules(gander, shared, home):
    """The cases with the rules of HOME, as they are written: nine of ten must give what stands there (docs/compat.md)."""
    import concurrent.futures
    run_ini = load_run_ini(shared)
    command = [gander, "logtest", "--home", home]
    todo = [(path.name, case) for path in sorted((shared / "upstream/4.3/tests").glob("*.ini")) for case in run_ini["cases"](path)]
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (file, case), (good, code, _) in zip(todo, pool.map(lambda t: run_ini["run"](command, t[1]), todo)):
            passed += good
            if not good:
                print(f"{file} [{case[0]}] {case[1]} want {case[3]}{' NOT' if case[4] else ''} exit {code}\n  {case[2]}")
    print(f"{passed} passed, {len(todo) - passed} failed")
    return len(todo) > 0 and 10 * passed >= 9 * len(todo)


def load_run_ini(shared):
    # The tool ends in sys.exit(main()): take its functions without that line.
    text = (shared / "tools" / "run_ini.py").read_text().rsplit("sys.exit(main())", 1)[0]
    names = {}
    exec(compile(text, "run_ini.py", "exec"), names)
    return names


def main():
    gander, shared = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    if not (shared / "upstream").is_dir():
        print(f"skipped: {sys.argv[3]} needs ../shared")
        return 77
    if sys.argv[3] == "corpus":
        return 0 if corpus(gander, shared, sys.argv[4], sys.argv[5]) else 1
    if sys.argv[3] == "own_rules":
        return 0 if own_rules(gander, shared, sys.argv[4]) else 1
    return 0 if ini(gander, shared, sys.argv[4]) else 1


sys.exit(main())
