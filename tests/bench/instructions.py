#!/usr/bin/env python3
"""Regression guard: instructions an event, counted under callgrind, against the figures kept in instructions.json.

usage: instructions.py GANDER|"" [--lines N]

GANDER is the program of the release preset, for the figures hold for its compiler flags; "" skips the test. A figure
that grew by more than 5 % fails. UPDATE_GOLDEN=1 accepts what is measured. Exit status 77: skipped.
"""
import argparse, concurrent.futures, json, os, pathlib, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIGURES = pathlib.Path(__file__).resolve().with_name("instructions.json")
KINDS = ("sshd", "messages", "apache", "access")
TOLERANCE = 0.05
# Start-up, and what the first events of a kind set up for the later ones, is in the short slice as well as in the long
# one: the difference is the price of an event of a log of any length.
SHORT = 2000


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def slices(folder, kind, lines):
    text = subprocess.run([sys.executable, ROOT / "tools/make_bench_log.py", kind, str(lines)], check=True,
                          capture_output=True).stdout.splitlines(keepends=True)
    paths = []
    for count in (SHORT, lines):
        paths.append(folder / f"{kind}.{count}.log")
        paths[-1].write_bytes(b"".join(text[:count]))
    return paths


def instructions(gander, path):
    command = [shutil.which("valgrind"), "--tool=callgrind", "--callgrind-out-file=/dev/null", gander, "replay", "-q",
               "--threads", "1", "--home", str(ROOT), "--clock", "2026-01-15T12:00:00Z", "--tz", "UTC",
               "--hostname", "testhost", "--location", "log", str(path)]
    # The same environment everywhere: what the program starts with is counted, too.
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
                         env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"})
    found = re.search(r"refs:\s+([\d,]+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"{' '.join(command)}\nended with status {run.returncode}:\n{run.stderr[-2000:]}")
    return int(found.group(1).replace(",", ""))


def measure(gander, lines):
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(2) as pool:
        paths = {kind: slices(pathlib.Path(name), kind, lines) for kind in KINDS}
        counts = {kind: [pool.submit(instructions, gander, path) for path in paths[kind]] for kind in KINDS}
        return {kind: round((long.result() - short.result()) / (lines - SHORT)) for kind, (short, long) in counts.items()}


def compare(kept, measured):
    good = True
    for kind, now in measured.items():
        before = kept.get(kind)
        if before is None:
            print(f"{kind}: {now} instructions an event, no figure is kept")
            good = False
            continue
        change = now / before - 1
        print(f"{kind}: {now} instructions an event, kept {before}, {change:+.1%}")
        if change > TOLERANCE:
            good = False
        elif change < -TOLERANCE:
            print("  better than the figure that is kept: keep this one, so that it is not lost again")
    return good


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("gander")
    ap.add_argument("--lines", type=int, default=6000)
    a = ap.parse_args()
    if not a.gander:
        skip("no optimised program (GANDER_FAST_PROGRAM of the CMake cache is empty; ./dev test sets it)")
    if not os.access(a.gander, os.X_OK):
        skip(f"{a.gander} is not there")
    if not shutil.which("valgrind"):
        skip("valgrind is not installed")
    measured = measure(a.gander, a.lines)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        FIGURES.write_text(json.dumps(measured, indent=2) + "\n")
        print(f"kept in {FIGURES.name}: {measured}")
        return
    kept = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    if not compare(kept, measured):
        sys.exit(f"Events cost more than {TOLERANCE:.0%} above the figures in tests/bench/{FIGURES.name}. When the change is worth "
                 "it, accept the new figures in the same commit:\n  UPDATE_GOLDEN=1 ./dev test -R '^instructions$'")


main()
