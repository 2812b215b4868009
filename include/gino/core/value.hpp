// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/date_time.hpp>
#include <gino/core/decimal.hpp>
#include <gino/core/network.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gino {

/// The type of `gino::null`.
struct null_t {
    friend bool operator==(null_t, null_t) = default;
};

/// SQL's NULL. In an expression, `user::c.age == gino::null` is written as `age IS NULL`.
inline constexpr null_t null{};

/// The C++ type of BYTEA (PostgreSQL) and BLOB (SQLite).
using bytes = std::vector<std::byte>;

/// The text of a JSON document. A type of its own, so that it is sent as JSON and not as text.
struct json_text {
    std::string text;

    friend bool operator==(const json_text&, const json_text&) = default;
};

/// One SQL value of any type: the common form of values in statements, drivers and dynamic rows.
///
/// The exact SQL type is kept separately as a `sql_type`: a `smallint`, an `integer` and a `bigint`
/// are all an `std::int64_t` here, a `real` is a `double`.
class value {
public:
    /// The elements of an array. An element that is an array itself is a further dimension.
    using array = std::vector<value>;

    /// A value of a range type (PostgreSQL's manual, 8.17).
    struct range {
        std::vector<value> bounds;    ///< The lower bound, then the upper one; NULL: unbounded.
        bool is_empty = false;        ///< The range has no values; `bounds` are ignored.
        bool includes_lower = true;   ///< Whether `lower` belongs to the range: "[", otherwise "(".
        bool includes_upper = false;  ///< Whether `upper` belongs to the range: "]", otherwise ")".

        friend bool operator==(const range&, const range&) = default;
    };

    /// The C++ types of values. The first one is NULL.
    using storage = std::variant<
        null_t,
        bool,
        std::int64_t,
        double,
        std::string,
        bytes,
        date,
        timestamp,
        timestamptz,
        json_text,
        array,
        decimal,
        time_of_day,
        interval,
        uuid_bytes,
        network_address,
        mac_address,
        range>;

    /// Makes NULL.
    value() = default;

    /// Makes a value. Only the exact types of `storage` are accepted: `value(std::int64_t{7})`, not
    /// `value(7)`.
    ///
    /// @param stored  Moved in.
    template <class Stored>
        requires(!std::is_same_v<std::remove_cvref_t<Stored>, value>) &&
                std::is_constructible_v<
                    storage,
                    std::in_place_type_t<std::remove_cvref_t<Stored>>,
                    Stored>
    explicit value(Stored&& stored)
        : storage_(std::in_place_type<std::remove_cvref_t<Stored>>, std::forward<Stored>(stored)) {}

    /// Returns true for SQL's NULL.
    [[nodiscard]] bool is_null() const noexcept { return storage_.index() == 0; }

    /// Returns the value if it is held as `Stored`, otherwise a null pointer. No conversion is
    /// made.
    ///
    /// @return Valid until the value is changed or destroyed.
    template <class Stored>
    [[nodiscard]] const Stored* get_if() const noexcept {
        return std::get_if<Stored>(&storage_);
    }

    /// Returns the variant, for `std::visit()`.
    [[nodiscard]] const storage& get() const noexcept { return storage_; }

    /// Compares the types and the values, as C++ and not as SQL: NULL equals NULL.
    friend bool operator==(const value&, const value&) = default;

private:
    storage storage_;
};

/// Writes a value for logs and tests: `'it''s'`, `7`, `7.0`, `NULL`, `[1, 2]`, `x'6162'`. The text
/// is no SQL literal; never send it to a database.
[[nodiscard]] std::string to_string(const value& v);

}  // namespace gino
