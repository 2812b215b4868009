#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Proves that a fresh Debian 12 is enough: no more than what debootstrap installs, and git.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/fresh_debian.sh DIR [COMMAND...]

Makes a minimal Debian 12 in DIR, unless there is one, clones the present commit into it, and runs
COMMAND (./check) in the clone. Run it as root; debootstrap is needed. All mounts and processes of
the command end with it; DIR stays: remove it, or run the next command in it.

  DEBIAN_MIRROR  where the packages come from (http://deb.debian.org/debian)
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
dir=$1
shift
[ $# -gt 0 ] || set -- ./check
repository=$(cd "$(dirname "$0")/.." && pwd -P)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

[ "$(id -u)" -eq 0 ] || fail "only root can change the root folder of a command"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

if [ ! -e "$dir/etc/debian_version" ]; then
    echo "== a fresh Debian 12 in $dir"
    debootstrap --variant=minbase --include=git,ca-certificates bookworm "$dir" "$mirror"
    cat >"$dir/etc/apt/sources.list" <<TEXT
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb ${mirror%/debian}/debian-security bookworm-security main
TEXT
fi
dir=$(cd "$dir" && pwd -P)
cp /etc/resolv.conf /etc/hosts "$dir/etc/"

echo "== a clone of $(git -C "$repository" log -1 --format='%h %s')"
rm -rf "$dir/root/gino"
git clone --quiet --no-hardlinks "$repository" "$dir/root/gino"

echo "== $*"
# What the first process of the namespaces does, which stays there to reap the others.
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
# Mounts and processes live in namespaces of their own, and die with them.
unshare --mount --pid --fork --kill-child bash -euc "$inside" fresh_debian "$dir" "$@"
