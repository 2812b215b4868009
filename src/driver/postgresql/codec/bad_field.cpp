// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/bad_field.hpp"

#include <gino/core/error.hpp>

#include <string>

namespace gino::postgresql::codec {

void throw_malformed(const column_description& column) {
    throw data_error(
        errc::bad_value,
        "the server sent a malformed " + std::string(to_string(column.kind)) + " for column \"" +
            column.name + "\"",
        {.column = column.name}
    );
}

void throw_late_timestamp(const column_description& column) {
    throw data_error(
        errc::bad_value,
        "column \"" + column.name + "\" has a " + std::string(to_string(column.kind)) +
            " out of range: gino's end in January 294247",
        {.column = column.name}
    );
}

}  // namespace gino::postgresql::codec
