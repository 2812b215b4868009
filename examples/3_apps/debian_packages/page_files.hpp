// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string_view>

/// A file of the folder `page`, built into the program.
struct page_file {
    std::string_view path;  ///< "/app.js"
    std::string_view content;
};

/// Returns all files. `embed.cmake` writes this function when the program is built.
[[nodiscard]] std::span<const page_file> page_files() noexcept;
