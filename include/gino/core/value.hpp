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

/// SQL's NULL: `user::c.age == gino::null` is `age IS NULL`.
inline constexpr null_t null{};

/// SQL's BYTEA or BLOB.
using bytes = std::vector<std::byte>;

/// A JSON document as text. Kept apart from a string, so that it is sent as JSON.
struct json_text {
    std::string text;

    friend bool operator==(const json_text&, const json_text&) = default;
};

/// One SQL value of any type: the coin that statements, drivers and dynamic rows pay with.
///
/// The SQL type travels beside it (`sql_type`): a `smallint` is an `std::int64_t` here.
class value {
public:
    using array = std::vector<value>;

    /// SQL's ranges: what lies between two bounds.
    struct range {
        std::vector<value> bounds;  ///< The lower and the upper one; NULL: there is none.
        bool is_empty = false;      ///< Nothing lies in it; `bounds` do not matter.
        bool includes_lower = true;
        bool includes_upper = false;

        friend bool operator==(const range&, const range&) = default;
    };

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

    /// NULL.
    value() = default;

    /// @param stored  One of the alternatives of `storage`. Moved in.
    template <class Stored>
        requires(!std::is_same_v<std::remove_cvref_t<Stored>, value>) &&
                std::is_constructible_v<
                    storage,
                    std::in_place_type_t<std::remove_cvref_t<Stored>>,
                    Stored>
    explicit value(Stored&& stored)
        : storage_(std::in_place_type<std::remove_cvref_t<Stored>>, std::forward<Stored>(stored)) {}

    [[nodiscard]] bool is_null() const noexcept { return storage_.index() == 0; }

    /// Returns the value if it is held as `Stored`, otherwise a null pointer.
    template <class Stored>
    [[nodiscard]] const Stored* get_if() const noexcept {
        return std::get_if<Stored>(&storage_);
    }

    [[nodiscard]] const storage& get() const noexcept { return storage_; }

    friend bool operator==(const value&, const value&) = default;

private:
    storage storage_;
};

/// Writes a value as a person would read it: `'it''s'`, `7`, `NULL`, `[1, 2]`. For logs and tests,
/// never for SQL.
[[nodiscard]] std::string to_string(const value& v);

}  // namespace gino
