// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gino::detail {

/// A timer that calls a function at a point in time, unless the timer is destroyed before.
///
/// Asio's own timer calls a handler that is queued when the timer is destroyed, and then the
/// objects that the handler refers to may be destroyed as well.
///
/// Thread safety: any thread; the destructor waits while the function runs.
class guarded_timer {
public:
    /// @param ring  Must neither destroy the timer nor call `has_rung()`: it runs under the mutex
    ///              that both take. The objects that it refers to must outlive the timer.
    guarded_timer(
        const boost::asio::any_io_executor& executor,
        std::chrono::steady_clock::time_point when,
        std::function<void()> ring
    );

    guarded_timer(const guarded_timer&) = delete;
    guarded_timer& operator=(const guarded_timer&) = delete;

    ~guarded_timer();

    /// True when the function has been called.
    [[nodiscard]] bool has_rung() const;

private:
    /// The state that the queued handler shares, which therefore may outlive the timer.
    struct bell;

    std::shared_ptr<bell> bell_;
    boost::asio::steady_timer timer_;
};

}  // namespace gino::detail
