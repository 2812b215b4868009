#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures the statements of statements.cpp in SQLAlchemy: a line of JSON per statement and step."""

import json
import time

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.dialects import postgresql

metadata = MetaData()
companies = Table(
    "companies", metadata, Column("id", BigInteger, primary_key=True), Column("name", Text), Column("city", Text)
)
teams = Table(
    "teams",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("name", Text),
    Column("company_id", ForeignKey(companies.c.id)),
)
users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("nickname", Text),
    Column("age", Integer),
    Column("team_id", ForeignKey(teams.c.id)),
)


def get():
    return select(users).where(users.c.id == 7)


def two_conditions():
    return select(users.c.id, users.c.nickname).where((users.c.age >= 18) & (users.c.nickname != "x")).limit(10)


def three_tables():
    return (
        select(*users.c, *teams.c, *companies.c)
        .select_from(
            users.join(teams, teams.c.id == users.c.team_id).join(companies, companies.c.id == teams.c.company_id)
        )
        .where(users.c.age >= 18)
        .order_by(users.c.id)
    )


def insert_a_row():
    return insert(users).values(nickname="x", age=3, team_id=1).returning(users.c.id)


SUBJECTS = {
    "get": get,
    "two conditions": two_conditions,
    "three tables, ten columns": three_tables,
    "insert a row": insert_a_row,
}


def measure(work):
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter_ns()
        for _ in range(300):
            work()
        best = min(best, (time.perf_counter_ns() - begin) / 300)
    return best


def main():
    dialect = postgresql.dialect()
    for name, build in SUBJECTS.items():
        statement, cache = build(), {}
        steps = {
            "build": build,
            "first time": lambda: statement.compile(dialect=dialect),
            "seen before": lambda: build()._compile_w_cache(dialect, compiled_cache=cache, column_keys=[]),
        }
        built = measure(build)
        for step, work in steps.items():
            took = measure(work)
            # A statement keeps its cache key, so each look-up builds a new one, whose time is subtracted.
            took -= built if step == "seen before" else 0
            print(json.dumps({"statement": name, "step": step, "ns": took}))


if __name__ == "__main__":
    main()
