// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gino::detail {

/// Calls a function when a time has come, unless the timer is gone by then.
///
/// Asio's own timer still calls a function that was queued when it was destroyed, and what the
/// function refers to may be gone as well.
///
/// Thread safety: any thread; the destructor waits for a function that runs.
class guarded_timer {
public:
    /// @param ring  Must not destroy the timer.
    guarded_timer(
        const boost::asio::any_io_executor& executor,
        std::chrono::steady_clock::time_point when,
        std::function<void()> ring
    );

    guarded_timer(const guarded_timer&) = delete;
    guarded_timer& operator=(const guarded_timer&) = delete;

    ~guarded_timer();

    [[nodiscard]] bool has_rung() const;

private:
    struct bell;

    std::shared_ptr<bell> bell_;
    boost::asio::steady_timer timer_;
};

}  // namespace gino::detail
