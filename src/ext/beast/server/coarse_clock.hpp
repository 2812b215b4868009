// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/application_options.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace gino::ext::detail {

/// A clock that advances once per sweep. Reading it costs one load of an atomic, and it is
/// exact enough for time limits.
///
/// Thread safety: `tick()` is for the sweep alone, everything else for any thread.
class coarse_clock {
public:
    using duration = application_options::duration;

    /// A moment on this clock, in nanoseconds.
    using moment = std::int64_t;

    static constexpr moment never = INT64_MAX;

    explicit coarse_clock(const application_options& options)
        : function_(options.clock()), slack_(options.sweep_interval()) {
        tick();
    }

    /// Sets this clock to the real clocks. Relaxed order is enough: each value is used alone.
    void tick() {
        now_.store(function_().time_since_epoch().count(), std::memory_order_relaxed);
        ticks_.fetch_add(1, std::memory_order_relaxed);
        const auto date = std::chrono::system_clock::now().time_since_epoch();
        second_.store(
            std::chrono::duration_cast<std::chrono::seconds>(date).count(),
            std::memory_order_relaxed
        );
    }

    [[nodiscard]] moment now() const noexcept { return now_.load(std::memory_order_relaxed); }

    /// Returns the moment at which `time` has passed for certain: an interval is added, because
    /// this clock may be that much behind.
    [[nodiscard]] moment after(duration time) const noexcept {
        return now() + std::chrono::nanoseconds(time + slack_).count();
    }

    /// Returns the number of sweeps; never 0.
    [[nodiscard]] std::uint64_t ticks() const noexcept {
        return ticks_.load(std::memory_order_relaxed);
    }

    /// Returns the time of day in seconds since 1970, UTC.
    [[nodiscard]] std::int64_t second() const noexcept {
        return second_.load(std::memory_order_relaxed);
    }

private:
    const application_options::clock_function& function_;
    duration slack_;
    std::atomic<moment> now_ = 0;
    std::atomic<std::uint64_t> ticks_ = 0;
    std::atomic<std::int64_t> second_ = 0;
};

}  // namespace gino::ext::detail
