#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs the Debian packages that are missing for what is asked: run, postgresql, check.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/install.sh GROUP...

Installs Debian 12 packages that are missing; does nothing when all are there.

  run         compiler, build tools and the libraries that gino is built on
  postgresql  the PostgreSQL server, started privately by scripts/databases.sh
  check       everything that ./check uses: run, postgresql, test libraries, clang, a browser
TEXT
}

run_packages=(g++ cmake ninja-build ccache pkgconf libboost1.81-dev libboost-url1.81-dev
    libboost-json1.81-dev libssl-dev libsqlite3-dev libcli11-dev)
postgresql_packages=(postgresql-15)
check_packages=("${run_packages[@]}" "${postgresql_packages[@]}" libgtest-dev libgmock-dev git
    python3 clang-16 clang-format-16 clang-tidy-16 libclang-rt-16-dev codespell chromium
    chromium-driver)

wanted=()
for group in "$@"; do
    case $group in
        run) wanted+=("${run_packages[@]}") ;;
        postgresql) wanted+=("${postgresql_packages[@]}") ;;
        check) wanted+=("${check_packages[@]}") ;;
        -h | --help) usage; exit 0 ;;
        *) echo "scripts/install.sh: no group of packages is called '$group'" >&2; usage >&2; exit 2 ;;
    esac
done

missing=()
for package in "${wanted[@]}"; do
    if ! dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
        missing+=("$package")
    fi
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "packages are missing (${missing[*]}): run this as root, or install sudo" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
if [[ " ${missing[*]} " == *" postgresql-15 "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    # No system-wide cluster: tests and the demo start private ones.
    "${as_root[@]}" mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "${missing[@]}" |
    awk '/^(Get:|Setting up)/ { print "  " $0; fflush() }'
