#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs clang-tidy on the changed files. Fails when there are findings.

usage: tidy.py --build DIR [--all] [--most N] [ROOT]

A file has changed if it differs from the base, which is the first known one of these that is not the
current commit: the commit with which ./check passed last (DIR/checked_commit), the commit where this
branch has left origin/main, the parent of the current commit. The work tree counts as well. As
clang-tidy takes ten seconds per file, only the N most changed files are checked, and the number of
the others is printed. With --all, or GINO_TIDY_ALL in the environment, all files are checked.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

TREES = ("include", "src", "cli", "examples")
CLANG_TIDY = "clang-tidy-16"


class Repository:
    def __init__(self, root):
        self.root = root

    def git(self, *arguments):
        """Returns the output of git; empty when it fails."""
        command = ["git", "-C", str(self.root), "-c", f"safe.directory={self.root}", *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        return result.stdout.strip() if result.returncode == 0 else ""

    def base(self, last_checked):
        """Returns the commit that the work tree is compared with; empty when there is no history."""
        head = self.git("rev-parse", "HEAD")
        candidates = (
            lambda: last_checked and self.git("merge-base", "HEAD", last_checked),
            lambda: self.git("merge-base", "HEAD", "origin/main"),
            lambda: self.git("rev-parse", "HEAD~"),
        )
        return next((base for ask in candidates if (base := ask()) and base != head), head)

    def changed(self, base):
        """Returns {file: number of changed lines}, without deleted files."""
        counts = {}
        for line in self.git("diff", "--numstat", "--no-renames", base).splitlines():
            added, removed, name = line.split("\t")
            counts[name] = int(added) + int(removed) if added != "-" else 0
        for name in self.git("ls-files", "--others", "--exclude-standard").splitlines():
            counts[name] = (self.root / name).read_bytes().count(b"\n")
        return {name: count for name, count in counts.items() if (self.root / name).exists()}


def ours(name):
    return name.split("/")[0] in TREES and name.endswith((".cpp", ".hpp"))


def translation_units(build, root):
    """Returns {file: translation unit}; the unit of a public header is a file that only includes it."""
    units = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if file.is_relative_to(root) and not file.is_relative_to(build):
            units[file.relative_to(root).as_posix()] = file
        elif "_verify_interface_header_sets" in str(file):
            _, _, header = str(file).partition("_verify_interface_header_sets/")
            units["include/" + header.removesuffix(".cxx")] = file
    return units


def choose(files, units, most):
    """Returns the most changed files, and the number of the others."""
    known = [name for name in sorted(files, key=lambda name: (-files[name], name)) if name in units]
    return known[:most], len(known) - len(known[:most])


def tidy(build, name, unit):
    # The unit of a header reports findings in this header only, a source file those in headers of its
    # own folder too.
    headers = "/" + name if name.endswith(".hpp") else "/" + os.path.dirname(name) + "/[^/]*"
    command = [CLANG_TIDY, "-p", str(build), "--quiet", f"--header-filter={headers}$", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return ""
    return result.stdout or result.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--all", action="store_true", default=bool(os.environ.get("GINO_TIDY_ALL")))
    parser.add_argument("--most", type=int, default=12)
    parser.add_argument("root", nargs="?", default=".", type=pathlib.Path)
    arguments = parser.parse_args()
    root, build = arguments.root.resolve(), arguments.build.resolve()

    units = translation_units(build, root)
    if arguments.all:
        chosen, left_out = sorted(name for name in units if ours(name)), 0
    else:
        repository = Repository(root)
        checked = build / "checked_commit"
        base = repository.base(checked.read_text().strip() if checked.exists() else "")
        print(f"changed since {base[:12] or '(there is no git history here)'}")
        changed = {name: n for name, n in repository.changed(base).items() if ours(name)}
        chosen, left_out = choose(changed, units, arguments.most)

    found = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        jobs = {name: workers.submit(tidy, build, name, units[name]) for name in chosen}
        for name, job in jobs.items():
            output = job.result()
            print(f"{name}: {'see below' if output else 'clean'}", output, sep="\n", end="", flush=True)
            found += bool(output)
    print(f"{len(chosen)} files, {found} with findings")
    if left_out:
        print(f"{left_out} more files have changed; ./check --tidy-all looks at all")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
