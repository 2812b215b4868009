#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# run_fuzzer.sh replay|libfuzzer PROGRAM NAME: runs a fuzzer on corpus/NAME and 100,000 more inputs,
# 10,000,000 others when GINO_TEST_LONG is set (else the same ones each time). libFuzzer leaves an
# input that crashes it in the present folder: move it to the corpus.
set -euo pipefail

engine=$1 program=$2
corpus=$(cd "$(dirname "$0")" && pwd)/corpus/$3
[ -d "$corpus" ] || { echo "the fuzzer has no inputs to start from: make $corpus" && exit 1; }

runs=100000 seed=1
[ -z "${GINO_TEST_LONG:-}" ] || runs=10000000 seed=0
case $engine in
    replay) "$program" "$corpus" $runs ;;
    libfuzzer)
        # Its bookkeeping takes two thirds of the time where much is thrown; the tests have it.
        export ASAN_OPTIONS=detect_stack_use_after_return=0
        found=$(mktemp -d)
        trap 'rm -rf "$found"' EXIT
        "$program" -runs=$runs -seed=$seed -timeout=10 -verbosity=0 -print_final_stats=1 "$found" \
            "$corpus"
        ;;
esac
