// SPDX-License-Identifier: BSD-3-Clause
#include <gino/types/sql_type.hpp>

namespace gino {

std::string_view to_string(type_kind kind) noexcept {
    switch (kind) {
        case type_kind::unknown:
            return "unknown";
        case type_kind::boolean:
            return "boolean";
        case type_kind::smallint:
            return "smallint";
        case type_kind::integer:
            return "integer";
        case type_kind::bigint:
            return "bigint";
        case type_kind::real:
            return "real";
        case type_kind::double_precision:
            return "double precision";
        case type_kind::text:
            return "text";
        case type_kind::varchar:
            return "varchar";
        case type_kind::binary:
            return "binary";
        case type_kind::date:
            return "date";
        case type_kind::timestamp:
            return "timestamp";
        case type_kind::timestamptz:
            return "timestamp with time zone";
        case type_kind::json:
            return "json";
        case type_kind::jsonb:
            return "jsonb";
        case type_kind::array:
            return "array";
        case type_kind::named:
            return "named type";
        case type_kind::numeric:
            return "numeric";
        case type_kind::time:
            return "time";
        case type_kind::interval:
            return "interval";
        case type_kind::uuid:
            return "uuid";
        case type_kind::inet:
            return "inet";
        case type_kind::cidr:
            return "cidr";
        case type_kind::macaddr:
            return "macaddr";
        case type_kind::enumeration:
            return "enum";
        case type_kind::int4range:
            return "int4range";
        case type_kind::int8range:
            return "int8range";
        case type_kind::numrange:
            return "numrange";
        case type_kind::daterange:
            return "daterange";
        case type_kind::tsrange:
            return "tsrange";
        case type_kind::tstzrange:
            return "tstzrange";
        case type_kind::composite:
            return "composite";
    }
    return "unknown";
}

}  // namespace gino
