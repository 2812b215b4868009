// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Scanning hand-written SQL for parameters loses no text: the pieces, in order, are the text
/// without the colon before each parameter and the backslash before each escaped colon.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialect/text_scanner.hpp"

namespace {

/// A checker that matches the pieces of a text with the text, from beginning to end.
class reader {
public:
    explicit reader(std::string_view sql) : rest_(sql) {}

    void plain(std::string_view piece) {
        if (piece.data() != rest_.data()) {
            skip('\\');
        }
        read(piece);
    }

    void parameter(std::string_view name) {
        skip(':');
        read(name);
    }

    void end() const { require(rest_.empty()); }

private:
    static void require(bool is_right) {
        if (!is_right) {
            std::abort();
        }
    }

    void skip(char mark) {
        require(rest_.starts_with(mark));
        rest_.remove_prefix(1);
    }

    void read(std::string_view piece) {
        require(piece.data() == rest_.data() && piece.size() <= rest_.size());
        rest_.remove_prefix(piece.size());
    }

    std::string_view rest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view sql(reinterpret_cast<const char*>(data), size);
    reader follow(sql);
    gino::detail::scan_text(
        sql,
        {.plain = [&](std::string_view piece) { follow.plain(piece); },
         .parameter = [&](std::string_view name) { follow.parameter(name); }}
    );
    follow.end();
    return 0;
}
