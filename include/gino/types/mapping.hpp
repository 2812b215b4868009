// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/date_time.hpp>
#include <gino/core/value.hpp>
#include <gino/types/field.hpp>
#include <gino/types/sql_type.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// Boost's own header of forward declarations brings a thousand lines with it.
namespace boost::json {
class value;
}

namespace gino {

/// Says which SQL type a C++ type is stored as, and how: the point that programs extend.
///
/// A type of your own names a type that has a mapping already, and two functions:
///
///     template <>
///     struct gino::mapping<money> {
///         using stored_type = std::int64_t;
///         static money load(std::int64_t cents) { return money{cents}; }
///         static std::int64_t store(const money& m) { return m.cents; }
///     };
///
/// The library's own mappings have `type`, `load(field_view)` and `store(T)` instead. NULL is not
/// their business: a nullable value is a `std::optional`.
template <class T>
struct mapping;

namespace detail {

/// Each reads a field that is not NULL; throws `data_error` when it is of another kind or range.
bool load_boolean(const field_view& field);
std::int16_t load_int16(const field_view& field);
std::int32_t load_int32(const field_view& field);
std::int64_t load_int64(const field_view& field);
float load_float(const field_view& field);
double load_double(const field_view& field);
std::string load_string(const field_view& field);
bytes load_bytes(const field_view& field);
date load_date(const field_view& field);
timestamp load_timestamp(const field_view& field);
timestamptz load_timestamptz(const field_view& field);
void load_json(const field_view& field, boost::json::value& into);
value store_json(const boost::json::value& document);
void read_json(const value& v, const field_view& field, boost::json::value& into);

/// Throws `data_error` (`errc::unexpected_null`) that names the column.
[[noreturn]] void throw_unexpected_null(const field_view& field);

}  // namespace detail

template <>
struct mapping<bool> {
    static constexpr sql_type type{.kind = type_kind::boolean};

    static bool load(const field_view& field) { return detail::load_boolean(field); }

    static value store(bool v) { return value(v); }
};

template <>
struct mapping<std::int16_t> {
    static constexpr sql_type type{.kind = type_kind::smallint};

    static std::int16_t load(const field_view& field) { return detail::load_int16(field); }

    static value store(std::int16_t v) { return value(std::int64_t{v}); }
};

template <>
struct mapping<std::int32_t> {
    static constexpr sql_type type{.kind = type_kind::integer};

    static std::int32_t load(const field_view& field) { return detail::load_int32(field); }

    static value store(std::int32_t v) { return value(std::int64_t{v}); }
};

template <>
struct mapping<std::int64_t> {
    static constexpr sql_type type{.kind = type_kind::bigint};

    static std::int64_t load(const field_view& field) { return detail::load_int64(field); }

    static value store(std::int64_t v) { return value(v); }
};

template <>
struct mapping<float> {
    static constexpr sql_type type{.kind = type_kind::real};

    static float load(const field_view& field) { return detail::load_float(field); }

    static value store(float v) { return value(double{v}); }
};

template <>
struct mapping<double> {
    static constexpr sql_type type{.kind = type_kind::double_precision};

    static double load(const field_view& field) { return detail::load_double(field); }

    static value store(double v) { return value(v); }
};

template <>
struct mapping<std::string> {
    static constexpr sql_type type{.kind = type_kind::text};

    static std::string load(const field_view& field) { return detail::load_string(field); }

    static value store(std::string_view v) { return value(std::string(v)); }
};

template <>
struct mapping<bytes> {
    static constexpr sql_type type{.kind = type_kind::binary};

    static bytes load(const field_view& field) { return detail::load_bytes(field); }

    static value store(const bytes& v) { return value(v); }
};

template <>
struct mapping<date> {
    static constexpr sql_type type{.kind = type_kind::date};

    static date load(const field_view& field) { return detail::load_date(field); }

    static value store(date v) { return value(v); }
};

template <>
struct mapping<timestamp> {
    static constexpr sql_type type{.kind = type_kind::timestamp};

    static timestamp load(const field_view& field) { return detail::load_timestamp(field); }

    static value store(timestamp v) { return value(v); }
};

template <>
struct mapping<timestamptz> {
    static constexpr sql_type type{.kind = type_kind::timestamptz};

    static timestamptz load(const field_view& field) { return detail::load_timestamptz(field); }

    static value store(timestamptz v) { return value(v); }
};

/// Include `<boost/json.hpp>` where such a member is used. JSONB on PostgreSQL.
template <>
struct mapping<boost::json::value> {
    static constexpr sql_type type{.kind = type_kind::jsonb};

    template <class Json = boost::json::value>
    static Json load(const field_view& field) {
        Json document;
        detail::load_json(field, document);
        return document;
    }

    template <class Json = boost::json::value>
    static Json from_value(const value& v, const field_view& field) {
        Json document;
        detail::read_json(v, field, document);
        return document;
    }

    static value store(const boost::json::value& v) { return detail::store_json(v); }
};

namespace detail {

template <class T>
struct nullable {
    static constexpr bool value = false;
    using type = T;
};

template <class T>
struct nullable<std::optional<T>> {
    static constexpr bool value = true;
    using type = T;
};

/// `std::optional<T>` without the optional.
template <class T>
using without_null = typename nullable<std::remove_cvref_t<T>>::type;

template <class T>
concept built_in = requires(const field_view& field) {
    { mapping<T>::type } -> std::convertible_to<sql_type>;
    { mapping<T>::load(field) } -> std::convertible_to<T>;
};

template <class T>
concept user_mapped = requires { typename mapping<T>::stored_type; };

}  // namespace detail

/// A type that has a mapping, or a `std::optional` of one.
template <class T>
concept mapped =
    detail::built_in<detail::without_null<T>> || detail::user_mapped<detail::without_null<T>>;

/// The SQL type that `T` is stored as; the same for `std::optional<T>`.
template <mapped T>
[[nodiscard]] constexpr sql_type sql_type_of() {
    using bare = detail::without_null<T>;
    if constexpr (detail::user_mapped<bare>) {
        return sql_type_of<typename mapping<bare>::stored_type>();
    } else {
        return mapping<bare>::type;
    }
}

/// True when `T` has room for NULL.
template <class T>
inline constexpr bool is_nullable = detail::nullable<std::remove_cvref_t<T>>::value;

/// Reads a field as a C++ value.
///
/// @throws data_error  NULL for a `T` that is no `std::optional`; another kind of value; a number
///                     that does not fit. Names the column.
template <mapped T>
[[nodiscard]] T load_field(const field_view& field) {
    using bare = detail::without_null<T>;
    if (field.is_null()) {
        if constexpr (is_nullable<T>) {
            return std::nullopt;
        } else {
            detail::throw_unexpected_null(field);
        }
    }
    if constexpr (detail::user_mapped<bare>) {
        return mapping<bare>::load(load_field<typename mapping<bare>::stored_type>(field));
    } else {
        return mapping<bare>::load(field);
    }
}

/// Makes a SQL value of a C++ value.
template <class T>
    requires mapped<T>
[[nodiscard]] value store_value(const T& v) {
    using bare = detail::without_null<T>;
    if constexpr (is_nullable<T>) {
        return v ? store_value(*v) : value();
    } else if constexpr (detail::user_mapped<bare>) {
        return store_value<typename mapping<bare>::stored_type>(mapping<bare>::store(v));
    } else {
        return mapping<bare>::store(v);
    }
}

}  // namespace gino
