#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fails when comments or documents break a rule that a script can check.

usage: check_docs.py [ROOT]

* Every source file starts with its licence, and sources and documents are ASCII.
* Every type in a public header has a documentation comment.
* The fixed headings of such comments have one spelling ("Thread safety:").
* A snippet that a comment shows exists.
* docs/errors.md has an entry for every error code, and no other.
* The target of a link from one document to another exists.
* A test that docs/reliability.md names exists.
"""

import pathlib
import re
import sys

LICENCE = "SPDX-License-Identifier: BSD-3-Clause"
SOURCES = (".hpp", ".cpp", ".cmake", ".py", ".sh")
TREES = ("benchmarks", "changes", "cli", "cmake", "docs", "examples", "include", "scripts", "src", "tests")
SCRIPTS = ("check", "start", ".ci/run")

FIXED_WORDS = ("Thread safety:", "Cancellation:", "Lifetime:")
TYPE = re.compile(r"^(?:class|struct|enum class|enum|union)\s+(?:\[\[.*\]\]\s*)?(\w+)\b(?!.*;\s*$)")
CONCEPT = re.compile(r"^concept\s+(\w+)")


def files_of(root):
    yield from (root / name for name in SCRIPTS if (root / name).exists())
    yield from sorted(root.glob("*.md"))
    yield from sorted(root.glob("CMakeLists.txt"))
    for tree in TREES:
        for file in sorted((root / tree).rglob("*")):
            if file.name == "CMakeLists.txt" or file.suffix in (*SOURCES, ".md"):
                yield file


def licence_problems(text, file):
    if file.suffix == ".md":
        return
    if not any(LICENCE in line for line in text.splitlines()[:2]):
        yield 1, f"the file does not start with its licence: {LICENCE}"


def ascii_problems(text):
    for number, line in enumerate(text.splitlines(), 1):
        if not line.isascii():
            strange = next(character for character in line if not character.isascii())
            yield number, f"{strange!r} is not ASCII"


def is_documented(lines, index):
    """Returns whether lines[index], with its template head and attributes, has a doc comment."""
    index -= 1
    while index >= 0 and lines[index].strip() and not lines[index].lstrip().startswith("//"):
        if lines[index].rstrip().endswith(("}", ";", "{")):
            return False
        index -= 1
    return index >= 0 and lines[index].lstrip().startswith("///")


def type_problems(text):
    """Yields undocumented types at namespace scope, which is not indented. Namespace detail is private."""
    lines = text.splitlines()
    in_detail = False
    for index, line in enumerate(lines):
        if re.match(r"namespace (\w+::)*detail\b", line):
            in_detail = True
        elif re.match(r"}\s*// namespace (\w+::)*detail\b", line):
            in_detail = False
        found = TYPE.match(line) or CONCEPT.match(line)
        if found and not in_detail and not is_specialisation(line) and not is_documented(lines, index):
            yield index + 1, f"{found[1]} has no documentation comment"


def is_specialisation(line):
    return re.match(r"^(class|struct)\s+[\w:]+<", line) is not None


def word_problems(text):
    wanted = {re.sub(r"\W", "", word).lower(): word for word in FIXED_WORDS}
    for number, line in enumerate(text.splitlines(), 1):
        label = re.match(r"\s*/// ?([A-Za-z][A-Za-z -]*?)\s*:", line)
        right = label and wanted.get(re.sub(r"\W", "", label[1]).lower())
        if right and not re.match(rf"\s*/// {right}", line):
            yield number, f"'{label[1]}:' is spelled '{right}'"


def has_snippet(root, name, tag):
    """Returns whether a file, named from the root or without folders, has the marks of the snippet."""
    files = [root / name]
    if "/" not in name:
        files = [file for tree in ("examples", "tests") for file in (root / tree).rglob(name)]
    return any(
        file.exists() and f"[{tag}]" in file.read_text(encoding="utf-8") for file in files
    )


def snippet_problems(root, text):
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r"\s*/// @snippet (\S+) (.+?)\s*$", line)
        if found and not has_snippet(root, found[1], found[2]):
            yield number, f"no {found[1]} in examples/ or tests/ has a snippet [{found[2]}]"


def link_problems(file, text):
    for number, line in enumerate(text.splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            path = target.split("#")[0]
            if path and "://" not in path and not path.startswith("mailto:"):
                if not (file.parent / path).exists():
                    yield number, f"the link to {target} leads nowhere"


def error_page_problems(root):
    """Compares the codes of errc.hpp with the headings of docs/errors.md."""
    header, page = root / "include/gino/core/errc.hpp", root / "docs/errors.md"
    if not header.exists():
        return
    body = re.search(r"enum class errc \{(.*?)^\};", header.read_text(encoding="utf-8"), re.S | re.M)
    codes = set(re.findall(r"^\s*(\w+)(?: = \d+)?,", body[1], re.M))
    entries = set(re.findall(r"^## (\w+)", page.read_text(encoding="utf-8"), re.M))
    for code in sorted(codes - entries):
        yield f"docs/errors.md: no entry for the error code {code}"
    for entry in sorted(entries - codes):
        yield f"docs/errors.md: {entry} is not an error code"


def reliability_problems(root):
    """Compares `Suite.Name` and `fuzz.name` in the page with the tests."""
    page = root / "docs/reliability.md"
    if not page.exists():
        return
    tests = {f"fuzz.{file.stem.removeprefix('fuzz_')}" for file in (root / "tests/fuzz").glob("fuzz_*.cpp")}
    for file in (root / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"TEST(?:_F|_P)?\((\w+), *(\w+)\)", file.read_text(encoding="utf-8")):
            tests.add(f"{suite}.{name}")
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        for named in re.findall(r"`(\w+\.\w+)`", line):
            if named not in tests:
                yield f"docs/reliability.md:{number}: there is no test {named}"


def problems_of_file(root, file):
    text = file.read_text(encoding="utf-8")
    yield from licence_problems(text, file)
    yield from ascii_problems(text)
    if file.suffix == ".md":
        yield from link_problems(file, text)
    if file.is_relative_to(root / "include"):
        yield from type_problems(text)
        yield from word_problems(text)
        yield from snippet_problems(root, text)


def main(root):
    files = list(files_of(root))
    count = 0
    for file in files:
        for number, problem in problems_of_file(root, file):
            print(f"{file.relative_to(root)}:{number}: {problem}")
            count += 1
    for problem in (*error_page_problems(root), *reliability_problems(root)):
        print(problem)
        count += 1
    print(f"{len(files)} files, {count} problems of documentation")
    return 1 if count or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
