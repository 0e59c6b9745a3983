#!/usr/bin/env python3
"""Replays days on which nothing bad happens (tools/make_harmless_days.py) and counts the alarms.

usage: run_harmless_days.py --gander PROGRAM --home DIR [--lines N]

Fails when there are more alerts of level 7 or above than 20 in a million lines, and prints them.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

LOUD = 7
ALLOWED = 20 / 1_000_000


def main():
    options = argparse.ArgumentParser(description="Counts the alarms over days on which nothing bad happens.")
    options.add_argument("--gander", required=True, help="the program to test")
    options.add_argument("--home", required=True, help="folder that holds decoders/, rules/ and etc/ossec.conf")
    options.add_argument("--lines", type=int, default=50_000)
    chosen = options.parse_args()
    home = pathlib.Path(chosen.home).resolve()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, home / "tools/make_harmless_days.py", "--lines", str(chosen.lines), "--stream", folder],
                       check=True, stdout=subprocess.DEVNULL)
        logs = sorted(str(path) for path in pathlib.Path(folder).glob("*.log"))
        lines = sum(pathlib.Path(log).read_bytes().count(b"\n") for log in logs)
        done = subprocess.run([chosen.gander, "replay", "-q", "--home", home, "--clock", "event", "--tz", "UTC", "--year", "2026",
                               "--hostname", "testhost", "-o", "ndjson", *logs], check=True, capture_output=True, timeout=900)
    alerts = [json.loads(line) for line in done.stdout.splitlines()]
    loud = [alert for alert in alerts if alert["rule"]["level"] >= LOUD]
    for alert in loud[:30]:
        print(alert["rule"]["level"], alert["rule"]["sidid"], alert["full_log"][:200])
    print(f"{lines} lines, {len(alerts)} alerts, {len(loud)} of level {LOUD} or more")
    if lines != chosen.lines or not alerts:
        print("the days were not written or not read")
        return 1
    return 1 if len(loud) > ALLOWED * lines else 0


if __name__ == "__main__":
    sys.exit(main())
