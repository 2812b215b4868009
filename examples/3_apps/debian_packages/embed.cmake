# SPDX-License-Identifier: BSD-3-Clause
# Writes a C++ file with the content of other files, as page_files.hpp declares it:
#
#   cmake -DOUTPUT=page_files.cpp "-DINPUTS=page/index.html;page/app.js" -P embed.cmake
set(arrays "")
set(entries "")
set(number 0)
foreach(input IN LISTS INPUTS)
    get_filename_component(name "${input}" NAME)
    file(READ "${input}" content HEX)
    string(REGEX REPLACE "(................................)" "\\1\n    " content "${content}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," content "${content}")
    string(APPEND arrays "constexpr char file_${number}[] = {\n    ${content}'\\0'};\n\n")
    string(APPEND entries "    {\"/${name}\", {file_${number}, sizeof file_${number} - 1}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(
    WRITE "${OUTPUT}"
    "#include \"page_files.hpp\"\n\nnamespace {\n\n${arrays}"
    "constexpr page_file files[] = {\n${entries}};\n\n}  // namespace\n\n"
    "std::span<const page_file> page_files() noexcept {\n    return files;\n}\n"
)
