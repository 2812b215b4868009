#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Adds the number of instructions of a step, counted by callgrind, to each line of measurements.

usage: instructions.py PROGRAM MEASUREMENTS

Runs `PROGRAM --repeat PLACE TIMES` twice for each line, with two numbers of times: their difference
does not include the start of the program.
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
