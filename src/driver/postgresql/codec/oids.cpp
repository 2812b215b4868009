// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/oids.hpp"

#include "types/text_value.hpp"

namespace gino::postgresql::codec {

namespace {

struct known_type {
    std::uint32_t type;
    std::uint32_t array;
    type_kind kind;
};

// The built-in types that gino knows, each with its array type. Values of a kind are sent as the
// first type of that kind, so the order matters: text before bpchar, bigint before oid.
constexpr known_type known[] = {
    {oid::boolean, 1000, type_kind::boolean},
    {oid::int2, 1005, type_kind::smallint},
    {oid::int4, 1007, type_kind::integer},
    {oid::int8, 1016, type_kind::bigint},
    {oid::float4, 1021, type_kind::real},
    {oid::float8, 1022, type_kind::double_precision},
    {oid::text, 1009, type_kind::text},
    {oid::varchar, 1015, type_kind::varchar},
    {oid::bytea, 1001, type_kind::binary},
    {oid::date, 1182, type_kind::date},
    {oid::timestamp, 1115, type_kind::timestamp},
    {oid::timestamptz, 1185, type_kind::timestamptz},
    {oid::json, 199, type_kind::json},
    {oid::jsonb, 3807, type_kind::jsonb},
    {oid::bpchar, 1014, type_kind::text},
    {oid::name, 1003, type_kind::text},
    {oid::xml, 143, type_kind::text},
    {oid::refcursor, 2201, type_kind::text},
    {oid::oid_, 1028, type_kind::bigint},
    {oid::xid, 1011, type_kind::bigint},
    {oid::cid, 1012, type_kind::bigint},
    {oid::xid8, 271, type_kind::bigint},
    {oid::numeric, 1231, type_kind::numeric},
    {oid::time, 1183, type_kind::time},
    {oid::interval, 1187, type_kind::interval},
    {oid::uuid, 2951, type_kind::uuid},
    {oid::inet, 1041, type_kind::inet},
    {oid::cidr, 651, type_kind::cidr},
    {oid::macaddr, 1040, type_kind::macaddr},
    {oid::int4range, 3905, type_kind::int4range},
    {oid::int8range, 3927, type_kind::int8range},
    {oid::numrange, 3907, type_kind::numrange},
    {oid::daterange, 3913, type_kind::daterange},
    {oid::tsrange, 3909, type_kind::tsrange},
    {oid::tstzrange, 3911, type_kind::tstzrange},
};

}  // namespace

// 0 as the type of a parameter in Parse: the server infers it (manual, 55.7, Parse).
std::uint32_t oid_of(const sql_type& type) noexcept {
    if (type.kind == type_kind::array) {
        return array_oid_of(type.element);
    }
    // A varchar parameter is sent as text, which has the same format.
    if (type.kind == type_kind::varchar) {
        return oid::text;
    }
    for (const auto& one : known) {
        if (one.kind == type.kind) {
            return one.type;
        }
    }
    return 0;
}

std::uint32_t array_oid_of(type_kind element) noexcept {
    for (const auto& one : known) {
        if (one.kind == element) {
            return one.array;
        }
    }
    return 0;
}

std::uint32_t array_of(std::uint32_t element) noexcept {
    for (const auto& one : known) {
        if (one.type == element) {
            return one.array;
        }
    }
    return 0;
}

type_kind kind_of(std::uint32_t type) noexcept {
    for (const auto& one : known) {
        if (one.type == type) {
            return one.kind;
        }
        if (one.array == type) {
            return type_kind::array;
        }
    }
    return type_kind::unknown;
}

sql_type type_of(std::uint32_t type) noexcept {
    return {.kind = kind_of(type), .element = kind_of(element_of(type))};
}

// A column's type can be more special than the type of a parameter: bpchar is sent as text.
std::uint32_t sent_type_of(std::uint32_t type) noexcept {
    const std::uint32_t sent = oid_of(type_of(type));
    return sent != 0 ? sent : type;
}

std::uint32_t element_of(std::uint32_t type) noexcept {
    for (const auto& one : known) {
        if (one.array == type) {
            return one.type;
        }
    }
    return 0;
}

std::uint32_t bound_of(std::uint32_t range) noexcept {
    return oid_of({.kind = gino::detail::bound_of(kind_of(range))});
}

bool is_binary(std::uint32_t type) noexcept {
    return kind_of(type) != type_kind::unknown;
}

}  // namespace gino::postgresql::codec
