// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/text.hpp"

#include <gino/core/error.hpp>

#include <string>

#include "driver/postgresql/codec/encode.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "types/text_value.hpp"

namespace gino::postgresql::codec {

void text_rows::make_binary(
    std::span<driver::field_slice> fields, std::span<const column_description> columns
) {
    made_.clear();
    ends_.clear();
    made_.begin('D');
    const std::size_t first = made_.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].data != nullptr) {
            const std::string_view text(
                reinterpret_cast<const char*>(fields[i].data), fields[i].size
            );
            const sql_type type = type_of(columns[i].type_id);
            const auto read = gino::detail::value_in_text(text, type);
            if (!read) {
                throw data_error(
                    errc::bad_value,
                    "the server sent a malformed " + std::string(to_string(columns[i].kind)) +
                        " for column \"" + columns[i].name + "\"",
                    {.column = columns[i].name}
                );
            }
            append_parameter(made_, *read, type);
        }
        ends_.push_back(made_.size());
    }
    made_.end();
    const auto bytes = made_.messages();
    constexpr std::size_t length = 4;
    std::size_t begin = first;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].data != nullptr) {
            const auto one = bytes.subspan(begin, ends_[i] - begin).subspan(length);
            fields[i] = {.data = one.data(), .size = one.size()};
        }
        begin = ends_[i];
    }
}

}  // namespace gino::postgresql::codec
