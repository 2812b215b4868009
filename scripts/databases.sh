#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Starts and stops a private PostgreSQL: loopback and unix socket, a port of its own, SCRAM.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/databases.sh start DIR | stop DIR | run COMMAND...

  start DIR       makes a cluster in DIR if there is none, starts it, writes DIR/env
  stop DIR        stops the server of DIR; the data stay
  run COMMAND...  starts a fresh one, runs COMMAND with its addresses in the environment
                  (GINO_TEST_POSTGRESQL, ..._SOCKET, ..._TRUST), stops and removes it
TEXT
}

binaries=/usr/lib/postgresql/15/bin

# PostgreSQL refuses to run as root.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        runuser -u postgres -- env -C / LC_ALL=C.UTF-8 "$@"
    else
        env -C / LC_ALL=C.UTF-8 "$@"
    fi
}

free_port() {
    python3 - <<'PYTHON' 2>/dev/null || echo $((20000 + RANDOM))
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])
PYTHON
}

create() {
    local dir=$1 password
    mkdir -p "$dir/socket"
    [ "$(id -u)" -ne 0 ] || chown -R postgres: "$dir"
    password=$(mktemp)
    echo gino >"$password"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$password"
    as_server "$binaries/initdb" --pgdata="$dir/data" --username=gino --pwfile="$password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 || {
        cat "$dir.log" >&2
        exit 1
    }
    rm -f "$password" "$dir.log"
    as_server tee "$dir/data/pg_hba.conf" >/dev/null <<'TEXT'
local all trusted trust
host  all trusted 127.0.0.1/32 trust
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
TEXT
    as_server tee -a "$dir/data/postgresql.conf" >/dev/null <<TEXT
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir/socket'
fsync = off
max_connections = 100
TEXT
}

start() {
    local dir=$1 port
    dir=$(mkdir -p "$dir" && cd "$dir" && pwd)
    [ -e "$dir/data/PG_VERSION" ] || create "$dir"
    port=$(free_port)
    as_server "$binaries/pg_ctl" --pgdata="$dir/data" --wait --timeout=60 --silent \
        --log="$dir/data/server.log" --options="-p $port" start >/dev/null || {
        tail -n 20 "$dir/data/server.log" >&2
        exit 1
    }
    local psql=(env PGPASSWORD=gino "$binaries/psql" -X -q -h "$dir/socket" -p "$port" -U gino)
    "${psql[@]}" -d postgres -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
SELECT 'CREATE DATABASE gino' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'gino') \gexec
SELECT 'CREATE ROLE trusted LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trusted') \gexec
SQL
    cat >"$dir/env" <<TEXT
export GINO_TEST_POSTGRESQL='postgresql://gino:gino@127.0.0.1:$port/gino'
export GINO_TEST_POSTGRESQL_SOCKET='postgresql://gino:gino@/gino?host=$dir/socket&port=$port'
export GINO_TEST_POSTGRESQL_TRUST='postgresql://trusted@127.0.0.1:$port/gino'
TEXT
}

stop() {
    [ ! -e "$1/data/postmaster.pid" ] ||
        as_server "$binaries/pg_ctl" --pgdata="$(cd "$1" && pwd)/data" --wait --silent --mode=fast stop >/dev/null
}

case ${1:-} in
    start) start "$2" ;;
    stop) stop "$2" ;;
    run)
        shift
        folder=$(mktemp -d /tmp/gino-postgresql.XXXXXX)
        chmod 755 "$folder"
        trap 'stop "$folder"; rm -rf "$folder"' EXIT
        start "$folder"
        # shellcheck disable=SC1091
        . "$folder/env"
        "$@"
        ;;
    -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
