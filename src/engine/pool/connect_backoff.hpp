// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gino::detail {

/// Decides when a pool may try to open a connection, so that a server that is down, or starts, is
/// not run over.
///
/// | state | attempts at once | leaves it by |
/// | --- | --- | --- |
/// | healthy | any number | a failure |
/// | down | one, behind a pause of 0 to 10 ms, 20 ms, ... 5 s at random | a success |
/// | recovering | 2, then 4, ... | successes, or a failure |
///
/// Thread safety: none; the pool's mutex guards it.
class connect_backoff {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::milliseconds;

    static constexpr duration shortest_ceiling{10};
    static constexpr duration longest_ceiling{5'000};

    /// Failures of attempts that were made at the same time count once.
    using generation = std::uint32_t;

    [[nodiscard]] bool may_begin(time_point now) const noexcept {
        return under_way_ < at_once_ && now >= next_;
    }

    /// When the pause ends that keeps the next attempt back; nothing: it is not a pause that does.
    [[nodiscard]] std::optional<time_point> pause_ends() const noexcept {
        return failures_ > 0 && under_way_ < at_once_ ? std::optional(next_) : std::nullopt;
    }

    [[nodiscard]] generation begin() noexcept;
    /// The attempt was given up for a reason of its own.
    void abandon() noexcept;
    void succeed() noexcept;
    /// @param random  From 0 to 1; the share of the longest pause that is waited.
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
