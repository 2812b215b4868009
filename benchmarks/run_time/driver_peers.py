#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures asyncpg, psycopg and pgbench as run_time/driver.cpp measures the others.

usage: driver_peers.py asyncpg|psycopg|pgbench select|rows|copy|connect URL
"""

import asyncio
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import asyncpg
import psycopg

SELECTS, CONNECTIONS, COPIED = 20000, 200, 200000
MANY_ROWS = (
    "SELECT n::int8, (n % 1000)::int4, 'name ' || n, n * 0.5::float8, n % 2 = 0 "
    "FROM generate_series(1, 1000000) n"
)
TABLE = "CREATE UNLOGGED TABLE IF NOT EXISTS gino_benchmark (a int8, b int4, c text)"


class Stopwatch:
    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def print(self, who, what):
        wall, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"who": who, "what": what, "wall": wall, "cpu": cpu, "peak": peak}))


def records():
    return [(n, n % 1000, f"name {n}") for n in range(COPIED)]


async def run_asyncpg(what, url):
    if what == "connect":
        watch = Stopwatch()
        for _ in range(CONNECTIONS):
            await (await asyncpg.connect(url)).close()
        return watch
    on = await asyncpg.connect(url)
    if what == "select":
        statement = await on.prepare("SELECT $1::int8, 'a text'::text")
        watch = Stopwatch()
        for n in range(SELECTS):
            await statement.fetchrow(n)
    elif what == "rows":
        watch = Stopwatch()
        await on.fetch(MANY_ROWS)
    else:
        await on.execute(TABLE + "; TRUNCATE gino_benchmark")
        rows = records()
        watch = Stopwatch()
        await on.copy_records_to_table("gino_benchmark", records=rows)
    return watch


def run_psycopg(what, url):
    if what == "connect":
        watch = Stopwatch()
        for _ in range(CONNECTIONS):
            psycopg.connect(url).close()
        return watch
    on = psycopg.connect(url, autocommit=True)
    cursor = on.cursor(binary=True)
    if what == "select":
        watch = Stopwatch()
        for n in range(SELECTS):
            cursor.execute("SELECT %s::int8, 'a text'::text", (n,), prepare=True).fetchone()
    elif what == "rows":
        watch = Stopwatch()
        cursor.execute(MANY_ROWS).fetchall()
    else:
        cursor.execute(TABLE)
        cursor.execute("TRUNCATE gino_benchmark")
        rows = records()
        watch = Stopwatch()
        with cursor.copy("COPY gino_benchmark (a, b, c) FROM STDIN WITH (FORMAT binary)") as copy:
            copy.set_types(["int8", "int4", "text"])
            for row in rows:
                copy.write_row(row)
    return watch


def run_pgbench(what, url):
    """Runs the same SELECT as a prepared statement. pgbench reads its rows as text."""
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder, "script")
        script.write_text("\\set n random(1, 20000)\nSELECT :n::int8, 'a text'::text\n")
        options = ["-n", "-M", "prepared", "-t", str(SELECTS), "-f", str(script)]
        wall = time.perf_counter()
        subprocess.run(["pgbench", *options, url], check=True, capture_output=True)
        wall = time.perf_counter() - wall
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"who": "pgbench", "what": what, "wall": wall, "cpu": cpu, "peak": used.ru_maxrss}))


def main(who, what, url):
    if who == "pgbench":
        run_pgbench(what, url)
        return
    watch = asyncio.run(run_asyncpg(what, url)) if who == "asyncpg" else run_psycopg(what, url)
    watch.print(who, what)


if __name__ == "__main__":
    main(*sys.argv[1:4])
