// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/postgresql/names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gino::postgresql {

namespace {

/// PostgreSQL 15, appendix C: the words that are reserved, also those that are allowed as functions
/// or types. A name that is one of them has to be quoted.
constexpr auto reserved = std::to_array<std::string_view>({
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
});

static_assert(std::ranges::is_sorted(reserved));

/// NAMEDATALEN less one: the server silently cuts longer names, so they are refused.
constexpr detail::identifier_preparer preparer(reserved, 63);

}  // namespace

const detail::identifier_preparer& names() noexcept {
    return preparer;
}

}  // namespace gino::postgresql
