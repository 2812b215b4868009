// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/protocol/wire.hpp"

#include <gino/core/error.hpp>

#include <openssl/crypto.h>

#include <algorithm>

namespace gino::postgresql::protocol {

namespace {

// The messages of the start-up fit into it. A buffer that grows would leave a copy of a password in
// freed memory, which wipe() does not reach.
constexpr std::size_t first_buffer = 4096;

}  // namespace

std::string_view reader::string() noexcept {
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) {
        bad_ = true;
        rest_ = {};
        return {};
    }
    rest_ = rest_.subspan(end + 1);
    return text.substr(0, end);
}

void writer::begin(char type) {
    // Discards a message that was begun and not ended.
    cut(ended_);
    if (type != 0) {
        byte(static_cast<std::uint8_t>(type));
    }
    // end() replaces the length, which includes itself but not the type.
    length_ = size_;
    int32(0);
}

void writer::end() {
    check_room(0);
    put(out_.data() + length_, static_cast<std::int32_t>(size_ - length_));
    ended_ = size_;
}

void writer::string(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw argument_error(
            errc::bad_value,
            "a text for PostgreSQL has a NUL byte in it, which would end it early; nothing was sent"
        );
    }
    raw(text);
    byte(0);
}

void writer::wipe() noexcept {
    OPENSSL_cleanse(out_.data(), out_.size());
    clear();
}

// Doubles the memory, so that each byte is moved a constant number of times on average.
void writer::grow(std::size_t count) {
    out_.resize(std::max({first_buffer, 2 * out_.size(), size_ + count}));
}

void writer::throw_too_long() {
    throw argument_error(
        errc::limit_exceeded,
        "a statement with its parameters is longer than the 1 GiB that PostgreSQL takes; "
        "nothing was sent"
    );
}

}  // namespace gino::postgresql::protocol
