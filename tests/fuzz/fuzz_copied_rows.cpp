// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The data of COPY ... TO STDOUT is decoded or refused, in both formats, and the result does not
/// depend on the pieces in which the data arrives.

#include <gino/core/error.hpp>

#include <cstdlib>
#include <string>
#include <vector>

#include "driver/postgresql/codec/copy_decoder.hpp"
#include "fuzz/round_trip.hpp"

namespace {

using namespace gino;

/// A sink that writes the rows it receives into a text.
class transcript final : public driver::row_sink {
public:
    std::string text;

private:
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const driver::field_slice> fields) override {
        for (const auto& one : fields) {
            text += std::to_string(one.size) + ":";
            if (one.data != nullptr) {
                text.append(reinterpret_cast<const char*>(one.data), one.size);
            }
        }
        text += "|";
    }
};

std::string read(std::span<const std::byte> bytes, bool as_text, std::size_t piece) {
    static constexpr sql_type binary[] = {{.kind = type_kind::bigint}, {.kind = type_kind::text}};
    static constexpr sql_type text[] = {
        {.kind = type_kind::bigint}, {.kind = type_kind::named, .name = "hstore"}};
    static const std::vector<std::string> names{"a", "b"};
    transcript seen;
    postgresql::codec::copy_decoder rows(
        as_text ? std::span<const sql_type>(text) : std::span<const sql_type>(binary), names, seen
    );
    try {
        for (; !bytes.empty(); bytes = bytes.subspan(std::min(piece, bytes.size()))) {
            rows.read(bytes.first(std::min(piece, bytes.size())));
        }
        rows.end();
    } catch (const error&) {
        seen.text += "refused";
    }
    return seen.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const auto bytes = std::as_bytes(std::span(data, size)).subspan(2);
    const bool as_text = data[0] % 2 == 0;
    const std::size_t piece = 1 + data[1] % 64;
    if (read(bytes, as_text, bytes.size() + 1) != read(bytes, as_text, piece)) {
        std::abort();
    }
    return 0;
}
