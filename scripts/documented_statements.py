#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes a test for every statement of the reference.

usage: documented_statements.py PAGE... > documented_statements.cpp

A page of docs/reference/sql has each statement as a block "cpp". A block "sql" follows, with the text
for PostgreSQL, and a block "sqlite" if SQLite's text differs. A block "sqlite" of the form
"-- cannot: LATERAL" names the construct in the compile_error. A block "rows" has the rows on both
databases, one per line, a block "rows_postgresql" the rows on PostgreSQL alone. The last C++ statement
of a block "cpp" is the tested one; the code in front of it prepares it.
"""

import pathlib
import re
import sys

HEAD = """\
// SPDX-License-Identifier: BSD-3-Clause
// Made by scripts/documented_statements.py: do not change it.
#include <gino/gino.hpp>

#include "golden/documented_rows.hpp"
#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden::documented {

using namespace gino;
using gino::select;
using golden::document;
using golden::team;
using golden::user;
"""

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)


def blocks_of(text):
    for found in FENCE.finditer(text):
        yield found[1], found[2], text.count("\n", 0, found.start()) + 2


def statements_of(text):
    """Yields (line, code, {database: sql})."""
    current = None
    for kind, body, line in blocks_of(text):
        if kind == "cpp":
            if current:
                yield current
            current = (line, body, {})
        elif kind in ("sql", "sqlite") and current:
            current[2]["postgresql" if kind == "sql" else "sqlite"] = body
        elif kind in ("rows", "rows_postgresql") and current:
            current[2][kind] = body
    if current:
        yield current


def one_line(sql):
    return re.sub(r"\s+", " ", sql).strip()


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parts_of(code):
    """Returns the preparing code and the statement."""
    code = code.rstrip().rstrip(";")
    cut = code.rfind(";\n") + 1
    return code[:cut], code[cut:].strip()


def check(database, sql):
    cannot = re.match(r"-- cannot: (.+)", sql.strip())
    if cannot:
        return f"    EXPECT_CANNOT_COMPILE(statement, {database}, {literal(cannot[1])});\n"
    return f"    EXPECT_SQL_OF(statement, {database}, {literal(one_line(sql))});\n"


def has_order(sql):
    """Returns True if the statement itself has ORDER BY, not only a part in parentheses."""
    inner = re.compile(r"\([^()]*\)")
    while inner.search(sql):
        sql = inner.sub("", sql)
    return "ORDER BY" in sql


def check_rows(page, line, sql, kind, rows):
    """Returns the check of the rows; without ORDER BY, their order does not matter."""
    flags = ", ".join(str(flag).lower() for flag in (has_order(sql), kind == "rows"))
    wanted = literal(rows).replace("\n", "\\n")
    return f'    expect_rows({{"{page.name}:{line}", {wanted}, {flags}}}, statement);\n'


def test_of(page, line, code, sqls):
    said, statement = parts_of(code)
    suite = "".join(word.capitalize() for word in page.stem.split("_"))
    name = f"TEST(Reference{suite}, Line{line}) {{\n"
    body = f'#line {line} "{page}"\n{said}\n    const auto statement = {statement};\n'
    checks = []
    for kind, text in sqls.items():
        if kind.startswith("rows"):
            checks.append(check_rows(page, line, sqls["postgresql"], kind, text))
        else:
            checks.append(check(kind, text))
    return name + body + "".join(checks) + "}\n"


def main(names):
    print(HEAD)
    for name in names:
        page = pathlib.Path(name)
        for line, code, sqls in statements_of(page.read_text(encoding="utf-8")):
            if not sqls:
                sys.exit(f"{page}:{line}: a statement has no SQL behind it")
            print(test_of(page, line, code, sqls))
    print("}  // namespace golden::documented")


if __name__ == "__main__":
    main(sys.argv[1:])
