// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A row that COPY sends as text is exactly one line, whatever the values are.

#include <gino/core/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "driver/postgresql/codec/copy_rows.hpp"
#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gino;
    // A type without a binary format makes the whole row text.
    static constexpr sql_type types[] = {
        {.kind = type_kind::text}, {.kind = type_kind::named, .name = "hstore"}};
    const auto text = fuzz::text_of(data, size);
    const std::vector<value> row{
        value(std::string(text.substr(0, size / 2))), value(std::string(text.substr(size / 2)))};
    postgresql::protocol::writer to;
    to.begin('d');
    try {
        postgresql::codec::copy_encoder(types).append(to, row);
    } catch (const argument_error&) {
        return 0;  // the text contains a NUL
    }
    to.end();
    constexpr std::size_t head = 5;
    const auto message = to.messages().subspan(head);
    const std::string_view line(reinterpret_cast<const char*>(message.data()), message.size());
    if (std::ranges::count(line, '\n') != 1 || line.back() != '\n' ||
        std::ranges::count(line, '\t') != 1) {
        std::abort();
    }
    return 0;
}
