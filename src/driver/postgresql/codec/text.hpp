// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/types/field.hpp>

#include <cstddef>
#include <span>
#include <vector>

#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

/// Converts rows in the text format to the binary format, so that there is one decoder only
/// (docs/decisions/0021).
class text_rows {
public:
    /// @param fields   Replaced by views of this object's buffer, valid until the next call.
    /// @param columns  Their type_id is the one that `sent_type_of()` returns.
    /// @throws data_error  `errc::bad_value`: a text is malformed; names the column.
    void make_binary(
        std::span<driver::field_slice> fields, std::span<const column_description> columns
    );

private:
    protocol::writer made_;
    std::vector<std::size_t> ends_;  // of each field, in made_
};

}  // namespace gino::postgresql::codec
