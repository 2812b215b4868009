#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Fails when codespell knows better how a word is spelled. Words that are right: spelling.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

codespell --ignore-words=scripts/spelling.txt --skip='./build,./.git,./.run,./tests/fuzz/corpus' .
