#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the drivers for PostgreSQL in turn, and prints a table of medians and ratios to libpq.

usage: drivers.py PROGRAM URL [ROUNDS]
"""

import json
import pathlib
import statistics
import subprocess
import sys

PEERS = pathlib.Path(__file__).parent / "run_time" / "driver_peers.py"
PLAIN, TLS = "sslmode=disable", "sslmode=require"
# what, over which transport, by whom
MEASUREMENTS = [
    ("select", PLAIN, ["gino", "libpq", "asyncpg", "psycopg"]),
    ("pipeline20", PLAIN, ["gino", "libpq"]),
    ("pipeline100", PLAIN, ["gino", "libpq"]),
    ("rows", PLAIN, ["gino", "libpq", "raw", "asyncpg", "psycopg"]),
    ("rows", TLS, ["gino", "libpq", "asyncpg"]),
    ("copy", PLAIN, ["gino", "libpq", "asyncpg", "psycopg"]),
    ("connect", PLAIN, ["gino", "libpq", "asyncpg", "psycopg"]),
    ("connect", TLS, ["gino", "libpq"]),
]


def measure(program, who, what, url):
    command = [program] if who in ("gino", "libpq", "raw") else [sys.executable, str(PEERS)]
    run = subprocess.run([*command, who, what, url], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{who} {what}: {run.stderr}")
    return json.loads(run.stdout)


def main(program, url, rounds="5"):
    print(f"{'what':13}{'TLS':5}{'who':9}{'wall ms':>10}{'cpu ms':>9}{'peak MB':>9}{'wall/libpq':>12}{'cpu/libpq':>11}")
    for what, transport, everybody in MEASUREMENTS:
        where = f"{url}?{transport}"
        taken = {who: [] for who in everybody}
        for _ in range(int(rounds)):
            for who in everybody:
                taken[who].append(measure(program, who, what, where))
        for who in everybody:
            # A ratio is that of one round, so that the machine's moods cancel out.
            ratio = {
                key: statistics.median(a[key] / b[key] for a, b in zip(taken[who], taken["libpq"]))
                for key in ("wall", "cpu")
            }
            median = {key: statistics.median(one[key] for one in taken[who]) for key in ("wall", "cpu", "peak")}
            print(
                f"{what:13}{'yes' if transport == TLS else '':5}{who:9}{median['wall'] * 1000:10.1f}"
                f"{median['cpu'] * 1000:9.1f}{median['peak'] / 1024:9.0f}{ratio['wall']:11.2f}x{ratio['cpu']:10.2f}x"
            )


if __name__ == "__main__":
    main(*sys.argv[1:4])
