#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes a program of 20 models with 12 columns, and QUERIES queries (default: 20), each a function.

usage: twenty_models.py [QUERIES [run|build]] > file.cpp

Each function runs its statement in a coroutine (run, the default), or only builds it (build).
"""

import sys

TYPES = ("std::int64_t", "std::string", "std::optional<std::int32_t>", "bool", "double", "gino::timestamptz")


def model(number):
    names = ["id"] + [f"f{i}" for i in range(1, 12)]
    members = "\n".join(f"    {TYPES[i % len(TYPES)]} {name}{{}};" for i, name in enumerate(names))
    return f"""struct model{number} {{
{members}

    GINO_MODEL(model{number}, "model{number}", {", ".join(names)})

    static gino::table_args table_args() {{ return {{gino::primary_key(c.id)}}; }}
}};
"""


def statement(number):
    m = f"model{number % 20}"
    return f"""gino::select({m}::c.id, {m}::c.f1)
        .where({m}::c.f2 >= {number} && {m}::c.f1 != "x")
        .order_by({m}::c.id.desc())
        .limit(10)"""


def run(number):
    return f"""gino::awaitable<std::size_t> query{number}(gino::database& db) {{
    const auto rows = co_await db.all({statement(number)});
    co_return rows.size();
}}
"""


def build(number):
    return f"""auto query{number}() {{
    return {statement(number)};
}}
"""


def main(queries, query):
    print("// SPDX-License-Identifier: BSD-3-Clause\n#include <gino/gino.hpp>\n")
    for number in range(20):
        print(model(number))
    for number in range(queries):
        print(query(number))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, build if "build" in sys.argv else run)
