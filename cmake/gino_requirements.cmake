# SPDX-License-Identifier: BSD-3-Clause
# Checks the versions of the compiler and of Boost; the error names the required versions.
# docs/supported.md lists the tested ones.

# gino_require_compiler(ID VERSION): fails for a compiler that is too old.
function(gino_require_compiler id version)
    set(GNU_oldest 12)
    set(Clang_oldest 16)
    if(DEFINED ${id}_oldest AND version VERSION_LESS ${id}_oldest)
        message(FATAL_ERROR "gino needs g++ 12, clang 16, or newer; this is ${id} ${version}")
    endif()
endfunction()

# gino_require_boost(VERSION): fails for a Boost that is missing (empty) or too old.
function(gino_require_boost version)
    if(version VERSION_LESS 1.81)
        if(version)
            string(PREPEND version "this is ")
        else()
            set(version "none was found")
        endif()
        message(FATAL_ERROR "gino needs Boost 1.81 or newer, with url and json; ${version} "
                            "(Debian 12: libboost1.81-dev, libboost-url1.81-dev, libboost-json1.81-dev)"
        )
    endif()
endfunction()
