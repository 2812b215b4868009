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
        # shellcheck disable=SC2046,SC2086 # These are lists of words.
        ${CXX:-c++} ${CXXFLAGS:-} -Wall -Wextra -Wpedantic -Werror "$source/main.cpp" \
            $(pkg-config --cflags --libs gino-beast gino) -o "$build/consumer"
        # shellcheck disable=SC2046,SC2086
        if ${CXX:-c++} ${CXXFLAGS:-} -fsyntax-only "$source/typo.cpp" $(pkg-config --cflags gino) \
            2>"$build/typo"; then
            echo "build_and_run.sh: typo.cpp compiled" >&2
            exit 1
        fi
        lines=$(wc -l <"$build/typo")
        [ "$lines" -le 100 ] || {
            echo "build_and_run.sh: the compiler needs $lines lines to explain typo.cpp" >&2
            exit 1
        }
        ;;
    *)
        echo "build_and_run.sh: what is '$way'?" >&2
        exit 2
        ;;
esac
"$build/consumer"
