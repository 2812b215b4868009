#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Fails when shellcheck finds a mistake in a shell script.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -d '' scripts < <(find scripts tests benchmarks examples -name '*.sh' -print0 2>/dev/null)
shellcheck check start .ci/run "${scripts[@]}"
