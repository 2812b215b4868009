#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# build_and_run.sh find_package|pkg_config STAGE BUILD
#
# Builds consumer/ against the library that is installed in STAGE, in the new folder BUILD, and runs
# it. The compiler and its flags come from CXX and CXXFLAGS.
set -euo pipefail

way=$1 stage=$2 build=$3
source=$(cd "$(dirname "$0")" && pwd)/consumer

rm -rf "$build"
mkdir -p "$build"
case $way in
    find_package)
        cmake -S "$source" -B "$build" -G Ninja -DCMAKE_PREFIX_PATH="$stage"
        cmake --build "$build"
        ;;
    pkg_config)
        PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name gino-beast.pc)")
        export PKG_CONFIG_PATH
        # shellcheck disable=SC2046,SC2086 # Words are what these are.
        ${CXX:-c++} ${CXXFLAGS:-} -Wall -Wextra -Wpedantic -Werror "$source/main.cpp" \
            $(pkg-config --cflags --libs gino-beast gino) -o "$build/consumer"
        ;;
    *)
        echo "build_and_run.sh: what is '$way'?" >&2
        exit 2
        ;;
esac
"$build/consumer"
