// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sqlite/names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gino::sqlite {

namespace {

/// https://www.sqlite.org/lang_keywords.html: the keywords that cannot be a name without quotes.
constexpr auto reserved = std::to_array<std::string_view>({
    "add",        "all",        "alter",  "and",          "as",           "autoincrement",
    "between",    "case",       "check",  "collate",      "column",       "commit",
    "constraint", "create",     "cross",  "current_date", "current_time", "current_timestamp",
    "default",    "deferrable", "delete", "distinct",     "drop",         "else",
    "escape",     "except",     "exists", "foreign",      "from",         "full",
    "group",      "having",     "in",     "index",        "inner",        "insert",
    "intersect",  "into",       "is",     "isnull",       "join",         "left",
    "limit",      "natural",    "not",    "nothing",      "notnull",      "null",
    "on",         "or",         "order",  "outer",        "primary",      "raise",
    "references", "returning",  "right",  "rollback",     "select",       "set",
    "table",      "then",       "to",     "transaction",  "union",        "unique",
    "update",     "using",      "values", "when",         "where",
});

static_assert(std::ranges::is_sorted(reserved));

constexpr detail::identifier_preparer preparer(reserved, 0);

}  // namespace

const detail::identifier_preparer& names() noexcept {
    return preparer;
}

}  // namespace gino::sqlite
