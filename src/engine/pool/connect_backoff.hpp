// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gino::detail {

/// Decides when a pool may try to open a connection, so that a server that is down or starting is
/// not flooded with attempts.
///
/// | state | attempts at once | left by |
/// | --- | --- | --- |
/// | healthy | any number | a failure |
/// | down | one, after a random pause of 0 to 10 ms, 20 ms, ... 5 s | a success |
/// | recovering | 2, then 4, ... | successes, or a failure |
///
/// Thread safety: none; the pool's mutex guards it.
class connect_backoff {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::milliseconds;

    static constexpr duration shortest_ceiling{10};
    static constexpr duration longest_ceiling{5'000};

    /// Numbers the attempts between two failures: failures of attempts that ran at the same time
    /// count once.
    using generation = std::uint32_t;

    [[nodiscard]] bool may_begin(time_point now) const noexcept {
        return under_way_ < at_once_ && now >= next_;
    }

    /// Returns the end of the pause that delays the next attempt; nothing when no pause does.
    [[nodiscard]] std::optional<time_point> pause_ends() const noexcept {
        return failures_ > 0 && under_way_ < at_once_ ? std::optional(next_) : std::nullopt;
    }

    /// Counts an attempt that begins. Each is ended by one of the functions below.
    [[nodiscard]] generation begin() noexcept;
    /// Ends an attempt without a result, such as a cancelled one.
    void abandon() noexcept;
    void succeed() noexcept;
    /// @param random  From 0 to 1: the fraction of the longest pause that is waited.
    void fail(generation attempt, time_point now, double random) noexcept;

private:
    static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

    std::size_t at_once_ = unlimited;
    std::size_t under_way_ = 0;
    std::uint32_t failures_ = 0;
    generation generation_ = 0;
    time_point next_{};
};

}  // namespace gino::detail
