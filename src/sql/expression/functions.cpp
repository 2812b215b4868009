// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/expression/functions.hpp>

#include "sql/qualified_name.hpp"

namespace gino::func {

expr<std::int64_t> count() {
    return expr<std::int64_t>(detail::make_function(
        "count",
        // A literal: `count($1)` of a bound value would be another function.
        {sql::make<sql::literal>(sql::literal_kind::star)},
        {.kind = type_kind::bigint},
        false
    ));
}

// SQLite has no now(): the driver registers one.
expr<timestamptz> now() {
    return expr<timestamptz>(
        detail::make_function("now", {}, {.kind = type_kind::timestamptz}, false)
    );
}

}  // namespace gino::func

namespace gino {

// These parts have no first moment. PostgreSQL would refuse them when the statement runs; SQLite's
// function is the driver's own.
sql::expression_ref detail::make_date_trunc(
    date_part part, const sql::expression_ref& x, sql_type type
) {
    if (part == date_part::day_of_week || part == date_part::day_of_year ||
        part == date_part::epoch) {
        throw argument_error(
            errc::invalid_argument, "date_trunc() takes no day_of_week, day_of_year or epoch"
        );
    }
    return sql::make<sql::date_trunc_expression>(part, x, type);
}

namespace {

// Literals and no parameters: the text of `WHERE true` needs no value.
expr<bool> constant(sql::literal_kind kind) {
    return expr<bool>(sql::make<sql::literal>(kind, sql_type{.kind = type_kind::boolean}));
}

}  // namespace

expr<bool> true_() {
    return constant(sql::literal_kind::true_);
}

expr<bool> false_() {
    return constant(sql::literal_kind::false_);
}

expr<std::int64_t> next_value(std::string_view sequence) {
    const auto parts = sql::split_name(sequence);
    return expr<std::int64_t>(sql::make<sql::next_value_expression>(parts.schema, parts.name));
}

}  // namespace gino
