// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_completion_handler.hpp>

#include <functional>
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
    /// Waits for `notify()`; never throws.
    ///
    /// @param self       Kept until the wait ends.
    /// @param on_cancel  Called when the coroutine is cancelled, instead of `notify()`: for those
    ///                   who have to go on waiting until somebody else has let go.
    [[nodiscard]] static awaitable<void> wait(
        std::shared_ptr<one_shot> self, std::function<void()> on_cancel = {}
    );

    void notify();

private:
    std::mutex mutex_;
    bool notified_ = false;
    boost::asio::any_io_executor executor_;  // of the handler
    std::optional<boost::asio::any_completion_handler<void()>> handler_;
};

}  // namespace gino::detail
