// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/protocol/wire.hpp"

#include <gino/core/error.hpp>

#include <openssl/crypto.h>

namespace gino::postgresql::protocol {

std::uint64_t reader::big_endian(std::size_t size) noexcept {
    std::uint64_t v = 0;
    for (const auto b : bytes(size)) {
        v = v << 8U | std::to_integer<std::uint64_t>(b);
    }
    return v;
}

std::uint8_t reader::byte() noexcept {
    return static_cast<std::uint8_t>(big_endian(1));
}

std::int16_t reader::int16() noexcept {
    return static_cast<std::int16_t>(big_endian(2));
}

std::int32_t reader::int32() noexcept {
    return static_cast<std::int32_t>(big_endian(4));
}

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

std::span<const std::byte> reader::bytes(std::size_t count) noexcept {
    if (count > rest_.size()) {
        bad_ = true;
        rest_ = {};
        return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

void writer::begin(char type) {
    cut(ended_);
    if (type != 0) {
        out_.push_back(static_cast<std::byte>(type));
    }
    length_ = out_.size();
    int32(0);
}

// Before anything is copied: the sum cannot overflow, and takes no memory.
void writer::check_room(std::size_t more) const {
    if (more > longest_message || out_.size() - length_ + more > longest_message) {
        throw argument_error(
            errc::limit_exceeded,
            "a statement with its parameters is longer than the 1 GiB that PostgreSQL takes; "
            "nothing was sent"
        );
    }
}

void writer::end() {
    check_room(0);
    const auto length = static_cast<std::uint32_t>(out_.size() - length_);
    for (std::size_t i = 0; i < 4; ++i) {
        out_[length_ + i] = static_cast<std::byte>(length >> (24 - 8 * i));
    }
    ended_ = out_.size();
}

void writer::set_length(std::size_t at) {
    const std::size_t length = out_.size() - at - 4;
    for (std::size_t i = 0; i < 4; ++i) {
        out_[at + i] = static_cast<std::byte>(length >> (24 - 8 * i));
    }
}

void writer::wipe() {
    out_.resize(out_.capacity());
    OPENSSL_cleanse(out_.data(), out_.size());
    clear();
}

void writer::int16(std::int16_t v) {
    const auto bits = static_cast<std::uint16_t>(v);
    byte(static_cast<std::uint8_t>(bits >> 8U));
    byte(static_cast<std::uint8_t>(bits));
}

void writer::int32(std::int32_t v) {
    const auto bits = static_cast<std::uint32_t>(v);
    for (int shift = 24; shift >= 0; shift -= 8) {
        byte(static_cast<std::uint8_t>(bits >> shift));
    }
}

void writer::int64(std::int64_t v) {
    const auto bits = static_cast<std::uint64_t>(v);
    for (int shift = 56; shift >= 0; shift -= 8) {
        byte(static_cast<std::uint8_t>(bits >> shift));
    }
}

void writer::raw(std::span<const std::byte> bytes) {
    check_room(bytes.size());
    out_.insert(out_.end(), bytes.begin(), bytes.end());
}

void writer::raw(std::string_view text) {
    raw(std::as_bytes(std::span(text)));
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

}  // namespace gino::postgresql::protocol
