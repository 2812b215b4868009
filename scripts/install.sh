#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs missing Debian packages. When none is missing, it only asks dpkg and prints nothing.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/install.sh [--list] GROUP...

Installs missing packages of the groups, on Debian 12 and later, as root or with sudo. Starts no
service, and creates no PostgreSQL cluster of the system.

  run         the compiler, the build tools and the libraries that gino needs
  postgresql  the PostgreSQL server; scripts/databases.sh starts private ones
  benchmarks  the peers that benchmarks/run measures for comparison
  check       everything that ./check uses: run, postgresql, test libraries, clang, a browser

  --list      only prints the packages of the groups, and the reason for each
TEXT
}

# Debian 12's default versions are too old, so its newer packages are named with their version. Later
# releases have default versions that are new enough.
boost="" postgresql="" clang=""
# shellcheck disable=SC1091
if [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ]; then
    boost=1.81 postgresql=-15 clang=-16
fi

# Prints the packages of a group, as lines "package: reason".
packages() {
    case $1 in
        run)
            cat <<TEXT
g++: the compiler
cmake: configures the build
ninja-build: runs the build
ccache: reuses earlier results of the compiler
pkgconf: finds libraries
libboost$boost-dev: the event loop (Asio), HTTP (Beast)
libboost-url$boost-dev: URLs of databases
libboost-json$boost-dev: JSON columns
libssl-dev: TLS, SCRAM
libidn-dev: passwords that are not ASCII (SASLprep)
libsqlite3-dev: SQLite
libcli11-dev: command lines
TEXT
            ;;
        postgresql)
            cat <<TEXT
postgresql$postgresql: the PostgreSQL server
TEXT
            ;;
        benchmarks)
            cat <<TEXT
python3: runs the peers
python3-matplotlib: draws the drivers' plot
python3-sqlalchemy: the peer of statements
python3-asyncpg: a peer of the driver
python3-psycopg: a peer of the driver
libpq-dev: a peer of the driver
libpqxx-dev: a peer of the driver
postgresql$postgresql: the server that drivers are measured with
pgbouncer: comes with that server in scripts/databases.sh
openssl: its certificates
valgrind: counts instructions
TEXT
            ;;
        check)
            packages run
            packages postgresql
            cat <<TEXT
libgtest-dev: the test framework
libgmock-dev: its matchers
pgbouncer: a pooler in front of PostgreSQL
pgpool2: another one
openssl: certificates
libpq-dev: PostgreSQL's client library, for comparison
python3: the lints
git: finds the changed files
clang$clang: the second compiler, sanitizers
libclang-rt$clang-dev: the sanitizers' run time
llvm$clang: readable reports of the sanitizers
clang-format$clang: the formatting (the lint wants version 16)
clang-tidy$clang: finds mistakes in C++ (the lint wants version 16)
shellcheck: finds mistakes in shell scripts
codespell: finds misspelled words
curl: a client for the demo service
wrk: load for the demo service
chromium: a browser for the demo service
chromium-driver: drives that browser
TEXT
            ;;
        *)
            echo "scripts/install.sh: no group of packages is called '$1'" >&2
            return 2
            ;;
    esac
}

# Prints the lines of standard input whose package is not installed.
missing_of() {
    local lines installed package
    lines=$(cat)
    # shellcheck disable=SC2046
    installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' \
        $(cut -d: -f1 <<<"$lines") 2>/dev/null) || true
    while IFS= read -r line; do
        package=${line%%:*}
        grep -qx "installed $package" <<<"$installed" || echo "$line"
    done <<<"$lines"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

readonly policy=/usr/sbin/policy-rc.d
readonly cluster_policy=/etc/postgresql-common/createcluster.conf
made=()

# make_file FILE MODE TEXT: creates a file, unless it exists; remove_made_files() removes it.
make_file() {
    [ ! -e "$1" ] || return 0
    as_root mkdir -p "$(dirname "$1")"
    as_root tee "$1" >/dev/null <<<"$3"
    as_root chmod "$2" "$1"
    made+=("$1")
}

remove_made_files() {
    local file
    for file in "${made[@]}"; do
        as_root rm -f "$file"
        # If our file was there first, the package has installed its own one under this name.
        if [ -e "$file.ucf-dist" ]; then
            as_root mv "$file.ucf-dist" "$file"
        fi
    done
}

show_progress() {
    awk '/^(Get:|Setting up )/ { print "  " $0; fflush() }'
}

install() {
    local names=("$@")
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "scripts/install.sh: run it as root, or install sudo" >&2
        exit 1
    fi
    log=$(mktemp)
    trap 'remove_made_files; rm -f "$log"' EXIT
    # Exit code 101 of policy-rc.d means "action forbidden" (invoke-rc.d(8)): no service is started.
    make_file "$policy" 755 $'#!/bin/sh\nexit 101'
    if [[ " ${names[*]} " == *" postgresql$postgresql "* ]]; then
        make_file "$cluster_policy" 644 "create_main_cluster = false"
    fi

    as_root apt-get update --quiet=2 -o Acquire::Retries=3 || {
        echo "scripts/install.sh: apt-get could not fetch the lists of packages" >&2
        exit 1
    }
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
        "${names[@]}" 2>&1 | tee "$log" | show_progress || {
        tail -n 30 "$log" >&2
        echo "scripts/install.sh: apt-get could not install the packages; the end of its output is above" >&2
        exit 1
    }
}

main() {
    local list=false wanted="" lines names
    while [ $# -gt 0 ]; do
        case $1 in
            --list) list=true ;;
            -h | --help) usage; exit 0 ;;
            *) wanted+=$(packages "$1")$'\n' || exit 2 ;;
        esac
        shift
    done
    wanted=$(sed '/^$/d' <<<"$wanted" | awk '!seen[$0]++')
    [ -n "$wanted" ] || { usage >&2; exit 2; }
    if $list; then
        echo "$wanted"
        return
    fi
    lines=$(missing_of <<<"$wanted")
    [ -n "$lines" ] || return 0
    mapfile -t names < <(cut -d: -f1 <<<"$lines")
    echo "Installing ${#names[@]} Debian packages that are missing, and what they need:"
    awk -F': ' '{ printf "  %-22s %s\n", $1, $2 }' <<<"$lines"
    install "${names[@]}"
}

main "$@"
