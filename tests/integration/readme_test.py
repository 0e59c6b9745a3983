#!/usr/bin/env python3
"""Runs every ```console block of the README and the docs and compares what it prints. usage: readme_test.py GANDER

A line that starts with `$ ` is a command; the lines behind it are its output (both streams); a line `…` stands for any
lines. UPDATE_GOLDEN=1 writes the real output into the page (where a block has no `…`).
"""
import os, pathlib, re, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GANDER = pathlib.Path(sys.argv[1]).resolve()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "rules").glob("*.md"))]


def run(command, scratch):
    env = {**os.environ, "PATH": f"{GANDER.parent}:{os.environ['PATH']}", "NO_COLOR": "1", "TZ": "UTC"}
    done = subprocess.run(["sh", "-c", command.replace("/tmp/", f"{scratch}/")], cwd=ROOT, env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace")
    return [line.rstrip("\r") for line in done.stdout.split("\n")[:-1]]


def fits(expected, actual):
    if "…" not in expected:
        return expected == actual
    pattern = "\n".join("(?:.*\n)*.*" if line == "…" else re.escape(line) for line in expected)
    return re.fullmatch(pattern, "\n".join(actual)) is not None


def steps(block):
    """(command, output lines) of one block."""
    out = []
    for line in block:
        if line.startswith("$ "):
            out.append((line[2:], []))
        elif out:
            out[-1][1].append(line)
    return out


def main():
    wrong = done = 0
    for page in PAGES:
        text = page.read_text()
        new = text
        for found in re.finditer(r"^```console\n(.*?)^```", text, re.S | re.M):
            fresh = []
            with tempfile.TemporaryDirectory() as scratch:
                for command, expected in steps(found.group(1).split("\n")[:-1]):
                    actual = run(command, scratch)
                    done += 1
                    fresh += [f"$ {command}", *(expected if "…" in expected else actual)]
                    if not fits(expected, actual):
                        wrong += 1
                        print(f"{page.relative_to(ROOT)}: $ {command}\n--- expected\n" + "\n".join(expected) + "\n--- actual\n" + "\n".join(actual))
            new = new.replace(found.group(1), "".join(line + "\n" for line in fresh))
        if os.environ.get("UPDATE_GOLDEN") and new != text:
            page.write_text(new)
            print(f"{page.relative_to(ROOT)} written")
    print(f"{done - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


sys.exit(main())
