#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# check_format.sh [--fix]: fails when a C++ source is not formatted; --fix formats all sources.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(--dry-run -Werror)
if [ "${1:-}" = --fix ]; then mode=(-i); fi

folders=()
for folder in include src cli tests examples benchmarks; do
    [ ! -d "$folder" ] || folders+=("$folder")
done
find "${folders[@]}" \( -name '*.hpp' -o -name '*.cpp' \) -print0 |
    xargs -0 clang-format-16 "${mode[@]}" ||
    { echo "format them with: scripts/check_format.sh --fix" && exit 1; }
