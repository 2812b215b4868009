#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs a command in a minimal Debian: only debootstrap's packages and git are installed.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/fresh_debian.sh RELEASE DIR [COMMAND...]

Installs a minimal Debian of RELEASE (bookworm, trixie, sid) in DIR, unless DIR has one, clones the
current commit into it, and runs COMMAND (default: ./check) in the clone. Needs root and debootstrap.
The mounts and processes of the command end with it; DIR is kept: remove it, or run the next command
in it.

  DEBIAN_MIRROR  the mirror of the packages; default: the mirror in this machine's APT sources
TEXT
}

fail() {
    echo "scripts/fresh_debian.sh: $1" >&2
    exit 1
}

case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
    "" | -*)
        usage >&2
        exit 2
        ;;
esac
release=$1 dir=${2:-}
case $release in
    bookworm | trixie | sid) ;;
    *) fail "no release is called '$release': bookworm, trixie or sid" ;;
esac
[ -n "$dir" ] || fail "DIR is missing"
shift 2
[ $# -gt 0 ] || set -- ./check
repository=$(cd "$(dirname "$0")/.." && pwd -P)

[ "$(id -u)" -eq 0 ] || fail "only root can change the root folder of a command"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

# Prints the URL of Debian's archive in this machine's APT sources.
own_mirror() {
    # shellcheck disable=SC2016 # apt-get knows these names.
    apt-get indextargets --format '$(REPO_URI)' | grep -m 1 '/debian/$'
}

sources() {
    echo "deb $mirror $release main"
    if [ "$release" != sid ]; then
        echo "deb $mirror $release-updates main"
        echo "deb ${mirror%/debian}/debian-security $release-security main"
    fi
}

if [ ! -e "$dir/etc/debian_version" ]; then
    mirror=${DEBIAN_MIRROR:-$(own_mirror)} || fail "apt has no source of Debian: set DEBIAN_MIRROR"
    mirror=${mirror%/}
    echo "== a fresh Debian ($release) in $dir, from $mirror"
    debootstrap --variant=minbase --include=git,ca-certificates "$release" "$dir" "$mirror"
    sources >"$dir/etc/apt/sources.list"
    # APT refuses the lists of a mirror that is weeks old; for this purpose they are good enough.
    mkdir -p "$dir/etc/apt/apt.conf.d"
    echo 'Acquire::Check-Valid-Until "false";' >"$dir/etc/apt/apt.conf.d/old-mirror"
fi
dir=$(cd "$dir" && pwd -P)
cp /etc/resolv.conf /etc/hosts "$dir/etc/"

echo "== a clone of $(git -C "$repository" log -1 --format='%h %s')"
rm -rf "$dir/root/gino"
git clone --quiet --no-hardlinks "$repository" "$dir/root/gino"

echo "== $*"
# The script of the first process in the namespaces. It stays, to reap the other processes.
# shellcheck disable=SC2016 # It expands its own arguments.
inside='
    dir=$1
    shift
    mount --bind "$dir" "$dir"
    cd "$dir"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t tmpfs -o mode=755 tmpfs dev
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    for device in null zero full random urandom tty; do
        touch "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ln -s /proc/self/fd/0 dev/stdin
    ln -s /proc/self/fd/1 dev/stdout
    ln -s /proc/self/fd/2 dev/stderr
    chroot . /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        bash -c "cd /root/gino && \"\$@\"" command "$@" || exit
'
# The mounts and processes are in namespaces of their own, and end with them.
unshare --mount --pid --fork --kill-child bash -euc "$inside" fresh_debian "$dir" "$@"
