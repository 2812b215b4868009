#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints the sizes of files and folders, so that a reviewer sees growth. Never fails: a long file
that reads from top to bottom is right.

usage: check_sizes.py [ROOT]
"""

import pathlib
import statistics
import sys

# kind: (folder, suffix, aim, size from which on a review asks for the reason)
KINDS = {
    "public header": ("include", ".hpp", 200, 300),
    "source file": ("src", ".cpp", 300, 400),
    "private header": ("src", ".hpp", 200, 300),
    "test file": ("tests", ".cpp", 300, 500),
}
FILES_IN_A_FOLDER = 25


def lines_of(file):
    with file.open(encoding="utf-8") as text:
        lines = text.read().splitlines()
    generated = len(lines) > 1 and "enerated" in lines[1]
    return 0 if generated else len(lines)


def rows(root):
    """Yields (kind, number of files, median, largest, [(lines, file) beyond the review's limit])."""
    for kind, (tree, ending, _, limit) in KINDS.items():
        sizes = sorted((lines_of(file), file) for file in (root / tree).rglob(f"*{ending}"))
        if sizes:
            median = int(statistics.median(size for size, _ in sizes))
            large = [(size, file) for size, file in reversed(sizes) if size > limit]
            yield kind, len(sizes), median, sizes[-1][0], large


def crowded_folders(root):
    folders = {}
    for tree in ("include", "src", "tests"):
        for file in (root / tree).rglob("*.[hc]pp"):
            folders[file.parent] = folders.get(file.parent, 0) + 1
    return sorted((n, folder) for folder, n in folders.items() if n > FILES_IN_A_FOLDER)


def main(root):
    print(f"{'lines of a':16}{'files':>6}{'median':>8}{'aim':>6}{'largest':>9}")
    worth_a_look = []
    for kind, count, median, largest, large in rows(root):
        print(f"{kind:16}{count:6}{median:8}{KINDS[kind][2]:6}{largest:9}")
        worth_a_look += [f"{size:5} lines  {file.relative_to(root)}" for size, file in large]
    worth_a_look += [f"{n:5} files  {f.relative_to(root)}/" for n, f in crowded_folders(root)]
    if worth_a_look:
        print("A review asks why:", *worth_a_look, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
