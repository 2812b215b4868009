// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gino {

/// The kinds of SQL types that every dialect knows how to write.
enum class type_kind : std::uint8_t {
    unknown,  ///< The server decides: an untyped NULL, a parameter of hand-written SQL.
    boolean,
    smallint,
    integer,
    bigint,
    real,
    double_precision,
    text,
    varchar,
    binary,  ///< BYTEA, BLOB.
    date,
    timestamp,
    timestamptz,
    json,
    jsonb,
    array,  ///< Of `sql_type::element`.
    named,  ///< A type of the database's own, by `sql_type::name`.
    numeric,
    time,
    interval,
    uuid,
    inet,
    cidr,
    macaddr,
    enumeration,  ///< Of `sql_type::enumerated`.
    int4range,
    int8range,
    numrange,
    daterange,
    tsrange,
    tstzrange,
    composite,  ///< Of `sql_type::composed`.
};

/// The words of an enumeration, in their order.
struct enumeration_info {
    std::string_view name;  ///< Of PostgreSQL's type.
    const std::string_view* labels;
    std::size_t size;
};

struct sql_type;

/// The attributes of a composite type, in their order.
struct composite_info {
    std::string_view name;  ///< Of PostgreSQL's type.
    const std::string_view* attributes;
    const sql_type* types;
    std::size_t size;
};

/// A SQL type: what a column is declared as, and what a bind parameter is sent as.
struct sql_type {
    type_kind kind = type_kind::unknown;
    type_kind element = type_kind::unknown;  ///< Of an array; otherwise unknown.
    std::uint16_t dimensions = 0;            ///< Of an array; otherwise 0.
    std::uint32_t length = 0;                ///< Of varchar, in characters; 0: no limit.
    std::string_view name = {};              ///< Of a named type; SQL as it stands, never copied.
    std::uint16_t precision = 0;             ///< Of numeric: all digits; 0: no limit.
    std::uint16_t scale = 0;                 ///< Of numeric: digits behind the point.
    const enumeration_info* enumerated = nullptr;
    const composite_info* composed = nullptr;

    friend bool operator==(const sql_type&, const sql_type&) = default;
};

/// Returns the kind's name in SQL, such as "double precision"; for messages.
[[nodiscard]] std::string_view to_string(type_kind kind) noexcept;

}  // namespace gino
