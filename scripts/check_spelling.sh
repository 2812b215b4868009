#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Fails when codespell finds a misspelled word. spelling.txt lists correct words that it does not know.
set -euo pipefail
cd "$(dirname "$0")/.."

codespell --ignore-words=scripts/spelling.txt --skip='./build,./.git,./.run,./tests/fuzz/corpus' .
