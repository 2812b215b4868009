#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Starts private PostgreSQL servers: on loopback and a unix socket, each on its own port, never as root.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/databases.sh start DIR
       scripts/databases.sh stop [--keep] DIR
       scripts/databases.sh run [DIR] -- COMMAND...
       scripts/databases.sh pair DIR
       scripts/databases.sh switch DIR

  start  creates a server with the newest installed PostgreSQL in DIR, or takes the one in DIR, starts
         it, and writes the addresses to DIR/env, a file to be sourced
  stop   stops the server in DIR and removes DIR; --keep keeps the data
  pair   starts a primary and its standby in DIR, an empty folder, and prints the two addresses, for
         role trusted without a password; `stop DIR` stops and removes both
  switch promotes the standby of a pair, and makes the old primary its standby
  run    starts a server, runs COMMAND with the addresses in its environment, and always stops the
         server and removes its folder (default: a new one in /tmp)

The addresses. Poolers, certificates and TLS are available with `run` only:
  GINO_TEST_POSTGRESQL         role gino by TCP; SCRAM-SHA-256; owns the database gino, may create more
  GINO_TEST_POSTGRESQL_SOCKET  the same through the unix socket
  GINO_TEST_POSTGRESQL_TRUST   role trusted, without a password
  GINO_TEST_PGBOUNCER_SESSION, GINO_TEST_PGBOUNCER_TRANSACTION
                               role gino through PgBouncer, in this pool mode
  GINO_TEST_PGPOOL             role trusted through pgpool-II
  GINO_TEST_TLS                the folder of certificates (scripts/test_certificates.sh); the server
                               uses server.crt, which a test may replace before pg_reload_conf()
TEXT
}

fail() {
    echo "scripts/databases.sh: $1" >&2
    exit 1
}

folder=$(cd "$(dirname "$0")" && pwd)
readonly folder
for_tests=false
readonly marker="A private PostgreSQL, made by scripts/databases.sh."

server_binaries() {
    local programs
    programs=$(find /usr/lib/postgresql -path '*/bin' -prune 2>/dev/null | sort --version-sort | tail -n 1)
    [ -x "$programs/initdb" ] || programs=$(pg_config --bindir 2>/dev/null) || true
    [ -x "$programs/initdb" ] || fail "there is no PostgreSQL server here; scripts/install.sh postgresql installs it"
    echo "$programs"
}

# Runs a command as the server's account: PostgreSQL refuses to run as root, so root uses Debian's
# account "postgres".
as_server() {
    local clean=(env -C / -i "PATH=$PATH" LC_ALL=C.UTF-8 PGCONNECT_TIMEOUT=20 "$@")
    if [ "$(id -u)" -eq 0 ]; then
        runuser -u postgres -- "${clean[@]}"
    else
        "${clean[@]}"
    fi
}

# accepts PORT: succeeds if a program listens there.
accepts() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# accepts_soon PORT: the same, within 5 s.
accepts_soon() {
    for _ in $(seq 50); do
        ! accepts "$1" || return 0
        sleep 0.1
    done
    return 1
}

# Prints a random free port below the range from which the kernel takes clients' ports. Another program
# may take it before it is used.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((16000 + RANDOM % 16000))
        if ! accepts "$port"; then
            echo "$port"
            return
        fi
    done
    fail "no free port between 16000 and 31999"
}

absolute() { (cd "$1" && pwd -P); }

is_ours() { [ "$(cat "$1/README" 2>/dev/null)" = "$marker" ]; }

is_running() { as_server "$binaries/pg_ctl" --pgdata="$1/data" status >/dev/null 2>&1; }

create() {
    local dir=$1
    [ "$(id -u)" -ne 0 ] || chown postgres: "$dir"
    as_server test -w "$dir" || {
        rmdir "$dir"
        fail "the user postgres cannot use $dir; choose a folder that every user can reach, such as one in /tmp"
    }
    echo "$marker" >"$dir/README"
    as_server "$binaries/initdb" --pgdata="$dir/data" --username=postgres --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >"$dir/initdb.log" 2>&1 || {
        cat "$dir/initdb.log" >&2
        fail "initdb failed in $dir"
    }
    rm "$dir/initdb.log"
    as_server tee -a "$dir/data/postgresql.conf" >/dev/null <<TEXT

# A crash of the machine may destroy the data.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_connections = 200
password_encryption = 'scram-sha-256'
timezone = 'UTC'
TEXT
    ! $for_tests || create_certificates "$dir"
    # Only this script is the superuser, through the socket, whose folder only the owner can reach.
    as_server tee "$dir/data/pg_hba.conf" >/dev/null <<'TEXT'
local      all  postgres                    trust
local      all  trusted                     trust
host       all  trusted      127.0.0.1/32   trust
hostssl    all  certified    127.0.0.1/32   cert
hostssl    all  encrypted    127.0.0.1/32   trust
hostnossl  all  unencrypted  127.0.0.1/32   trust
host       all  hashed       127.0.0.1/32   md5
local      all  clear                       password
host       all  clear        127.0.0.1/32   password
local      all  all                         scram-sha-256
host       all  all          127.0.0.1/32   scram-sha-256
TEXT
}

create_certificates() {
    local dir=$1
    # The server's account may not be able to read this folder, so the script is piped to it.
    as_server bash -s -- "$dir/tls" <"$folder/test_certificates.sh"
    as_server cp "$dir/tls/good.crt" "$dir/tls/server.crt"
    as_server cp --preserve=mode "$dir/tls/good.key" "$dir/tls/server.key"
    as_server tee -a "$dir/data/postgresql.conf" >/dev/null <<TEXT
ssl = on
ssl_cert_file = '$dir/tls/server.crt'
ssl_key_file = '$dir/tls/server.key'
ssl_ca_file = '$dir/tls/authority.crt'
TEXT
}

create_roles() {
    as_server "$binaries/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
        --host="$1" --port="$2" --username=postgres --dbname=postgres <<'SQL'
CREATE ROLE gino LOGIN CREATEDB PASSWORD 'gino';
CREATE ROLE trusted LOGIN;
CREATE ROLE certified LOGIN;
CREATE ROLE encrypted LOGIN;
CREATE ROLE unencrypted LOGIN;
CREATE ROLE clear LOGIN PASSWORD 'clear';
CREATE ROLE prepared LOGIN PASSWORD U&'I\00ADX';
SET password_encryption = 'md5';
CREATE ROLE hashed LOGIN PASSWORD 'hashed';
CREATE DATABASE gino OWNER gino;
\connect gino
CREATE EXTENSION hstore SCHEMA pg_catalog;
CREATE EXTENSION citext SCHEMA pg_catalog;
GRANT EXECUTE ON FUNCTION pg_reload_conf() TO gino;
GRANT CREATE ON DATABASE gino TO trusted;
GRANT CREATE ON SCHEMA public TO trusted;
SQL
}

# Prints the folder of the socket. It has a short name, because a unix socket's path has at most 107
# bytes.
socket_folder() {
    local dir=$1 short
    short=$(cat "$dir/socket" 2>/dev/null || true)
    if [ ! -d "$short" ]; then
        short=$(mktemp --directory /tmp/gino-socket.XXXXXX)
        [ "$(id -u)" -ne 0 ] || chown postgres: "$short"
        echo "$short" >"$dir/socket"
    fi
    echo "$short"
}

start_on_port() {
    local dir=$1 socket=$2 port=$3
    as_server "$binaries/pg_ctl" --pgdata="$dir/data" --wait --timeout=60 --silent \
        --log="$dir/data/server.log" \
        --options="-p $port -h 127.0.0.1 -k $socket" start >/dev/null 2>&1
}

# Another program may take the port before the server does; then another port is tried.
start_server() {
    local dir=$1 socket=$2 port
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        if start_on_port "$dir" "$socket" "$port"; then
            echo "$port"
            return
        fi
        tail -n 5 "$dir/data/server.log" | grep -q "Address already in use" || break
    done
    tail -n 20 "$dir/data/server.log" >&2
    fail "PostgreSQL did not start in $dir"
}

# start_pgbouncer DIR MODE PORT-OF-SERVER: prints its port.
start_pgbouncer() {
    local dir=$1 mode=$2 server=$3 socket port
    socket=$(socket_folder "$dir")
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        as_server tee "$dir/pgbouncer_$mode.ini" >/dev/null <<TEXT
[databases]
* = host=$socket port=$server
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
pool_mode = $mode
auth_type = scram-sha-256
auth_file = $dir/pgbouncer_users
logfile = $dir/pgbouncer_$mode.log
pidfile = $dir/pgbouncer_$mode.pid
default_pool_size = 2
max_client_conn = 200
stats_users = gino
ignore_startup_parameters = extra_float_digits, options
TEXT
        as_server tee "$dir/pgbouncer_users" >/dev/null <<<'"gino" "gino"'
        as_server /usr/sbin/pgbouncer --daemon --quiet "$dir/pgbouncer_$mode.ini" >/dev/null 2>&1 || continue
        if accepts_soon "$port"; then
            echo "$port"
            return
        fi
    done
    tail -n 20 "$dir/pgbouncer_$mode.log" >&2
    fail "PgBouncer did not start in $dir"
}

# start_pgpool DIR PORT-OF-SERVER: prints its port.
start_pgpool() {
    local dir=$1 server=$2 socket port
    socket=$(socket_folder "$dir")
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        as_server tee "$dir/pgpool.conf" >/dev/null <<TEXT
backend_clustering_mode = 'streaming_replication'
sr_check_period = 0
backend_hostname0 = '127.0.0.1'
backend_port0 = $server
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$socket'
pcp_listen_addresses = ''
pcp_port = $port
pcp_socket_dir = '$socket'
wd_ipc_socket_dir = '$socket'
pid_file_name = '$dir/pgpool.pid'
work_dir = '$dir'
logdir = '$dir'
num_init_children = 32
max_pool = 1
child_life_time = 0
TEXT
        as_server /usr/sbin/pgpool -n -f "$dir/pgpool.conf" -F "$dir/pgpool_pcp.conf" >"$dir/pgpool.log" 2>&1 &
        if accepts_soon "$port"; then
            echo "$port"
            return
        fi
    done
    tail -n 20 "$dir/pgpool.log" >&2
    fail "pgpool-II did not start in $dir"
}

stop_pooler() {
    local pid
    [ -e "$1" ] || return 0
    pid=$(tr -d '\0' <"$1") # pgpool-II writes a NUL byte behind it
    kill -s INT "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -s KILL "$pid" 2>/dev/null || true
}

start() {
    local dir socket port session transaction pgpool
    mkdir -p "$1"
    dir=$(absolute "$1")
    if [ ! -e "$dir/README" ]; then
        [ -z "$(ls -A "$dir")" ] || fail "$dir has other files in it; choose an empty folder"
        create "$dir"
    fi
    is_ours "$dir" || fail "$dir was not made by this script"
    if is_running "$dir"; then
        return
    fi
    socket=$(socket_folder "$dir")
    port=$(start_server "$dir" "$socket")
    if [ ! -e "$dir/roles" ]; then
        create_roles "$socket" "$port"
        : >"$dir/roles"
    fi
    cat >"$dir/env" <<TEXT
export GINO_TEST_POSTGRESQL='postgresql://gino:gino@127.0.0.1:$port/gino'
export GINO_TEST_POSTGRESQL_SOCKET='postgresql://gino:gino@/gino?host=$socket&port=$port'
export GINO_TEST_POSTGRESQL_TRUST='postgresql://trusted@127.0.0.1:$port/gino'
TEXT
    if $for_tests; then
        session=$(start_pgbouncer "$dir" session "$port")
        transaction=$(start_pgbouncer "$dir" transaction "$port")
        pgpool=$(start_pgpool "$dir" "$port")
        cat >>"$dir/env" <<TEXT
export GINO_TEST_PGBOUNCER_SESSION='postgresql://gino:gino@127.0.0.1:$session/gino'
export GINO_TEST_PGBOUNCER_TRANSACTION='postgresql://gino:gino@127.0.0.1:$transaction/gino'
export GINO_TEST_PGPOOL='postgresql://trusted@127.0.0.1:$pgpool/gino'
export GINO_TEST_TLS='$dir/tls'
TEXT
    fi
}

stop_server() {
    ! is_running "$1" ||
        as_server "$binaries/pg_ctl" --pgdata="$1/data" --wait --silent --mode=fast stop >/dev/null ||
        as_server "$binaries/pg_ctl" --pgdata="$1/data" --wait --silent --mode=immediate stop
}

# pair DIR: DIR/one is the primary, DIR/two its standby.
pair() {
    local dir socket one two
    mkdir -p "$1"
    dir=$(absolute "$1")
    [ -z "$(ls -A "$dir")" ] || fail "$dir has files in it; choose an empty folder"
    echo "$marker" >"$dir/README"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$dir"
    socket=$(socket_folder "$dir")
    mkdir "$dir/one" "$dir/two"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$dir/two"
    create "$dir/one"
    as_server tee -a "$dir/one/data/postgresql.conf" >/dev/null <<TEXT
wal_level = replica
max_wal_senders = 4
TEXT
    as_server tee -a "$dir/one/data/pg_hba.conf" >/dev/null <<<'local replication postgres trust'
    one=$(start_server "$dir/one" "$socket")
    echo "$one" >"$dir/one/port"
    as_server "$binaries/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
        --host="$socket" --port="$one" --username=postgres --dbname=postgres \
        --command="CREATE ROLE trusted LOGIN" --command="CREATE DATABASE gino OWNER trusted"
    as_server "$binaries/pg_basebackup" --pgdata="$dir/two/data" --checkpoint=fast --no-sync \
        --host="$socket" --port="$one" --username=postgres --write-recovery-conf
    two=$(start_server "$dir/two" "$socket")
    echo "$two" >"$dir/two/port"
    echo "postgresql://trusted@127.0.0.1:$one/gino"
    echo "postgresql://trusted@127.0.0.1:$two/gino"
}

# switch DIR: both keep their ports, and the standby has received all data.
switch() {
    local dir socket old=one new=two
    dir=$(absolute "$1")
    { is_ours "$dir" && [ -d "$dir/two" ]; } || fail "$dir has no pair of servers"
    [ ! -e "$dir/one/data/standby.signal" ] || { old=two new=one; }
    socket=$(cat "$dir/socket")
    stop_server "$dir/$old"
    as_server "$binaries/pg_ctl" --pgdata="$dir/$new/data" --wait --silent promote
    as_server tee -a "$dir/$old/data/postgresql.auto.conf" >/dev/null \
        <<<"primary_conninfo = 'user=postgres host=$socket port=$(cat "$dir/$new/port")'"
    as_server touch "$dir/$old/data/standby.signal"
    start_on_port "$dir/$old" "$socket" "$(cat "$dir/$old/port")" ||
        fail "the old primary in $dir/$old did not start as a standby"
}

stop() {
    local keep=$1 dir socket
    [ -d "$2" ] || return 0
    dir=$(absolute "$2")
    is_ours "$dir" || fail "$dir was not made by this script"
    stop_pooler "$dir/pgbouncer_session.pid"
    stop_pooler "$dir/pgbouncer_transaction.pid"
    stop_pooler "$dir/pgpool.pid"
    stop_server "$dir/two"
    stop_server "$dir/one"
    stop_server "$dir"
    socket=$(cat "$dir/socket" 2>/dev/null || true)
    [[ $socket != /tmp/gino-socket.* ]] || rm -rf "$socket"
    rm -f "$dir/env" "$dir/socket"
    $keep || rm -rf "$dir"
}

# Forwards its signals to the command; ends after the command has ended and the server is stopped.
run() {
    run_folder=$1
    for_tests=true
    command=
    shift
    trap 'stop false "$run_folder"' EXIT
    trap 'forward TERM' TERM HUP
    trap 'forward INT' INT
    start "$run_folder"
    # shellcheck disable=SC1091
    . "$run_folder/env"
    set -m # Gives the command its own process group, and the default signal actions.
    "$@" </dev/null &
    command=$!
    set +m
    # Bash may handle a signal that arrives as `wait` begins only when `wait` ends, so each is short.
    while kill -0 "$command" 2>/dev/null; do
        sleep 1 >/dev/null 2>&1 &
        wait -n "$command" $! || true
    done
    local code=0
    wait "$command" || code=$?
    exit "$code"
}

forward() {
    [ -n "$command" ] || exit 1
    kill -s "$1" -- "-$command" 2>/dev/null || true
}

main() {
    local verb=${1:-} keep=false dir
    case $verb in
        -h | --help) usage; return ;;
        start | stop | run | pair | switch) shift ;;
        *) usage >&2; exit 2 ;;
    esac
    binaries=$(server_binaries)
    case $verb in
        start)
            [ $# -eq 1 ] || { usage >&2; exit 2; }
            start "$1"
            ;;
        pair | switch)
            [ $# -eq 1 ] || { usage >&2; exit 2; }
            "$verb" "$1"
            ;;
        stop)
            if [ "${1:-}" = --keep ]; then keep=true; shift; fi
            [ $# -eq 1 ] || { usage >&2; exit 2; }
            stop "$keep" "$1"
            ;;
        run)
            if [ "${1:-}" != -- ]; then dir=${1:-}; shift || true; fi
            if [ "${1:-}" != -- ] || [ $# -lt 2 ]; then usage >&2; exit 2; fi
            shift
            run "${dir:-$(mktemp --directory /tmp/gino-postgresql.XXXXXX)}" "$@"
            ;;
    esac
}

main "$@"
