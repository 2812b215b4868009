// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/decimal.hpp>
#include <gino/types/from_value.hpp>
#include <gino/types/mapping.hpp>
#include <gino/types/numeric.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace gino {

/// SQL's ranges: the values between two bounds, `[lower, upper)` by default. An empty optional as a
/// bound means unbounded (PostgreSQL's manual, 8.17).
///
///     gino::range<std::int32_t>{.lower = 1, .upper = 5}                           // [1,5)
///     gino::range<gino::decimal>{.upper = gino::decimal(10), .includes_upper = true}  // (,10]
///     gino::range<gino::date>{.is_empty = true}                                   // empty
///
/// PostgreSQL only: INT4RANGE (`std::int32_t`), INT8RANGE (`std::int64_t`), NUMRANGE (`decimal`),
/// DATERANGE (`date`), TSRANGE (`timestamp`), TSTZRANGE (`timestamptz`). The server returns ranges
/// of integers and dates as `[lower, upper)`, in whatever form they were stored, so that a loaded
/// object may differ from the stored one.
template <class T>
struct range {
    std::optional<T> lower{};     ///< Empty: unbounded.
    std::optional<T> upper{};     ///< Empty: unbounded.
    bool includes_lower = true;   ///< Ignored if there is no `lower`.
    bool includes_upper = false;  ///< Ignored if there is no `upper`.
    bool is_empty = false;        ///< The range has no values; the bounds are ignored.

    /// Compares all members, also those that are ignored: `[1,5)` and `[1,4]` are different,
    /// although PostgreSQL treats them as equal for integers.
    friend bool operator==(const range&, const range&) = default;
};

namespace detail {

/// Returns the range type over `T`; `unknown`: there is none.
template <class T>
consteval type_kind range_kind() {
    if constexpr (std::is_same_v<T, std::int32_t>) {
        return type_kind::int4range;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
        return type_kind::int8range;
    } else if constexpr (std::is_same_v<T, decimal>) {
        return type_kind::numrange;
    } else if constexpr (std::is_same_v<T, date>) {
        return type_kind::daterange;
    } else if constexpr (std::is_same_v<T, timestamp>) {
        return type_kind::tsrange;
    } else if constexpr (std::is_same_v<T, timestamptz>) {
        return type_kind::tstzrange;
    } else {
        return type_kind::unknown;
    }
}

/// Returns the range in a value. @throws data_error  It has none.
[[nodiscard]] const value::range& range_in(const value& v, const field_view& field);

}  // namespace detail

/// The range type over `T`. An empty range is loaded without bounds.
template <class T>
    requires(detail::range_kind<T>() != type_kind::unknown)
struct mapping<range<T>> {
    static constexpr sql_type type{.kind = detail::range_kind<T>()};

    static range<T> load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static range<T> from_value(const value& v, const field_view& field) {
        const auto& read = detail::range_in(v, field);
        if (read.is_empty) {
            return {.is_empty = true};
        }
        return {
            .lower = detail::value_to<std::optional<T>>(read.bounds[0], field),
            .upper = detail::value_to<std::optional<T>>(read.bounds[1], field),
            .includes_lower = read.includes_lower,
            .includes_upper = read.includes_upper};
    }

    static value store(const range<T>& v) {
        value::range made;
        made.is_empty = v.is_empty;
        made.includes_lower = v.includes_lower;
        made.includes_upper = v.includes_upper;
        made.bounds.push_back(store_value(v.lower));
        made.bounds.push_back(store_value(v.upper));
        return value(std::move(made));
    }
};

}  // namespace gino
