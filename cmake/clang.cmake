# SPDX-License-Identifier: BSD-3-Clause
# The toolchain of the presets that want clang: the version that ./check installs, or another one.
find_program(GINO_CLANG NAMES clang++-16 clang++-19 clang++ REQUIRED)
set(CMAKE_CXX_COMPILER ${GINO_CLANG})
