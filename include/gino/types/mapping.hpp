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

/// The SQL type that a C++ type is stored as, and the conversions: the extension point for
/// programs.
///
/// A type of the program names a type that has a mapping already, and two functions:
///
///     template <>
///     struct gino::mapping<money> {
///         using stored_type = std::int64_t;
///         static money load(std::int64_t cents) { return money{cents}; }
///         static std::int64_t store(const money& m) { return m.cents; }
///     };
///
/// The library's own mappings have `type`, `load(field_view)` and `store(T)` instead:
///
/// | C++ | PostgreSQL | SQLite |
/// | --- | --- | --- |
/// | `bool` | BOOLEAN | BOOLEAN: the integers 0 and 1 |
/// | `std::int16_t`, `std::int32_t`, `std::int64_t` | SMALLINT, INTEGER, BIGINT | the same |
/// | `float`, `double` | REAL, DOUBLE PRECISION | the same |
/// | `std::string` | TEXT | TEXT |
/// | `bytes` | BYTEA | BLOB |
/// | `date`, `timestamp`, `timestamptz` | DATE, TIMESTAMP, TIMESTAMPTZ | text |
/// | `boost::json::value` | JSONB | JSON: text |
/// | `decimal`, `time_of_day`, `interval` | NUMERIC, TIME, INTERVAL | text |
/// | `boost::uuids::uuid`, `inet`, `cidr`, `mac_address` | UUID, INET, CIDR, MACADDR | text |
/// | described enumerations, `composite` | ENUM and composite types | text |
/// | `std::vector<T>`, `range<T>` | arrays and range types | none |
///
/// A mapping never receives NULL: a nullable value is a `std::optional`. `column_type()` in
/// `table_args()` declares a column as another SQL type than the mapping's.
///
/// Errors: `load()` throws a `data_error` (`errc::bad_value`) for a field of another kind or a
/// value out of range. A mapping of the program may throw anything; the call that reads the row, or
/// that takes the value, throws it.
///
/// Thread safety: the functions of a mapping are called on any thread that uses gino, several at
/// once.
template <class T>
struct mapping;

namespace detail {

/// Each function reads a field that is not NULL, and throws `data_error` when it is of another kind
/// or out of range.
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
/// Reads a JSON document within `get_json_limits()`.
void load_json(const field_view& field, boost::json::value& into);
/// Writes a JSON document. @throws argument_error  It contains NaN or an infinity.
value store_json(const boost::json::value& document);
/// Reads a JSON document that a driver returned as a value, such as an element of an array.
void read_json(const value& v, const field_view& field, boost::json::value& into);

/// Throws `data_error` (`errc::unexpected_null`), which names the column.
[[noreturn]] void throw_unexpected_null(const field_view& field);

}  // namespace detail

/// BOOLEAN. SQLite's integers 0 and 1 are read; any other integer is an error.
template <>
struct mapping<bool> {
    static constexpr sql_type type{.kind = type_kind::boolean};

    static bool load(const field_view& field) { return detail::load_boolean(field); }

    static value store(bool v) { return value(v); }
};

/// SMALLINT. A column of any integer type is read if the number fits.
template <>
struct mapping<std::int16_t> {
    static constexpr sql_type type{.kind = type_kind::smallint};

    static std::int16_t load(const field_view& field) { return detail::load_int16(field); }

    static value store(std::int16_t v) { return value(std::int64_t{v}); }
};

/// INTEGER. A column of any integer type is read if the number fits; on PostgreSQL, so are OIDs and
/// whole numbers of NUMERIC.
template <>
struct mapping<std::int32_t> {
    static constexpr sql_type type{.kind = type_kind::integer};

    static std::int32_t load(const field_view& field) { return detail::load_int32(field); }

    static value store(std::int32_t v) { return value(std::int64_t{v}); }
};

/// BIGINT. A column of any integer type is read; on PostgreSQL, so are OIDs and whole numbers of
/// NUMERIC.
template <>
struct mapping<std::int64_t> {
    static constexpr sql_type type{.kind = type_kind::bigint};

    static std::int64_t load(const field_view& field) { return detail::load_int64(field); }

    static value store(std::int64_t v) { return value(v); }
};

/// REAL. A double precision number is rounded to the nearest float; one beyond its range is an
/// error.
template <>
struct mapping<float> {
    static constexpr sql_type type{.kind = type_kind::real};

    static float load(const field_view& field) { return detail::load_float(field); }

    static value store(float v) { return value(double{v}); }
};

/// DOUBLE PRECISION. An integer is read if the double is exact; PostgreSQL's NUMERIC is rounded to
/// the nearest double.
template <>
struct mapping<double> {
    static constexpr sql_type type{.kind = type_kind::double_precision};

    static double load(const field_view& field) { return detail::load_double(field); }

    static value store(double v) { return value(v); }
};

/// TEXT, in UTF-8. VARCHAR, CHAR and JSON are read as well; on PostgreSQL, so are enumerations and
/// types that gino does not know, as the server writes them. A NUL byte cannot be stored.
template <>
struct mapping<std::string> {
    static constexpr sql_type type{.kind = type_kind::text};

    static std::string load(const field_view& field) { return detail::load_string(field); }

    static value store(std::string_view v) { return value(std::string(v)); }
};

/// BYTEA on PostgreSQL, BLOB on SQLite.
template <>
struct mapping<bytes> {
    static constexpr sql_type type{.kind = type_kind::binary};

    static bytes load(const field_view& field) { return detail::load_bytes(field); }

    static value store(const bytes& v) { return value(v); }
};

/// DATE. PostgreSQL's range is 4713 BC to 5874897 AD; a day beyond 32 bits cannot be sent.
template <>
struct mapping<date> {
    static constexpr sql_type type{.kind = type_kind::date};

    static date load(const field_view& field) { return detail::load_date(field); }

    static value store(date v) { return value(v); }
};

/// TIMESTAMP WITHOUT TIME ZONE.
template <>
struct mapping<timestamp> {
    static constexpr sql_type type{.kind = type_kind::timestamp};

    static timestamp load(const field_view& field) { return detail::load_timestamp(field); }

    static value store(timestamp v) { return value(v); }
};

/// TIMESTAMP WITH TIME ZONE. The value is in UTC, whatever time zone the session has.
template <>
struct mapping<timestamptz> {
    static constexpr sql_type type{.kind = type_kind::timestamptz};

    static timestamptz load(const field_view& field) { return detail::load_timestamptz(field); }

    static value store(timestamptz v) { return value(v); }
};

/// JSONB on PostgreSQL, JSON (text) on SQLite. Include `<boost/json.hpp>` where such a member is
/// used.
///
/// A document beyond `get_json_limits()`, or one that names a key twice in one object, is a
/// `data_error`. Storing NaN or an infinity is an `argument_error`.
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

/// Splits `std::optional<T>` into "nullable" and `T`.
template <class T>
struct nullable<std::optional<T>> {
    static constexpr bool value = true;
    using type = T;
};

/// `std::optional<T>` without the optional.
template <class T>
using without_null = typename nullable<std::remove_cvref_t<T>>::type;

/// A mapping of the library: it reads fields itself.
template <class T>
concept built_in = requires(const field_view& field) {
    { mapping<T>::type } -> std::convertible_to<sql_type>;
    { mapping<T>::load(field) } -> std::convertible_to<T>;
};

/// A mapping of the program: it converts to and from another mapped type.
template <class T>
concept user_mapped = requires { typename mapping<T>::stored_type; };

}  // namespace detail

/// A type that has a mapping, or a `std::optional` of one. Only such types can be members of a
/// model, parameters and results.
template <class T>
concept mapped =
    detail::built_in<detail::without_null<T>> || detail::user_mapped<detail::without_null<T>>;

/// Returns the SQL type that `T` is stored as; it is the same for `std::optional<T>`.
template <mapped T>
[[nodiscard]] constexpr sql_type sql_type_of() {
    using bare = detail::without_null<T>;
    if constexpr (detail::user_mapped<bare>) {
        return sql_type_of<typename mapping<bare>::stored_type>();
    } else {
        return mapping<bare>::type;
    }
}

/// True for `std::optional<T>`: the type can hold NULL.
template <class T>
inline constexpr bool is_nullable = detail::nullable<std::remove_cvref_t<T>>::value;

/// Reads a field as a C++ value.
///
/// @param field  May be NULL if `T` is a `std::optional`.
/// @throws data_error  `errc::unexpected_null`: NULL for another type. `errc::bad_value`: a value
///                     of another kind, or a number that does not fit. The message names the
///                     column.
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

/// Converts a C++ value to a SQL value; an empty optional becomes NULL.
///
/// @throws argument_error  `errc::bad_value`: the value has no SQL form, such as a number that is
///                         no enumerator, or JSON with NaN.
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
