#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes include/gino/core/sqlstate.hpp from PostgreSQL's list of error codes.

usage: generate_sqlstate.py [--check]

--check  only compares; fails when the header is not what would be written
"""

import pathlib
import re
import sys

LIST = pathlib.Path("/usr/share/postgresql/15/errcodes.txt")
HEADER = pathlib.Path(__file__).resolve().parent.parent / "include/gino/core/sqlstate.hpp"
HEAD = """// SPDX-License-Identifier: BSD-3-Clause
// Written by scripts/generate_sqlstate.py; change that.
#pragma once

#include <string_view>

/// What a database says went wrong, in five characters: `database_error::sqlstate()`. The names are
/// the conditions of PostgreSQL's manual, Appendix A; SQLite's errors have the same codes here.
///
///     if (e.sqlstate() == gino::sqlstate::unique_violation) { ... }
namespace gino::sqlstate {
"""
# Conditions that two classes have.
PREFIXES = {"01": "warning_", "2F": "sql_routine_", "38": "external_routine_", "39": "external_routine_invocation_"}


def conditions():
    """(section, [(code, name), ...]) in the order of the list."""
    sections = []
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("Section:"):
            sections.append((line.removeprefix("Section:").strip(), []))
        elif fields := re.match(r"(\w{5})\s+[EWS]\s+\w+\s+(\w+)$", line):
            sections[-1][1].append((fields[1], fields[2]))
    return sections


def text():
    sections = conditions()
    names = [name for _, found in sections for _, name in found]
    codes = set()
    made = HEAD
    for title, found in sections:
        lines = []
        for code, name in found:
            if code in codes:
                continue  # another word for it
            codes.add(code)
            prefix = PREFIXES.get(code[:2], "") if names.count(name) > 1 else ""
            lines.append(f'inline constexpr std::string_view {prefix}{name} = "{code}";\n')
        if lines:
            made += f"\n// {title}\n" + "".join(lines)
    return made + "\n}  // namespace gino::sqlstate\n"


def main(arguments):
    if arguments == ["--check"]:
        if HEADER.read_text(encoding="utf-8") != text():
            print(f"{HEADER.name} is not what scripts/generate_sqlstate.py writes: run it")
            return 1
        return 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    HEADER.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
