#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fails when a file includes a header that its layer must not include (rules: layers.txt).

usage: check_layers.py [ROOT]

Prints a line for each violation: file, line number, rule.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
TREES = ("include", "src", "cli")


class Rules:
    """The parsed rules file."""

    def __init__(self, text):
        self.layers = {}  # name -> names of the layers that it may include
        self.only = []  # (folders, prefixes), as in the two lists below
        self.never = []
        self.lifted = []
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split("#")[0].strip()
            if line:
                self._read(line, number)

    def _read(self, line, number):
        verb, _, rest = line.partition(" ")
        if verb == "layer":
            name, _, uses = rest.partition(":")
            self.layers[name.strip()] = set(uses.split())
            return
        # A folder may be called "include" as well, so the last such word is the separator.
        folders, separator, prefixes = rest.rpartition(" include ")
        lists = {"only": self.only, "never": self.never, "except": self.lifted}
        if verb not in lists or not separator:
            raise SystemExit(f"layers.txt:{number}: cannot read '{line}'")
        lists[verb].append((folders.split(), prefixes.split()))


def is_in(file, folders):
    return any(file == folder or file.startswith(folder + "/") for folder in folders)


def matches(rules, file, included):
    return any(
        is_in(file, folders) and included.startswith(tuple(prefixes)) for folders, prefixes in rules
    )


def layer_of(path, layers):
    """Returns "sql" for `sql/select.hpp`; None for a file that belongs to no layer."""
    first = path.split("/")[0]
    return first if first in layers else None


def layer_of_file(file, layers):
    if file.startswith("cli/"):
        return "cli"
    return layer_of(re.sub("^(include/gino|src)/", "", file), layers)


def layer_of_include(included, quoted, layers):
    if included.startswith("gino/"):
        return layer_of(included.removeprefix("gino/"), layers)
    return layer_of(included, layers) if quoted else None


def violations(rules, file, included, quoted):
    """Yields the problems of one #include."""
    if quoted and not layer_of_include(included, quoted, rules.layers):
        yield f'"{included}" is not a path from src/, which starts with a layer'
    here = layer_of_file(file, rules.layers)
    there = layer_of_include(included, quoted, rules.layers)
    if here and there and there != here and there not in rules.layers[here]:
        yield f"{here} may not include {there}"
    for folders, prefixes in rules.only:
        if included.startswith(tuple(prefixes)) and not is_in(file, folders):
            yield f"{included} may be included in {', '.join(folders)} only"
    if matches(rules.never, file, included) and not matches(rules.lifted, file, included):
        yield f"{included} may not be included here"


def main(root):
    rules = Rules((pathlib.Path(__file__).parent / "layers.txt").read_text(encoding="utf-8"))
    files = sorted(file for tree in TREES for file in (root / tree).rglob("*.[hc]pp"))
    count = 0
    for file in files:
        name = file.relative_to(root).as_posix()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            include = INCLUDE.match(line)
            if include:
                for problem in violations(rules, name, include[1] or include[2], bool(include[2])):
                    print(f"{name}:{number}: {problem}")
                    count += 1
    print(f"{len(files)} files, {count} violations of scripts/layers.txt")
    if not files:
        print(f"no sources under {root}")
    return 1 if count or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
