#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# run_fuzzer.sh replay|libfuzzer PROGRAM NAME: runs a fuzzer on corpus/NAME; for a long time when
# GINO_TEST_LONG is set. An input that crashes it is left in the present folder by libFuzzer: move it
# to the corpus.
set -euo pipefail

engine=$1 program=$2
corpus=$(cd "$(dirname "$0")" && pwd)/corpus/$3
[ -d "$corpus" ] || { echo "the fuzzer has no inputs to start from: make $corpus" && exit 1; }

long=${GINO_TEST_LONG:-}
case $engine in
    replay) "$program" "$corpus" "$([ -n "$long" ] && echo 5000000 || echo 20000)" ;;
    libfuzzer)
        found=$(mktemp -d)
        trap 'rm -rf "$found"' EXIT
        "$program" -max_total_time="$([ -n "$long" ] && echo 600 || echo 20)" -timeout=10 "$found" "$corpus"
        ;;
esac
