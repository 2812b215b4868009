// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/endian/conversion.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The data types of PostgreSQL's protocol 3 (manual, 55.6): integers are big-endian, strings end
/// with a NUL.
namespace gino::postgresql::protocol {

/// The length of the longest message that the server accepts, and that is sent.
inline constexpr std::size_t longest_message = 0x3fffffff;

/// Reads the fields of a message. A read past the end returns zero or an empty text and sets
/// `is_bad()`: the caller checks once, after the last field. Never reads outside the message.
class reader {
public:
    explicit reader(std::span<const std::byte> bytes) noexcept : rest_(bytes) {}

    template <class Integer>
    [[nodiscard]] Integer number() noexcept {
        const auto taken = bytes(sizeof(Integer));
        if (taken.empty()) {
            return 0;
        }
        return boost::endian::endian_load<Integer, sizeof(Integer), boost::endian::order::big>(
            reinterpret_cast<const unsigned char*>(taken.data())
        );
    }

    [[nodiscard]] std::uint8_t byte() noexcept { return number<std::uint8_t>(); }

    [[nodiscard]] std::int16_t int16() noexcept { return number<std::int16_t>(); }

    [[nodiscard]] std::int32_t int32() noexcept { return number<std::int32_t>(); }

    /// Returns the text up to the next NUL; a view of the message.
    [[nodiscard]] std::string_view string() noexcept;

    [[nodiscard]] std::span<const std::byte> bytes(std::size_t count) noexcept {
        if (count > rest_.size()) {
            bad_ = true;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    [[nodiscard]] std::span<const std::byte> rest() const noexcept { return rest_; }

    [[nodiscard]] bool is_bad() const noexcept { return bad_; }

    /// True when the message was read exactly to its end.
    [[nodiscard]] bool is_done() const noexcept { return !bad_ && rest_.empty(); }

private:
    std::span<const std::byte> rest_;
    bool bad_ = false;
};

/// Writes messages one after the other.
///
/// Security: lengths are computed in `std::size_t` and checked before a message is ended. A length
/// that overflows 32 bits would make the server read a part of a value as the next message
/// (CVE-2024-27304).
///
/// Invariants: `messages()` has complete messages only. A message that was begun and not ended,
/// because a value in it cannot be encoded, is discarded when the next one begins.
class writer {
public:
    writer() = default;
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer() = default;

    /// Begins a message. `type` 0: a message without a type, for the start-up.
    void begin(char type);
    /// Ends the message: sets its length.
    ///
    /// @throws argument_error  `errc::limit_exceeded`: it is too long.
    void end();

    void byte(std::uint8_t v) { number(v); }

    void int16(std::int16_t v) { number(v); }

    void int32(std::int32_t v) { number(v); }

    void int64(std::int64_t v) { number(v); }

    /// @throws argument_error  `errc::limit_exceeded`: the message would be too long.
    void raw(std::span<const std::byte> bytes) {
        check_room(bytes.size());
        if (!bytes.empty()) {
            std::memcpy(extend(bytes.size()), bytes.data(), bytes.size());
        }
    }

    void raw(std::string_view text) { raw(std::as_bytes(std::span(text))); }

    /// @throws argument_error  `errc::bad_value`: the text has a NUL, which would end it early.
    void string(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Discards all bytes after the first `size`. REQUIRES: a message ends there.
    void cut(std::size_t size) noexcept { size_ = ended_ = size; }

    /// Sets the int32 at `at` to the number of bytes that were written after it. REQUIRES: an
    /// int32 was written there.
    void set_length(std::size_t at) noexcept {
        put(out_.data() + at, static_cast<std::int32_t>(size_ - at - sizeof(std::int32_t)));
    }

    /// Returns the messages that were ended. Valid until something is written.
    [[nodiscard]] std::span<const std::byte> messages() const noexcept {
        return std::span(out_).first(ended_);
    }

    void clear() noexcept { cut(0); }

    /// As clear(), and overwrites the memory, which may have a password.
    void wipe() noexcept;

    /// Frees a buffer of more than `most` bytes, if it is empty.
    void trim(std::size_t most) noexcept {
        if (size_ == 0 && out_.size() > most) {
            std::vector<std::byte>().swap(out_);
        }
    }

private:
    template <class Integer>
    static void put(std::byte* to, Integer v) noexcept {
        boost::endian::endian_store<Integer, sizeof v, boost::endian::order::big>(
            reinterpret_cast<unsigned char*>(to), v
        );
    }

    template <class Integer>
    void number(Integer v) {
        put(extend(sizeof v), v);
    }

    /// Adds `count` bytes to the message and returns the place where they have to be written.
    [[nodiscard]] std::byte* extend(std::size_t count) {
        if (count > out_.size() - size_) {
            grow(count);
        }
        std::byte* const at = out_.data() + size_;
        size_ += count;
        return at;
    }

    // Called before bytes are copied: a text of gigabytes is refused before memory is allocated for
    // it. The first comparison keeps the sum from overflowing.
    void check_room(std::size_t more) const {
        if (more > longest_message || size_ - length_ + more > longest_message) {
            throw_too_long();
        }
    }

    void grow(std::size_t count);
    [[noreturn]] static void throw_too_long();

    std::vector<std::byte> out_;  // sized ahead, so that writing a number is a single store
    std::size_t size_ = 0;        // the bytes of out_ that were written
    std::size_t ended_ = 0;       // the end of the last complete message
    std::size_t length_ = 0;      // the place of the present message's length
};

}  // namespace gino::postgresql::protocol
