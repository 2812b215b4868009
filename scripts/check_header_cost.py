#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fails when including a public header costs more than header_costs.txt allows.

usage: check_header_cost.py [--compiler CXX] [ROOT]

Prints the cost of each header in the list: preprocessed lines, and the compiler's seconds for a file
that includes only this header. Only the lines have a limit, because seconds depend on the machine.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import time


def read_budgets(text):
    """Returns [(header, limit of lines, forbidden prefix)]."""
    rows = (line.split("#")[0].split() for line in text.splitlines())
    return [(row[0], int(row[1]), row[2]) for row in rows if row]


class Compiler:
    def __init__(self, program, root):
        self.command = [program, "-std=c++20", f"-I{root}/include", "-x", "c++", "-"]

    def _run(self, *options, header):
        source = f"#include <{header}>\n"
        result = subprocess.run(
            [*self.command, *options], input=source, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            raise SystemExit(f"{header} does not compile:\n{result.stderr}")
        return result.stdout

    def preprocessed(self, header):
        return self._run("-E", header=header)

    def seconds(self, header):
        start = time.monotonic()
        self._run("-fsyntax-only", header=header)
        return time.monotonic() - start


def problems(header, budget, forbidden, text):
    lines = text.count("\n")
    if lines > budget:
        yield f"{header} costs {lines:,} lines, {lines - budget:,} too many"
    if re.search(rf'^# \d+ "[^"]*/{re.escape(forbidden)}', text, re.MULTILINE):
        yield f"{header} includes {forbidden}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--budgets", default=pathlib.Path(__file__).parent / "header_costs.txt")
    parser.add_argument("root", nargs="?", default=".", type=pathlib.Path)
    arguments = parser.parse_args()

    compiler = Compiler(arguments.compiler, arguments.root)
    found = []
    budgets = read_budgets(pathlib.Path(arguments.budgets).read_text(encoding="utf-8"))
    for header, budget, forbidden in budgets:
        if not (arguments.root / "include" / header).exists():
            found.append(f"{header} is in the list, but not in {arguments.root}/include")
            continue
        text = compiler.preprocessed(header)
        seconds = compiler.seconds(header)
        print(f"{header:25} {text.count(chr(10)):8,} of {budget:,} lines {seconds:6.1f} s")
        found += problems(header, budget, forbidden, text)
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
