// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gino {

/// The kinds of SQL types that every dialect can write, or refuses with a reason. The comments name
/// the alternative of `value::storage` that holds such a value.
enum class type_kind : std::uint8_t {
    unknown,           ///< The server infers it: an untyped NULL, a parameter of hand-written SQL.
    boolean,           ///< `bool`
    smallint,          ///< `std::int64_t`; the range is checked when it is sent
    integer,           ///< `std::int64_t`; the range is checked when it is sent
    bigint,            ///< `std::int64_t`
    real,              ///< `double`
    double_precision,  ///< `double`
    text,              ///< `std::string`
    varchar,           ///< `std::string`
    binary,            ///< BYTEA, BLOB: `bytes`
    date,              ///< `date`
    timestamp,         ///< `timestamp`
    timestamptz,       ///< `timestamptz`
    json,              ///< `json_text`
    jsonb,             ///< `json_text`
    array,             ///< An array of `sql_type::element`: `value::array`
    named,             ///< A type known by its name alone, `sql_type::name`: `std::string`
    numeric,           ///< `decimal`
    time,              ///< `time_of_day`
    interval,          ///< `interval`
    uuid,              ///< `uuid_bytes`
    inet,              ///< `network_address`
    cidr,              ///< `network_address`
    macaddr,           ///< `mac_address`
    enumeration,       ///< See `sql_type::enumerated`: its label, a `std::string`
    int4range,         ///< `value::range`, as for all ranges
    int8range,
    numrange,
    daterange,
    tsrange,
    tstzrange,
    composite,  ///< See `sql_type::composed`: its text, a `std::string`
};

/// The labels of an enumeration, in their order. The arrays are static.
struct enumeration_info {
    std::string_view name;  ///< The name of PostgreSQL's type.
    const std::string_view* labels;
    std::size_t size;
};

struct sql_type;

/// The attributes of a composite type, in their order. The arrays are static.
struct composite_info {
    std::string_view name;  ///< The name of PostgreSQL's type.
    const std::string_view* attributes;
    const sql_type* types;
    std::size_t size;
};

/// A SQL type: of a column in DDL, and of a bind parameter when it is sent.
///
/// It is a literal type that copies cheaply; names and arrays that it points to are static.
/// `varchar()`, `numeric()` and `native_type()` make some.
struct sql_type {
    type_kind kind = type_kind::unknown;
    type_kind element = type_kind::unknown;  ///< Of an array; otherwise unknown.
    std::uint16_t dimensions = 0;            ///< Of an array, at least 1; otherwise 0.
    std::uint32_t length = 0;                ///< Of varchar, in characters; 0: no limit.
    std::string_view name = {};   ///< Of a named type: SQL, written unquoted. Not copied.
    std::uint16_t precision = 0;  ///< Of numeric: all digits; 0: no limit.
    std::uint16_t scale = 0;      ///< Of numeric: digits after the point.
    const enumeration_info* enumerated = nullptr;  ///< Null: no enumeration.
    const composite_info* composed = nullptr;      ///< Null: no composite type.

    friend bool operator==(const sql_type&, const sql_type&) = default;
};

/// Returns the kind's name in SQL, such as "double precision", for messages.
[[nodiscard]] std::string_view to_string(type_kind kind) noexcept;

}  // namespace gino
