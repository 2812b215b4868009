#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# run_fuzzer.sh replay|libfuzzer PROGRAM NAME: runs a fuzzer on corpus/NAME and 100,000 more inputs,
# which are the same in every run. With GINO_TEST_LONG it runs 10,000,000 inputs, and libFuzzer's
# are new in every run. libFuzzer leaves an input that causes a crash in the working directory: move
# it to the corpus.
set -euo pipefail

engine=$1 program=$2
corpus=$(cd "$(dirname "$0")" && pwd)/corpus/$3
[ -d "$corpus" ] || { echo "the fuzzer has no inputs to start from: make $corpus" && exit 1; }

runs=100000 seed=1
[ -z "${GINO_TEST_LONG:-}" ] || runs=10000000 seed=0
case $engine in
    replay) "$program" "$corpus" $runs ;;
    libfuzzer)
        # This check takes two thirds of the time when many exceptions are thrown; the tests use it.
        export ASAN_OPTIONS=detect_stack_use_after_return=0
        found=$(mktemp -d)
        trap 'rm -rf "$found"' EXIT
        "$program" -runs=$runs -seed=$seed -timeout=10 -verbosity=0 -print_final_stats=1 "$found" \
            "$corpus"
        ;;
esac
