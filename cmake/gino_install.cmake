# SPDX-License-Identifier: BSD-3-Clause
# Installs headers, libraries, a CMake package and pkg-config files.
include(CMakePackageConfigHelpers)

set(GINO_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/gino)

install(
    TARGETS gino gino_beast
    EXPORT gino_targets
    FILE_SET HEADERS
    ARCHIVE
    LIBRARY
    RUNTIME
)
install(
    EXPORT gino_targets
    FILE gino-targets.cmake
    NAMESPACE gino::
    DESTINATION ${GINO_CMAKE_DIR}
)
configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/gino-config.cmake.in ${PROJECT_BINARY_DIR}/gino-config.cmake
    INSTALL_DESTINATION ${GINO_CMAKE_DIR}
)
# Before 1.0, every minor version may break the programs that use it.
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/gino-config-version.cmake COMPATIBILITY SameMinorVersion
)
install(FILES ${PROJECT_BINARY_DIR}/gino-config.cmake
              ${PROJECT_BINARY_DIR}/gino-config-version.cmake DESTINATION ${GINO_CMAKE_DIR}
)

# The paths in a .pc file are relative to its folder, so that the installed tree can be moved.
set(GINO_PC_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH GINO_PC_PREFIX /${GINO_PC_DIR} /)
string(REGEX REPLACE "/$" "" GINO_PC_PREFIX "${GINO_PC_PREFIX}")
# -isystem makes our headers system headers, so that the compiler's messages about a mistake in a model
# do not quote them. /usr/include is a system folder already; with -isystem, GCC would not find
# stdlib.h, since <cstdlib> includes it with #include_next.
set(packages)
if(GINO_POSTGRESQL)
    list(APPEND packages "openssl >= 3" "libidn >= 1.33")
endif()
if(GINO_SQLITE)
    list(APPEND packages "sqlite3 >= 3.39")
endif()
list(JOIN packages ", " GINO_PC_REQUIRES)
foreach(name IN ITEMS gino gino-beast)
    foreach(option IN ITEMS -I -isystem)
        set(GINO_PC_INCLUDE "${option} \${includedir}")
        configure_file(
            ${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in
            ${PROJECT_BINARY_DIR}/pkgconfig/${option}/${name}.pc @ONLY
        )
    endforeach()
    install(
        CODE "
        set(option -isystem)
        if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
            set(option -I)
        endif()
        file(INSTALL \"${PROJECT_BINARY_DIR}/pkgconfig/\${option}/${name}.pc\"
             DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${GINO_PC_DIR}\")
        "
    )
endforeach()
