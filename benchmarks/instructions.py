#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Adds to each line of measurements how many instructions a step takes, as callgrind counts them.

usage: instructions.py PROGRAM MEASUREMENTS

PROGRAM is run as `PROGRAM --repeat PLACE TIMES` for each line, with two numbers of times: their
difference leaves out what the start of the program costs.
"""

import json
import re
import subprocess
import sys


def count(program, place, times):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "--repeat", str(place), str(times)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main(program, measurements):
    few, many = 100, 1100
    with open(measurements, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    for place, one in enumerate(found):
        one["instructions"] = (count(program, place, many) - count(program, place, few)) // (many - few)
        print(json.dumps(one))


if __name__ == "__main__":
    main(*sys.argv[1:3])
