// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_completion_handler.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace gino::detail {

/// A coroutine waits, somebody wakes it, once.
///
/// Invariants: the handler is completed exactly once, by being posted to its own executor; waking
/// before waiting is not lost; cancelling the wait wakes it. What it was woken for is the business
/// of the one who shares it, who decides under a lock of their own.
///
/// Thread safety: `notify()` from any thread.
class one_shot {
public:
    /// Waits for `notify()` or for the cancellation of the coroutine; never throws.
    ///
    /// Lifetime: `self` is kept until the wait ends.
    [[nodiscard]] static awaitable<void> wait(std::shared_ptr<one_shot> self);

    void notify();

private:
    std::mutex mutex_;
    bool notified_ = false;
    boost::asio::any_io_executor executor_;  // of the handler
    std::optional<boost::asio::any_completion_handler<void()>> handler_;
};

}  // namespace gino::detail
