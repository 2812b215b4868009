// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/from_value.hpp>
#include <gino/types/mapping.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// The number of dimensions: vectors within vectors.
template <class T>
inline constexpr std::uint16_t dimensions_of = 0;

template <class T>
inline constexpr std::uint16_t dimensions_of<std::vector<T>> = 1 + dimensions_of<T>;

/// Returns the SQL type of an array of `T`. An array of arrays is one type with more dimensions.
template <class T>
[[nodiscard]] constexpr sql_type array_of() {
    sql_type type = sql_type_of<T>();
    if (type.kind != type_kind::array) {
        type.element = type.kind;
        type.kind = type_kind::array;
    }
    ++type.dimensions;
    return type;
}

/// Returns the array in a value. @throws data_error  It has none.
[[nodiscard]] value::array array_in(const value& v, const field_view& field);

}  // namespace detail

/// An array, or an array of arrays (PostgreSQL's manual, 8.15). Elements that can be NULL are
/// `std::optional`; the array itself is one inside `std::optional<std::vector<T>>`.
///
///     std::vector<std::string> tags{};                             // TEXT[]
///     std::vector<std::vector<std::optional<double>>> matrix{};    // DOUBLE PRECISION[][]
///
/// PostgreSQL only: SQLite has no array columns, but a parameter is sent as a JSON array. Inner
/// arrays must have equal sizes, otherwise sending throws an `argument_error` (`errc::bad_value`).
/// The lower bounds of a received array are not kept. `std::vector<std::byte>` is `bytes`, not an
/// array.
///
/// Loading throws a `data_error` for a column that is no array, for an element of another kind, and
/// for a NULL element whose type is no `std::optional`.
template <class T>
    requires(mapped<T> && !std::is_same_v<T, std::byte>)
struct mapping<std::vector<T>> {
    static constexpr sql_type type = detail::array_of<T>();

    static std::vector<T> load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static std::vector<T> from_value(const value& v, const field_view& field) {
        const value::array elements = detail::array_in(v, field);
        std::vector<T> made;
        made.reserve(elements.size());
        for (const auto& element : elements) {
            made.push_back(detail::value_to<T>(element, field));
        }
        return made;
    }

    static value store(const std::vector<T>& v) {
        value::array elements;
        elements.reserve(v.size());
        for (const auto& element : v) {
            elements.push_back(store_value<T>(element));
        }
        return value(std::move(elements));
    }
};

}  // namespace gino
