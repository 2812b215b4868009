// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
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

    [[nodiscard]] std::uint8_t byte() noexcept;
    [[nodiscard]] std::int16_t int16() noexcept;
    [[nodiscard]] std::int32_t int32() noexcept;
    /// The text up to the next NUL; valid as long as the message.
    [[nodiscard]] std::string_view string() noexcept;
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t count) noexcept;

    [[nodiscard]] std::span<const std::byte> rest() const noexcept { return rest_; }

    [[nodiscard]] bool is_bad() const noexcept { return bad_; }

    /// True when everything was read, and nothing past it.
    [[nodiscard]] bool is_done() const noexcept { return !bad_ && rest_.empty(); }

private:
    [[nodiscard]] std::uint64_t big_endian(std::size_t size) noexcept;

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
    /// Begins a message. `type` 0: a startup message, which has none.
    void begin(char type);
    /// Ends it.
    ///
    /// @throws argument_error  `errc::limit_exceeded`: it is too long.
    void end();

    void byte(std::uint8_t v) { out_.push_back(static_cast<std::byte>(v)); }

    void int16(std::int16_t v);
    void int32(std::int32_t v);
    void int64(std::int64_t v);
    /// @throws argument_error  `errc::limit_exceeded`: the message would be too long.
    void raw(std::span<const std::byte> bytes);
    void raw(std::string_view text);
    /// @throws argument_error  `errc::bad_value`: there is a NUL in it.
    void string(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }

    /// Forgets what was written behind the first `size` bytes: whole messages.
    void cut(std::size_t size) { out_.resize(ended_ = size); }

    /// Writes a length in front of what was written since `at`, where int32() left room for it.
    void set_length(std::size_t at);

    /// The messages that were ended.
    [[nodiscard]] std::span<const std::byte> messages() const noexcept {
        return std::span(out_).first(ended_);
    }

    void clear() noexcept { cut(0); }

    /// As clear(); what was written, a password perhaps, does not stay in memory.
    void wipe();

    /// Lets go of its memory if that is more than so many bytes, and nothing is in it.
    void trim(std::size_t most) noexcept {
        if (out_.empty() && out_.capacity() > most) {
            std::vector<std::byte>().swap(out_);
        }
    }

private:
    void check_room(std::size_t more) const;

    std::vector<std::byte> out_;
    std::size_t ended_ = 0;   // where the last whole message ends
    std::size_t length_ = 0;  // where the length of the present one stands
};

}  // namespace gino::postgresql::protocol
