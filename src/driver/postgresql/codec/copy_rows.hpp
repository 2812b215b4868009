// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/driver/driver.hpp>
#include <gino/types/sql_type.hpp>

#include <span>
#include <string_view>
#include <vector>

#include "driver/postgresql/protocol/wire.hpp"

/// Rows as COPY has them (manual, COPY, "File Formats").
namespace gino::postgresql::codec {

/// What the binary format begins with.
inline constexpr std::string_view copy_signature{"PGCOPY\n\xff\r\n\0", 11};

/// True when one of the types has no binary format that is known here.
[[nodiscard]] bool is_copied_as_text(std::span<const sql_type> types) noexcept;

/// What stands behind the statement.
[[nodiscard]] constexpr std::string_view copy_options(bool as_text) noexcept {
    return as_text ? "" : " WITH (FORMAT binary)";
}

/// Writes rows into CopyData messages that the caller begins and ends: in binary where every type
/// has a binary format that is known here, otherwise as text.
class copy_encoder {
public:
    /// @param types  Of the columns. Must outlive the encoder.
    explicit copy_encoder(std::span<const sql_type> types);

    /// What stands behind the statement.
    [[nodiscard]] std::string_view options() const noexcept { return copy_options(is_text_); }

    /// What stands before the first row.
    void append_header(protocol::writer& to) const;
    /// @throws argument_error  A value cannot be sent as its type, or there are too many or too few
    ///                         of them; the message is not to be ended.
    void append(protocol::writer& to, const std::vector<value>& row) const;
    /// What stands behind the last row.
    void append_trailer(protocol::writer& to) const;

private:
    void append_text(protocol::writer& to, const std::vector<value>& row) const;

    std::span<const sql_type> types_;
    bool is_text_ = false;
};

}  // namespace gino::postgresql::codec
