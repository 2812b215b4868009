// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/driver/driver.hpp>
#include <gino/types/sql_type.hpp>

#include <span>
#include <string_view>
#include <vector>

#include "driver/postgresql/protocol/wire.hpp"

/// The formats of COPY (manual, COPY, "File Formats").
namespace gino::postgresql::codec {

/// The first bytes of the binary format. The last ones show that a transfer has changed line ends,
/// or removed the eighth bit or NULs.
inline constexpr std::string_view copy_signature{"PGCOPY\n\xff\r\n\0", 11};

/// True when gino does not know the binary format of one of the types. A COPY has one format for
/// all columns.
[[nodiscard]] bool is_copied_as_text(std::span<const sql_type> types) noexcept;

/// Returns the options that follow the statement.
[[nodiscard]] constexpr std::string_view copy_options(bool as_text) noexcept {
    return as_text ? "" : " WITH (FORMAT binary)";
}

/// Writes rows into CopyData messages, which the caller begins and ends. The format is binary if
/// gino knows the binary format of every type, otherwise text.
class copy_encoder {
public:
    /// @param types  Of the columns. Must outlive the encoder.
    explicit copy_encoder(std::span<const sql_type> types);

    /// Returns the options that follow the statement.
    [[nodiscard]] std::string_view options() const noexcept { return copy_options(is_text_); }

    /// Writes the bytes before the first row.
    void append_header(protocol::writer& to) const;
    /// Writes a row.
    ///
    /// @throws argument_error  A value cannot be sent as its type, or the row has too many or too
    ///                         few values. The message has a part of the row: do not end it.
    void append(protocol::writer& to, const std::vector<value>& row) const;
    /// Writes the bytes after the last row.
    void append_trailer(protocol::writer& to) const;

private:
    void append_text(protocol::writer& to, const std::vector<value>& row) const;

    std::span<const sql_type> types_;
    bool is_text_ = false;
};

}  // namespace gino::postgresql::codec
