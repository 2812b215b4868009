# SPDX-License-Identifier: BSD-3-Clause
# cmake -DCOMPILE=<command> -DSOURCE=<file> -P expect_message.cmake
#
# Succeeds when SOURCE does not compile and the compiler's output matches the file's line
# "// message: <regex>".
file(STRINGS ${SOURCE} announcements REGEX "^// message: ")
list(LENGTH announcements count)
if(NOT count EQUAL 1)
    message(FATAL_ERROR "${SOURCE} has ${count} lines '// message: <regex>'; it needs one")
endif()
string(REGEX REPLACE "^// message: " "" expected "${announcements}")

execute_process(
    COMMAND ${COMPILE} ${SOURCE}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output
)
if(result EQUAL 0)
    message(FATAL_ERROR "the misuse compiled; expected an error like: ${expected}")
endif()
if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "the misuse was refused, but not with: ${expected}\n${output}")
endif()
