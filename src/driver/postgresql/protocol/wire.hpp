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

/// Bytes as PostgreSQL's protocol 3 has them (manual, 55.6): big-endian, strings end with a NUL.
namespace gino::postgresql::protocol {

/// The longest message that the server takes, and the longest that we send.
inline constexpr std::size_t longest_message = 0x3fffffff;

/// Reads a message. Reading past its end marks it as bad and gives zeroes: the caller asks once, at
/// the end.
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

    /// The text up to the next NUL; valid as long as the message.
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

    /// True when everything was read, and nothing past it.
    [[nodiscard]] bool is_done() const noexcept { return !bad_ && rest_.empty(); }

private:
    std::span<const std::byte> rest_;
    bool bad_ = false;
};

/// Writes messages one behind the other.
///
/// Lengths are computed in `std::size_t` and checked before the message is kept (CVE-2024-27304 and
/// its siblings). A message that was begun and not ended, because something in it cannot be sent,
/// is forgotten when the next one begins.
class writer {
public:
    writer() = default;
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer() = default;

    /// Begins a message. `type` 0: a startup message, which has none.
    void begin(char type);
    /// Ends it.
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

    /// @throws argument_error  `errc::bad_value`: there is a NUL in it.
    void string(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Forgets what was written behind the first `size` bytes: whole messages.
    void cut(std::size_t size) noexcept { size_ = ended_ = size; }

    /// Writes a length in front of what was written since `at`, where int32() left room for it.
    void set_length(std::size_t at) noexcept {
        put(out_.data() + at, static_cast<std::int32_t>(size_ - at - sizeof(std::int32_t)));
    }

    /// The messages that were ended.
    [[nodiscard]] std::span<const std::byte> messages() const noexcept {
        return std::span(out_).first(ended_);
    }

    void clear() noexcept { cut(0); }

    /// As clear(); what was written, a password perhaps, does not stay in memory.
    void wipe() noexcept;

    /// Lets go of its memory if that is more than so many bytes, and nothing is in it.
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

    /// Returns where so many bytes, which now belong to the message, are to be written.
    [[nodiscard]] std::byte* extend(std::size_t count) {
        if (count > out_.size() - size_) {
            grow(count);
        }
        std::byte* const at = out_.data() + size_;
        size_ += count;
        return at;
    }

    // Before anything is copied: the sum cannot overflow, and takes no memory.
    void check_room(std::size_t more) const {
        if (more > longest_message || size_ - length_ + more > longest_message) {
            throw_too_long();
        }
    }

    void grow(std::size_t count);
    [[noreturn]] static void throw_too_long();

    std::vector<std::byte> out_;  // all of its memory, so that writing a number is a store
    std::size_t size_ = 0;        // of what was written into it
    std::size_t ended_ = 0;       // where the last whole message ends
    std::size_t length_ = 0;      // where the length of the present one stands
};

}  // namespace gino::postgresql::protocol
