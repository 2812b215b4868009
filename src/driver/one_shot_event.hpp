// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "driver/pending_waiters.hpp"

namespace gino::detail {

/// A coroutine waits, somebody wakes it, once.
///
/// Invariants: the coroutine goes on exactly once, by being posted to its own executor; waking
/// before waiting is not lost; cancelling the wait wakes it. What it was woken for is the business
/// of the one who shares it, who decides under a lock of their own. A coroutine whose context shuts
/// down is destroyed while it waits: whoever has to let go of something then does so in a
/// destructor.
///
/// Thread safety: `notify()` from any thread.
class one_shot_event {
public:
    /// Waits for `notify()`; never throws.
    ///
    /// @param self       Kept until the wait ends.
    /// @param on_cancel  Called when the coroutine is cancelled, instead of `notify()`: for those
    ///                   who have to go on waiting until somebody else has let go.
    [[nodiscard]] static awaitable<void> wait(
        std::shared_ptr<one_shot_event> self, std::function<void()> on_cancel = {}
    );

    void notify();

private:
    /// Returns false when it was notified already.
    [[nodiscard]] bool add(
        boost::asio::any_completion_handler<void()>& handler,
        const boost::asio::any_io_executor& executor
    );

    std::mutex mutex_;
    bool notified_ = false;
    std::shared_ptr<pending_waiters> waits_in_;
    std::optional<pending_waiters::place> place_;
};

}  // namespace gino::detail
