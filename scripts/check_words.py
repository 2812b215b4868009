#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fails when the comments of a part of the tree leave the range of well-kept code: too few comments,
or too many words that usually begin a sentence without a subject, or a private metaphor.

usage: check_words.py [ROOT]

CONTRIBUTING.md has the rules for comments, with examples.
"""

import collections
import pathlib
import re
import sys

# part: (folder, suffixes, least share of comment lines in percent)
PARTS = {
    "public headers": ("include", (".hpp",), 30),
    "sources": ("src", (".hpp", ".cpp"), 8),
    "tests": ("tests", (".hpp", ".cpp"), 0),
}
# words: the most per 10,000 words of comment. Boost.MySQL and pgx have about half of these.
LIMITS = {
    ("what", "whatever"): 20,
    ("who", "whom", "whoever"): 5,
    ("tell", "tells", "told", "say", "says", "said"): 10,
    ("stand", "stands", "stood"): 5,
    ("goodbye", "patience", "heal", "heals"): 2,
}
GENERATED = {"include/gino/core/sqlstate.hpp"}


def comment_of(line):
    """Returns the comment on a line, or None, and whether the line has nothing else."""
    if line.startswith("//"):
        return line.lstrip("/< "), True
    found = re.search(r"\s//[/<]*\s(.*)", line)
    return (found.group(1) if found else None), False


def measure(files):
    """Returns the share of comment lines in percent, and the words of all comments."""
    lines = comments = 0
    words = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if not line or "SPDX" in line:
                continue
            text, is_whole_line = comment_of(line)
            lines += 1
            comments += is_whole_line
            if text:
                words += re.findall(r"[a-z']+", text.lower())
    return (100 * comments / lines if lines else 0), words


def problems(part, share, words):
    least = PARTS[part][2]
    if share < least:
        yield f"{part}: {share:.1f} % of the lines are comments; at least {least} % are wanted"
    count = collections.Counter(words)
    for group, most in LIMITS.items():
        rate = sum(count[word] for word in group) * 10_000 / max(len(words), 1)
        if rate > most:
            yield (
                f'{part}: "{group[0]}" and its forms are {rate:.0f} of 10,000 words in comments; '
                f"at most {most} are wanted"
            )


def main(root):
    count = 0
    for part, (tree, suffixes, _) in PARTS.items():
        files = sorted(
            file
            for file in (root / tree).rglob("*")
            if file.suffix in suffixes and str(file.relative_to(root)) not in GENERATED
        )
        if not files:
            print(f"{tree}: there are no files")
            return 1
        share, words = measure(files)
        print(f"{part}: {share:.1f} % comments, {len(words)} words")
        for problem in problems(part, share, words):
            print(problem)
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
