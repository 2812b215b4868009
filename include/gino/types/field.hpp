// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gino {

/// What a database says about one column of a result.
struct column_description {
    std::string name;
    type_kind kind = type_kind::unknown;
    /// The driver's own number: PostgreSQL's OID; of an enumeration, a domain or the like, that of
    /// the type that its values are read as.
    std::uint32_t type_id = 0;
    std::uint32_t table_id = 0;  ///< The driver's own number of the table; 0: no table's column.
    /// As SQL has it, of a type that the database does not ship with; otherwise empty.
    std::string type_name = {};
};

class field_decoder;

/// One field of one row, still as the driver received it.
///
/// Lifetime: valid only while the row that it belongs to is being read.
class field_view {
public:
    /// @param data     Null for SQL's NULL.
    /// @param column   Must outlive the view.
    /// @param decoder  Must outlive the view.
    field_view(
        const std::byte* data,
        std::size_t size,
        const column_description& column,
        const field_decoder& decoder
    ) noexcept
        : data_(data), size_(size), column_(&column), decoder_(&decoder) {}

    [[nodiscard]] bool is_null() const noexcept { return data_ == nullptr; }

    [[nodiscard]] std::span<const std::byte> raw() const noexcept { return {data_, size_}; }

    [[nodiscard]] const column_description& column() const noexcept { return *column_; }

    [[nodiscard]] const field_decoder& decoder() const noexcept { return *decoder_; }

private:
    const std::byte* data_;
    std::size_t size_;
    const column_description* column_;
    const field_decoder* decoder_;
};

/// Reads a driver's bytes as values. A driver has one, without state.
///
/// REQUIRES of every function: the field is not NULL. All throw `data_error`
/// (`errc::bad_value`), which names the column, its SQL type and the type that was asked for, when
/// the field is of another kind or its bytes are malformed. No function reads past the field.
class field_decoder {
public:
    field_decoder(const field_decoder&) = delete;
    field_decoder& operator=(const field_decoder&) = delete;

    [[nodiscard]] virtual bool boolean(const field_view& field) const = 0;
    /// Any of the integer types; the caller checks the range of its own type.
    [[nodiscard]] virtual std::int64_t integer(const field_view& field) const = 0;
    /// Real, double precision; integers where they are exact.
    [[nodiscard]] virtual double floating(const field_view& field) const = 0;
    /// Text, varchar, char, name, enums, json; valid as long as the field.
    [[nodiscard]] virtual std::string_view text(const field_view& field) const = 0;
    /// Binary; valid as long as the field.
    [[nodiscard]] virtual std::span<const std::byte> binary(const field_view& field) const = 0;
    [[nodiscard]] virtual date day(const field_view& field) const = 0;
    [[nodiscard]] virtual timestamp local_time(const field_view& field) const = 0;
    [[nodiscard]] virtual timestamptz instant(const field_view& field) const = 0;
    /// The text of a json or jsonb document; valid as long as the field.
    [[nodiscard]] virtual std::string_view json(const field_view& field) const = 0;
    /// Any type, as the value that comes closest; arrays included. A type that nobody described
    /// comes as its text.
    [[nodiscard]] virtual value any(const field_view& field) const = 0;

protected:
    field_decoder() = default;
    ~field_decoder() = default;
};

}  // namespace gino
