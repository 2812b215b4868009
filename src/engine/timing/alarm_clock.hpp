// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gino::detail {

/// A clock with one alarm. Tests have an implementation whose time they set.
///
/// Thread safety: `now()` from any thread; the rest by one thread at a time.
class alarm_clock {
public:
    using time_point = std::chrono::steady_clock::time_point;

    alarm_clock() = default;
    alarm_clock(const alarm_clock&) = delete;
    alarm_clock& operator=(const alarm_clock&) = delete;
    virtual ~alarm_clock() = default;

    [[nodiscard]] virtual time_point now() const noexcept = 0;

    /// Sets the alarm: `ring` is called at `when`. Replaces an alarm that was set before.
    virtual void set(time_point when, std::function<void()> ring) = 0;

    /// Removes the alarm.
    virtual void unset() noexcept = 0;

    /// Removes the alarm for good: the executor's context is being destroyed.
    virtual void stop() noexcept = 0;
};

/// Returns a clock with the real time, which rings on `executor`.
[[nodiscard]] std::unique_ptr<alarm_clock> make_alarm_clock(
    const boost::asio::any_io_executor& executor
);

}  // namespace gino::detail
