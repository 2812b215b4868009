# SPDX-License-Identifier: BSD-3-Clause
# The warnings and the hardening options of all targets of this project.

add_library(gino_warnings INTERFACE)
target_compile_options(
    gino_warnings
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Wconversion
              -Wsign-conversion
              "$<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow>"
              -Wnon-virtual-dtor
              # A new kind of node or type has to be considered in every switch.
              -Werror=switch
)
# GCC 12 warns of overlapping copies where strings are concatenated (its bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(gino_warnings INTERFACE -Wno-restrict)
endif()

option(GINO_HARDENING "Build with the compiler's and linker's run-time protections" ON)
if(GINO_HARDENING)
    add_compile_options(
        -fstack-protector-strong
        -fstack-clash-protection
        -fcf-protection=full
        "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>"
        "$<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>"
        -D_GLIBCXX_ASSERTIONS
    )
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-ftrivial-auto-var-init=zero)
    endif()
    add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()
