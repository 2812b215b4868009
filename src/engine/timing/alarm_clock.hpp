// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gino::detail {

/// Tells the time and rings once. Tests have one that is turned by hand.
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

    /// Calls `ring` at `when`, instead of what was set before.
    virtual void set(time_point when, std::function<void()> ring) = 0;

    /// Does not ring until it is set again.
    virtual void unset() noexcept = 0;

    /// Never rings again: what it rings on is going away.
    virtual void stop() noexcept = 0;
};

/// A clock that rings on `executor`.
[[nodiscard]] std::unique_ptr<alarm_clock> make_alarm_clock(
    const boost::asio::any_io_executor& executor
);

}  // namespace gino::detail
