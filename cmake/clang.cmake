# SPDX-License-Identifier: BSD-3-Clause
# The toolchain of the presets with clang: version 16, which ./check installs on Debian 12, or the first
# other version that is found.
find_program(GINO_CLANG NAMES clang++-16 clang++-19 clang++ REQUIRED)
set(CMAKE_CXX_COMPILER ${GINO_CLANG})
