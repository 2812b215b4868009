// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/types/field.hpp>

#include <cstddef>
#include <span>
#include <vector>

#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

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
