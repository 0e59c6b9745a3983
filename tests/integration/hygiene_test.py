#!/usr/bin/env python3
"""Checks the files of the checkout themselves. usage: hygiene_test.py GANDER

No path of one machine, no open ends, no text under another licence; each source file is built and each header included,
none is long; what the pages name (commands, tools, links) is there.
"""
import pathlib, re, shutil, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GENERATED = {"build", "var", ".git", "__pycache__"}
LONGEST = 500
# Character classes keep this file from finding itself.
FORBIDDEN = [
    (re.compile(rb"/wor[k]/(main|shared)|/var/tmp/gande[r]|/tmp/bash_job[s]|/home/[a-z]+/gande[r]"), "the path of one machine"),
    (re.compile(rb"\b(TO[D]O|FIXM[E]|XX[X]|HAC[K])\b"), "an open end"),
    (re.compile(rb"GNU (Affero )?General Public Licens[e]|SPDX-License-Identifier: A?GP[L]"), "text under the GPL"),
]
DATA = ("tests/golden/cases/", "tests/fuzz/corpus/", "tests/vectors/", "share/day/", "tests/ruleset/")


def tracked():
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not GENERATED & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


def words(files):
    for path in files:
        name = str(path.relative_to(ROOT))
        text = path.read_bytes()
        for pattern, what in FORBIDDEN:
            if name.startswith(DATA) and what == "an open end":
                continue  # logs say such words, too
            for found in pattern.finditer(text):
                line = text.count(b"\n", 0, found.start()) + 1
                yield f"{name}:{line}: {what}: {found.group().decode(errors='replace')}"


def sources(files):
    code = [path for path in files if path.suffix in (".cpp", ".h") and path.relative_to(ROOT).parts[0] in ("src", "tests")]
    built = set()
    for path in files:
        if path.name == "CMakeLists.txt":
            for name in re.findall(r"[\w./-]+\.cpp", path.read_text()):
                built.add((path.parent / name).resolve())
    included = set()
    for path in code:
        included.update(re.findall(r'#include "([^"]+)"', path.read_text(encoding="utf-8")))
    for path in code:
        name = str(path.relative_to(ROOT))
        lines = path.read_bytes().count(b"\n")
        if lines > LONGEST:
            yield f"{name}: {lines} lines; {LONGEST} is the limit"
        if path.suffix == ".cpp" and path.resolve() not in built and not name.startswith("tests/fuzz/fuzz_"):
            yield f"{name}: no CMakeLists.txt builds it"
        if path.suffix == ".h":
            if not {name.removeprefix("src/"), path.name, f"testing/{path.name}"} & included:
                yield f"{name}: no file includes it"
            if b"#pragma once" not in path.read_bytes():
                yield f"{name}: no #pragma once"


def commands(gander):
    text = subprocess.run([gander, "--help"], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"^  ([a-z]+) +\S", text.split("ubcommands:" if "ubcommands:" in text else "ommands:", 1)[1], re.M))
    if not known:
        raise SystemExit("gander --help names no commands")
    return known


def pages(files, gander):
    known = commands(gander)
    dev = set(re.findall(r"^  ([a-z]+)\)", (ROOT / "dev").read_text(), re.M))
    for path in files:
        if path.suffix != ".md":
            continue
        name, text = str(path.relative_to(ROOT)), path.read_text()
        shown = "\n".join(re.findall(r"```(?:sh|console)\n(.*?)```", text, re.S) + re.findall(r"`([^`\n]+)`", text))
        for word in set(re.findall(r"(?:^|[\s|$/])gander ([a-z]+)\b", shown, re.M)) - known:
            yield f"{name}: there is no command 'gander {word}'"
        for word in set(re.findall(r"\./dev ([a-z]+)\b", shown)) - dev:
            yield f"{name}: there is no command './dev {word}'"
        for tool in set(re.findall(r"(?<![\w/])(tools/[\w.]+)", shown)):
            if not (ROOT / tool).exists():
                yield f"{name}: there is no {tool}"
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", text, flags=re.S)):
            if "://" not in link and not link.startswith("mailto:") and not (path.parent / link).exists():
                yield f"{name}: the link {link} leads nowhere"


def main():
    files = tracked()
    wrong = [*words(files), *sources(files), *pages(files, sys.argv[1])]
    print("\n".join(wrong) if wrong else f"{len(files)} files hold")
    return 1 if wrong else 0


sys.exit(main())
