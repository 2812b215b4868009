#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the drivers for PostgreSQL in turn, prints a table of medians and ratios to libpq, and draws
them.

usage: drivers.py FOLDER URL PLOT [ROUNDS]

FOLDER holds the programs of benchmarks/CMakeLists.txt; PLOT is a file to be written (.svg, .png).
"""

import json
import pathlib
import statistics
import subprocess
import sys

PEERS = pathlib.Path(__file__).parent / "run_time" / "driver_peers.py"
PLAIN, TLS = "sslmode=disable", "sslmode=require"
# (measurement, transport, drivers)
MEASUREMENTS = [
    ("select", PLAIN, ["gino", "libpq", "libpqxx", "asyncpg", "psycopg", "pgbench"]),
    ("pipeline20", PLAIN, ["gino", "libpq"]),
    ("pipeline100", PLAIN, ["gino", "libpq"]),
    ("rows", PLAIN, ["gino", "libpq", "raw", "libpqxx", "asyncpg", "psycopg"]),
    ("rows", TLS, ["gino", "libpq", "asyncpg"]),
    ("copy", PLAIN, ["gino", "libpq", "libpqxx", "asyncpg", "psycopg"]),
    ("connect", PLAIN, ["gino", "libpq", "libpqxx", "asyncpg", "psycopg"]),
    ("connect", TLS, ["gino", "libpq"]),
]


def command_of(folder, who):
    if who in ("gino", "libpq", "raw"):
        return [str(folder / "benchmark_driver")]
    if who == "libpqxx":
        return [str(folder / "benchmark_driver_libpqxx")]
    return [sys.executable, str(PEERS)]


def measure(folder, who, what, url):
    command = [*command_of(folder, who), who, what, url]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{who} {what}: {run.stderr}")
    return json.loads(run.stdout)


def summary(taken, who):
    """Returns the medians. A ratio is taken within one round, so that a slow phase of the machine affects
    both sides."""
    made = {key: statistics.median(one[key] for one in taken[who]) for key in ("wall", "cpu", "peak")}
    for key in ("wall", "cpu"):
        ratios = (a[key] / b[key] for a, b in zip(taken[who], taken["libpq"]))
        made[f"{key}/libpq"] = statistics.median(ratios)
    return made


def draw(rows, plot):
    """Draws bars from libpq's 1 on: a bar to the left means less than libpq needs."""
    # Imported here: the peak of a child process includes the memory of its parent at the fork.
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    panels = [("wall/libpq", "wall time / libpq's"), ("cpu/libpq", "client CPU / libpq's"), ("peak", "peak memory, MB")]
    names = [f"{what}{' (TLS)' if is_tls else ''}: {who}" for what, is_tls, who, _ in rows]
    figure, axes = plt.subplots(1, len(panels), sharey=True, figsize=(12, 0.22 * len(rows) + 1.2))
    for axis, (key, title) in zip(axes, panels):
        values = [row[3][key] / (1024 if key == "peak" else 1) for row in rows]
        colours = ["tab:orange" if row[2] == "gino" else "tab:gray" for row in rows]
        left = 0 if key == "peak" else 1
        axis.barh(range(len(rows)), [value - left for value in values], left=left, color=colours)
        axis.set_xscale("linear" if key == "peak" else "log")
        axis.set_title(title, fontsize=9)
        axis.grid(axis="x", alpha=0.3)
    axes[0].set_yticks(range(len(rows)), names, fontsize=7)
    axes[0].invert_yaxis()
    figure.tight_layout()
    figure.savefig(plot)


def main(folder, url, plot, rounds="5"):
    print(f"{'what':13}{'TLS':5}{'who':9}{'wall ms':>10}{'cpu ms':>9}{'peak MB':>9}{'wall/libpq':>12}{'cpu/libpq':>11}")
    rows = []
    for what, transport, everybody in MEASUREMENTS:
        where = f"{url}?{transport}"
        taken = {who: [] for who in everybody}
        for _ in range(int(rounds)):
            for who in everybody:
                taken[who].append(measure(pathlib.Path(folder), who, what, where))
        for who in everybody:
            is_tls = transport == TLS
            made = summary(taken, who)
            rows.append((what, is_tls, who, made))
            print(
                f"{what:13}{'yes' if is_tls else '':5}{who:9}{made['wall'] * 1000:10.1f}{made['cpu'] * 1000:9.1f}"
                f"{made['peak'] / 1024:9.0f}{made['wall/libpq']:11.2f}x{made['cpu/libpq']:10.2f}x",
                flush=True,
            )
    draw(rows, plot)


if __name__ == "__main__":
    main(*sys.argv[1:5])
