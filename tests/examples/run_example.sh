#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# run_example.sh sqlite|postgresql PROGRAM
#
# Runs PROGRAM with the URL of an empty database as its only argument. Succeeds when it does.
# Without GINO_TEST_POSTGRESQL, postgresql is skipped with a message (exit code 77), or fails when
# GINO_TEST_REQUIRE_SERVERS is set.
set -euo pipefail

database=$1 program=$2

on_sqlite() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    "$program" "sqlite:///$folder/example.db"
}

on_postgresql() {
    if [ -z "${GINO_TEST_POSTGRESQL:-}" ]; then
        echo "SKIPPED: GINO_TEST_POSTGRESQL has no URL of a PostgreSQL; scripts/databases.sh starts one"
        [ -n "${GINO_TEST_REQUIRE_SERVERS:-}" ] && exit 1
        exit 77
    fi
    name=example_$$
    sql() { psql --no-psqlrc --quiet --dbname="$GINO_TEST_POSTGRESQL" --command="$1"; }
    sql "CREATE DATABASE $name"
    trap 'sql "DROP DATABASE $name WITH (FORCE)"' EXIT
    "$program" "${GINO_TEST_POSTGRESQL%/*}/$name"
}

case $database in
    sqlite) on_sqlite ;;
    postgresql) on_postgresql ;;
    *) echo "run_example.sh: no database is called '$database'" >&2; exit 2 ;;
esac
