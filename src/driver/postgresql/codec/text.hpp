// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/driver/driver.hpp>
#include <gino/types/field.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "driver/postgresql/protocol/wire.hpp"

/// Values as the server's output functions write them, which is how the simple protocol sends them
/// (manual, 8.5.2, 8.15.2, 8.17.5). DateStyle is ISO.
namespace gino::postgresql::codec {

/// Reads a value of a type. A type that is not known here comes as its text.
///
/// @return Nothing: that is no text of the type.
[[nodiscard]] std::optional<value> read_text(std::string_view text, std::uint32_t type);

/// Makes rows that came as text into rows as `decoder()` reads them.
class text_rows {
public:
    /// @param fields   Replaced; valid until the next call.
    /// @param columns  With the type_id of `sent_type_of()`.
    /// @throws data_error  `errc::bad_value`: a text is malformed; names the column.
    void make_binary(
        std::span<driver::field_slice> fields, std::span<const column_description> columns
    );

private:
    protocol::writer made_;
    std::vector<std::size_t> ends_;
};

}  // namespace gino::postgresql::codec
