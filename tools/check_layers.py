#!/usr/bin/env python3
"""Checks every #include of src/ against the floors in src/LAYERS. Prints each forbidden one; exit status 1 if any."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "src"


def read_layers():
    floors, exceptions = {}, set()
    lines = [line for line in (ROOT / "LAYERS").read_text().splitlines() if line and not line.startswith("#")]
    for height, line in enumerate(line for line in lines if ":" in line):
        for folder in line.split(":")[1].split():
            floors[folder] = -height
    for line in lines:
        if ">" in line:
            upper, lowers = line.split(">")
            exceptions |= {(upper.strip(), lower) for lower in lowers.split()}
    return floors, exceptions


def main():
    floors, exceptions = read_layers()
    wrong = []
    for path in sorted(ROOT.rglob("*.*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        mine = path.relative_to(ROOT).parts[0]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = re.match(r'#include "([a-z_]+)/', line)
            if not found:
                continue
            theirs = found.group(1)
            allowed = theirs == mine or (mine, theirs) in exceptions or (
                mine in floors and theirs in floors and floors[theirs] < floors[mine])
            if not allowed:
                wrong.append(f"src/{path.relative_to(ROOT)}:{number}: {mine} may not include {theirs}")
    print("\n".join(wrong) if wrong else "layers hold")
    return 1 if wrong else 0


sys.exit(main())
