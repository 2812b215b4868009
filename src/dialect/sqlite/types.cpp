// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sqlite/types.hpp"

#include <gino/core/error.hpp>

#include "dialect/sqlite/names.hpp"
#include "dialect/value_literal.hpp"

namespace gino::sqlite {

// SQLite derives a column's affinity from its declared type (its manual, "Datatypes In SQLite"),
// and gino's driver its kind from the same text.
std::string name_of(const sql_type& type) {
    switch (type.kind) {
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
            return "BLOB";
        case type_kind::date:
            return "DATE";
        case type_kind::timestamp:
            return "TIMESTAMP";
        case type_kind::timestamptz:
            return "TIMESTAMP WITH TIME ZONE";
        case type_kind::json:
        case type_kind::jsonb:
            return "JSON";
        case type_kind::named:
            return std::string(type.name);
        // NUMERIC of SQLite is a floating-point number. The text keeps all digits, and the driver's
        // collation compares it as a number.
        case type_kind::numeric:
            return "TEXT COLLATE decimal";
        case type_kind::time:
            return "TIME";
        case type_kind::uuid:
            return "CHAR(36)";
        case type_kind::enumeration:
        case type_kind::composite:
        case type_kind::interval:
        case type_kind::inet:
        case type_kind::cidr:
        case type_kind::macaddr:
            return "TEXT";
        case type_kind::int4range:
        case type_kind::int8range:
        case type_kind::numrange:
        case type_kind::daterange:
        case type_kind::tsrange:
        case type_kind::tstzrange:
            throw compile_error(
                errc::cannot_compile, "SQLite has no ranges: store two columns instead"
            );
        case type_kind::array:
            throw compile_error(
                errc::cannot_compile, "SQLite has no arrays: store a JSON document instead"
            );
        case type_kind::unknown:
            break;
    }
    throw compile_error(errc::cannot_compile, "SQLite cannot declare a column without a type");
}

// Decimals are written as texts, and points in time without an offset: the forms that the driver
// stores.
std::string literal_of(const value& v) {
    return detail::write_value_literal(
        v, {.true_ = "1", .false_ = "0", .bare_decimals = false, .with_offset = false}
    );
}

}  // namespace gino::sqlite
