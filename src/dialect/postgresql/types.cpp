// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/postgresql/types.hpp"

#include <gino/core/error.hpp>

#include "dialect/postgresql/names.hpp"
#include "dialect/value_literal.hpp"

namespace gino::postgresql {

namespace {

// NUMERIC without a precision stores any number of digits (manual, 8.1.2).
std::string numeric_type(const sql_type& type) {
    if (type.precision == 0) {
        return "NUMERIC";
    }
    return "NUMERIC(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
}

// The name of an array's element has the modifiers of the column: VARCHAR(30)[].
std::string simple_type(type_kind kind, const sql_type& type) {
    switch (kind) {
        case type_kind::boolean:
            return "BOOLEAN";
        case type_kind::smallint:
            return "SMALLINT";
        case type_kind::integer:
            return "INTEGER";
        case type_kind::bigint:
            return "BIGINT";
        case type_kind::real:
            return "REAL";
        case type_kind::double_precision:
            return "DOUBLE PRECISION";
        case type_kind::text:
            return "TEXT";
        case type_kind::varchar:
            return type.length == 0 ? "VARCHAR" : "VARCHAR(" + std::to_string(type.length) + ")";
        case type_kind::binary:
            return "BYTEA";
        case type_kind::date:
            return "DATE";
        case type_kind::timestamp:
            return "TIMESTAMP WITHOUT TIME ZONE";
        case type_kind::timestamptz:
            return "TIMESTAMP WITH TIME ZONE";
        case type_kind::json:
            return "JSON";
        case type_kind::jsonb:
            return "JSONB";
        // Declared as SQL by native_type(): not quoted.
        case type_kind::named:
            return std::string(type.name);
        case type_kind::enumeration:
            return names().quote(type.enumerated->name);
        case type_kind::composite:
            return names().quote(type.composed->name);
        case type_kind::numeric:
            return numeric_type(type);
        case type_kind::time:
            return "TIME WITHOUT TIME ZONE";
        case type_kind::interval:
            return "INTERVAL";
        case type_kind::uuid:
            return "UUID";
        case type_kind::inet:
            return "INET";
        case type_kind::cidr:
            return "CIDR";
        case type_kind::macaddr:
            return "MACADDR";
        case type_kind::int4range:
            return "INT4RANGE";
        case type_kind::int8range:
            return "INT8RANGE";
        case type_kind::numrange:
            return "NUMRANGE";
        case type_kind::daterange:
            return "DATERANGE";
        case type_kind::tsrange:
            return "TSRANGE";
        case type_kind::tstzrange:
            return "TSTZRANGE";
        case type_kind::array:
        case type_kind::unknown:
            break;
    }
    throw compile_error(errc::cannot_compile, "PostgreSQL cannot declare a column without a type");
}

}  // namespace

// PostgreSQL ignores the number of dimensions in a declaration (manual, 8.15.1); it is written for
// the reader.
std::string name_of(const sql_type& type) {
    if (type.kind != type_kind::array) {
        return simple_type(type.kind, type);
    }
    std::string name = simple_type(type.element, type);
    for (int i = 0; i < type.dimensions; ++i) {
        name += "[]";
    }
    return name;
}

std::string literal_of(const value& v) {
    return detail::write_value_literal(
        v, {.true_ = "true", .false_ = "false", .bare_decimals = true, .with_offset = true}
    );
}

}  // namespace gino::postgresql
