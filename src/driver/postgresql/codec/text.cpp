// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/text.hpp"

#include <gino/core/date_time.hpp>

#include <chrono>
#include <optional>
#include <string_view>

#include "driver/postgresql/codec/bad_field.hpp"
#include "driver/postgresql/codec/encode.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "types/text_value.hpp"

namespace gino::postgresql::codec {

namespace {

// Throws the error of a malformed text. A timestamp that is only too late for gino has an error of
// its own, because it is valid in PostgreSQL.
[[noreturn]] void throw_bad(std::string_view text, const column_description& column) {
    const bool is_point =
        column.kind == type_kind::timestamp || column.kind == type_kind::timestamptz;
    const auto day = is_point ? parse_date(text.substr(0, text.find(' '))) : std::nullopt;
    if (day && *day >= std::chrono::floor<std::chrono::days>(timestamp::max())) {
        throw_late_timestamp(column);
    }
    throw_malformed(column);
}

}  // namespace

void text_rows::make_binary(
    std::span<driver::field_slice> fields, std::span<const column_description> columns
) {
    made_.clear();
    ends_.clear();
    // The values are written as parameters into the body of a message, which is not sent; its type
    // does not matter. The writer's memory is reused for each row.
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
                throw_bad(text, columns[i]);
            }
            append_parameter(made_, *read, type);
        }
        ends_.push_back(made_.size());
    }
    made_.end();
    // The views are set after the last value: the buffer may have moved when it grew.
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
