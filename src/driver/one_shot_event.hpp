// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "driver/pending_waiters.hpp"

namespace gino::detail {

/// An event that one coroutine waits for and that happens once.
///
/// Invariants: the coroutine is resumed exactly once, by being posted to its own executor; a
/// `notify()` before the wait is not lost; a cancellation of the wait resumes the coroutine. The
/// event does not carry its reason: the owners keep that under a lock of their own. When the
/// coroutine's context shuts down, the coroutine is destroyed while it waits; a destructor has to
/// release its resources then.
///
/// Thread safety: `notify()` from any thread. Lock order: the event's mutex, then that of
/// `pending_waiters`.
class one_shot_event {
public:
    /// Waits for `notify()`; never throws.
    ///
    /// @param self       Kept until the wait ends.
    /// @param on_cancel  Called instead of `notify()` when the coroutine is cancelled: for a
    ///                   coroutine that has to keep waiting until another one has released a
    ///                   resource.
    [[nodiscard]] static awaitable<void> wait(
        std::shared_ptr<one_shot_event> self, std::function<void()> on_cancel = {}
    );

    /// Resumes the coroutine, now or as soon as it waits. Further calls do nothing.
    void notify();

private:
    /// Registers the waiting coroutine. Returns false, and leaves the handler, when the event has
    /// happened already.
    [[nodiscard]] bool add(
        boost::asio::any_completion_handler<void()>& handler,
        const boost::asio::any_io_executor& executor
    );

    std::mutex mutex_;
    bool notified_ = false;
    std::shared_ptr<pending_waiters> waits_in_;
    std::optional<pending_waiters::place> place_;  ///< Of the coroutine, while it waits.
};

}  // namespace gino::detail
