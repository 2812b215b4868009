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

/// The database's description of one column of a result.
struct column_description {
    std::string name;                     ///< The label in the result.
    type_kind kind = type_kind::unknown;  ///< `unknown`: gino has no kind for the type.
    /// The driver's number of the type: PostgreSQL's OID, 0 on SQLite. For an enumeration or a
    /// domain it is that of the type that its values are read as.
    std::uint32_t type_id = 0;
    std::uint32_t table_id = 0;  ///< The driver's number of the table; 0: not a table's column.
    /// The SQL name of a type that is not built into the database; otherwise empty.
    std::string type_name = {};
};

class field_decoder;

/// One field of one row, in the driver's own format. Mappings of the library read it with its
/// `decoder()`.
///
/// Lifetime: valid only while the row that it belongs to is being read.
class field_view {
public:
    /// Makes a view.
    ///
    /// @param data     Null for SQL's NULL. Must outlive the view.
    /// @param size     In bytes.
    /// @param column   Must outlive the view.
    /// @param decoder  Must outlive the view.
    field_view(
        const std::byte* data,
        std::size_t size,
        const column_description& column,
        const field_decoder& decoder
    ) noexcept
        : data_(data), size_(size), column_(&column), decoder_(&decoder) {}

    /// Returns true for SQL's NULL.
    [[nodiscard]] bool is_null() const noexcept { return data_ == nullptr; }

    /// Returns the bytes. Their format is the driver's: PostgreSQL's binary format, or SQLite's
    /// storage class and value.
    [[nodiscard]] std::span<const std::byte> raw() const noexcept { return {data_, size_}; }

    /// Returns the column's description.
    [[nodiscard]] const column_description& column() const noexcept { return *column_; }

    /// Returns the decoder of the driver that received the field.
    [[nodiscard]] const field_decoder& decoder() const noexcept { return *decoder_; }

private:
    const std::byte* data_;
    std::size_t size_;
    const column_description* column_;
    const field_decoder* decoder_;
};

/// A driver's conversion of bytes to values. A driver has one, without state.
///
/// REQUIRES of every function: the field is not NULL.
///
/// Errors: every function throws a `data_error` (`errc::bad_value`) when the field is of another
/// kind or its bytes are malformed. The message names the column, its SQL type and the wanted type.
/// No function reads past the field.
///
/// Thread safety: any thread.
class field_decoder {
public:
    field_decoder(const field_decoder&) = delete;
    field_decoder& operator=(const field_decoder&) = delete;

    /// Reads BOOLEAN; on SQLite the integers 0 and 1.
    [[nodiscard]] virtual bool boolean(const field_view& field) const = 0;
    /// Reads any integer type. The caller checks the range of its own type.
    [[nodiscard]] virtual std::int64_t integer(const field_view& field) const = 0;
    /// Reads REAL and DOUBLE PRECISION, integers that a double holds exactly, and PostgreSQL's
    /// NUMERIC, rounded.
    [[nodiscard]] virtual double floating(const field_view& field) const = 0;
    /// Reads TEXT, VARCHAR, CHAR, names, enumerations and JSON.
    ///
    /// @return Valid as long as the field.
    [[nodiscard]] virtual std::string_view text(const field_view& field) const = 0;
    /// Reads BYTEA or BLOB.
    ///
    /// @return Valid as long as the field.
    [[nodiscard]] virtual std::span<const std::byte> binary(const field_view& field) const = 0;
    /// Reads DATE.
    [[nodiscard]] virtual date day(const field_view& field) const = 0;
    /// Reads TIMESTAMP WITHOUT TIME ZONE.
    [[nodiscard]] virtual timestamp local_time(const field_view& field) const = 0;
    /// Reads TIMESTAMP WITH TIME ZONE.
    [[nodiscard]] virtual timestamptz instant(const field_view& field) const = 0;
    /// Reads the text of a JSON or JSONB document, without checking it.
    ///
    /// @return Valid as long as the field.
    [[nodiscard]] virtual std::string_view json(const field_view& field) const = 0;
    /// Reads any type as the closest kind of value; arrays included. A type that gino does not know
    /// is read as its text.
    [[nodiscard]] virtual value any(const field_view& field) const = 0;

protected:
    field_decoder() = default;
    ~field_decoder() = default;
};

}  // namespace gino
