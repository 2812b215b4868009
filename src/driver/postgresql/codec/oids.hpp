// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/sql_type.hpp>

#include <cstdint>

/// The numbers (OIDs) of built-in types, from PostgreSQL's src/include/catalog/pg_type.dat. They
/// are the same in all versions.
namespace gino::postgresql::codec {

namespace oid {

inline constexpr std::uint32_t boolean = 16;
inline constexpr std::uint32_t bytea = 17;
inline constexpr std::uint32_t char_ = 18;
inline constexpr std::uint32_t name = 19;
inline constexpr std::uint32_t int8 = 20;
inline constexpr std::uint32_t int2 = 21;
inline constexpr std::uint32_t int4 = 23;
inline constexpr std::uint32_t text = 25;
inline constexpr std::uint32_t oid_ = 26;
inline constexpr std::uint32_t json = 114;
inline constexpr std::uint32_t float4 = 700;
inline constexpr std::uint32_t float8 = 701;
inline constexpr std::uint32_t xid = 28;
inline constexpr std::uint32_t cid = 29;
inline constexpr std::uint32_t xml = 142;
inline constexpr std::uint32_t refcursor = 1790;
inline constexpr std::uint32_t xid8 = 5069;
/// The first number of the types that users and extensions create (FirstNormalObjectId).
inline constexpr std::uint32_t first_of_users = 16384;
inline constexpr std::uint32_t unknown = 705;
inline constexpr std::uint32_t bpchar = 1042;
inline constexpr std::uint32_t varchar = 1043;
inline constexpr std::uint32_t date = 1082;
inline constexpr std::uint32_t timestamp = 1114;
inline constexpr std::uint32_t timestamptz = 1184;
inline constexpr std::uint32_t jsonb = 3802;
inline constexpr std::uint32_t cidr = 650;
inline constexpr std::uint32_t macaddr = 829;
inline constexpr std::uint32_t inet = 869;
inline constexpr std::uint32_t time = 1083;
inline constexpr std::uint32_t interval = 1186;
inline constexpr std::uint32_t numeric = 1700;
inline constexpr std::uint32_t uuid = 2950;
inline constexpr std::uint32_t int4range = 3904;
inline constexpr std::uint32_t numrange = 3906;
inline constexpr std::uint32_t tsrange = 3908;
inline constexpr std::uint32_t tstzrange = 3910;
inline constexpr std::uint32_t daterange = 3912;
inline constexpr std::uint32_t int8range = 3926;

}  // namespace oid

/// Returns the number of a type, for Parse; 0: the server infers the type.
[[nodiscard]] std::uint32_t oid_of(const sql_type& type) noexcept;
/// Returns the number of an array type by the kind of its elements; 0: it is not known.
[[nodiscard]] std::uint32_t array_oid_of(type_kind element) noexcept;
/// Returns the array type of an element type; 0: it is not known.
[[nodiscard]] std::uint32_t array_of(std::uint32_t element) noexcept;

/// Returns the kind of a column's type; `unknown`: the type is not known.
[[nodiscard]] type_kind kind_of(std::uint32_t type) noexcept;
/// Returns the type of a parameter for the values of a column's type; `unknown`, see kind_of().
[[nodiscard]] sql_type type_of(std::uint32_t type) noexcept;
/// Returns the type of the parameters for values of a column's type; itself if it is not known.
[[nodiscard]] std::uint32_t sent_type_of(std::uint32_t type) noexcept;
/// Returns the element type of an array type; 0: it is not known.
[[nodiscard]] std::uint32_t element_of(std::uint32_t type) noexcept;
/// Returns the type of a range type's bounds; 0: it is no range type.
[[nodiscard]] std::uint32_t bound_of(std::uint32_t range) noexcept;
/// True for types that are requested in the binary format.
[[nodiscard]] bool is_binary(std::uint32_t type) noexcept;

}  // namespace gino::postgresql::codec
