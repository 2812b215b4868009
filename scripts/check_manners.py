#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fails when a source of the library breaks a rule of manners: the library does not print, does not
end the program, has no thread-local state, and does not change settings of the process.

usage: check_manners.py [ROOT]

A line that is an exception has a comment with the reason: "// manners: <why>".
"""

import pathlib
import re
import sys

PRINTING = "the library does not print"
ENDING = "the library does not end the program"
RULES = (
    (r"\bstd::(cout|cerr|clog|cin)\b|#\s*include\s*<iostream>", PRINTING),
    (r"(?<![\w.:>])(std::|::)?v?f?(printf|puts|putchar|perror)\s*\(", PRINTING),
    (r"(?<![\w.:>])((std::|::)(abort|terminate)|(std::|::)?(exit|_exit|_Exit|quick_exit))\s*\(", ENDING),
    (r"\bthread_local\b", "what belongs to a coroutine does not belong to a thread"),
    (r"(?<![\w.:>])(std::|::)?(setlocale|setenv|putenv|unsetenv|s?rand)\s*\(", "process-wide state"),
    (r"(?<![\w.:>])(std::|::)?(sigaction|sigprocmask|fork|system)\s*\(", "processes are the program's"),
)
EXEMPT = "// manners: "
PATTERNS = [(re.compile(pattern), rule) for pattern, rule in RULES]


def code_of(line):
    """Returns the line without its comment and without the content of its string literals."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//")[0]


def violations(text):
    for number, line in enumerate(text.splitlines(), 1):
        if EXEMPT in line:
            continue
        for pattern, rule in PATTERNS:
            if pattern.search(code_of(line)):
                yield number, f"{line.strip()}: {rule}"


def main(root):
    files = sorted(file for tree in ("include", "src") for file in (root / tree).rglob("*.[hc]pp"))
    count = 0
    for file in files:
        for number, problem in violations(file.read_text(encoding="utf-8")):
            print(f"{file.relative_to(root)}:{number}: {problem}")
            count += 1
    print(f"{len(files)} files, {count} violations of manners")
    return 1 if count or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
