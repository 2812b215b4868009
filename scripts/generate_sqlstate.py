#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes include/gino/core/sqlstate.hpp from PostgreSQL's list of error codes.

usage: generate_sqlstate.py [--check] [LIST]

LIST     errcodes.txt; default: the list of the newest installed PostgreSQL
--check  only compares; fails when a code has another name in the header than in the list. The codes
         depend on the version of PostgreSQL, so each may have codes that the other lacks.
"""

import pathlib
import re
import sys

LISTS = pathlib.Path("/usr/share/postgresql")
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
# Prefixes for names of conditions that two classes have.
PREFIXES = {"01": "warning_", "2F": "sql_routine_", "38": "external_routine_", "39": "external_routine_invocation_"}


def newest_list():
    lists = sorted(LISTS.glob("*/errcodes.txt"), key=lambda found: float(found.parent.name))
    if not lists:
        sys.exit(f"{LISTS} has no errcodes.txt: install PostgreSQL")
    return lists[-1]


def conditions(listed):
    """Returns [(section, [(code, name), ...]), ...] in the order of the list."""
    sections = []
    for line in listed.read_text(encoding="utf-8").splitlines():
        if line.startswith("Section:"):
            sections.append((line.removeprefix("Section:").strip(), []))
        elif fields := re.match(r"(\w{5})\s+[EWS]\s+\w+\s+(\w+)$", line):
            sections[-1][1].append((fields[1], fields[2]))
    return sections


def text(listed):
    sections = conditions(listed)
    names = [name for _, found in sections for _, name in found]
    codes = set()
    made = HEAD
    for title, found in sections:
        lines = []
        for code, name in found:
            if code in codes:
                continue  # a second name of the same code
            codes.add(code)
            prefix = PREFIXES.get(code[:2], "") if names.count(name) > 1 else ""
            lines.append(f'inline constexpr std::string_view {prefix}{name} = "{code}";\n')
        if lines:
            made += f"\n// {title}\n" + "".join(lines)
    return made + "\n}  // namespace gino::sqlstate\n"


def names_in(header):
    return {code: name for name, code in re.findall(r'(\w+) = "(\w{5})";', header)}


def check(listed):
    """Prints the codes whose names differ between header and list; returns an exit code."""
    ours, theirs = names_in(HEADER.read_text(encoding="utf-8")), names_in(text(listed))
    both = ours.keys() & theirs.keys()
    if len(both) < len(ours) / 2:
        print(f"{listed} has hardly any code of {HEADER.name}: is it a list of PostgreSQL's?")
        return 1
    others = sorted(code for code in both if ours[code] != theirs[code])
    for code in others:
        print(f"{HEADER.name}: {code} is {theirs[code]}, not {ours[code]}: run scripts/generate_sqlstate.py")
    return 1 if others else 0


def main(arguments):
    checks = arguments[:1] == ["--check"]
    files = arguments[1:] if checks else arguments
    if len(files) > 1 or any(name.startswith("-") for name in files):
        print(__doc__, file=sys.stderr)
        return 2
    listed = pathlib.Path(files[0]) if files else newest_list()
    if checks:
        return check(listed)
    HEADER.write_text(text(listed), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
