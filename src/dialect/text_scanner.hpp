// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string_view>

namespace gino::detail {

/// The callbacks of `scan_text()`, which are called in the order of the text.
struct text_pieces {
    bool has_places = false;  ///< `$1` is a parameter too; its name is "$1".
    std::function<void(std::string_view)> plain;
    std::function<void(std::string_view)> parameter;  ///< The name, without its colon.
};

/// Finds the parameters `:name` in hand-written SQL. Quoted strings and identifiers, E'' strings,
/// dollar quotes and (nested) comments are plain text; `\:` is a colon, `::` a cast.
///
/// The rules are PostgreSQL's (manual, 4.1), on every database.
void scan_text(std::string_view sql, const text_pieces& found);

}  // namespace gino::detail
