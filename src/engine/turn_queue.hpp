// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/intrusive/list.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "driver/one_shot.hpp"
#include "engine/deadline_queue.hpp"

namespace gino::detail {

/// Lets coroutines use something one at a time, first come, first served.
///
/// Invariants, under the mutex:
/// - there is at most one `turn` that is not empty;
/// - somebody waits only while `is_taken_`: who ends a turn passes it to the first that waits, and
///   that is decided there and then;
/// - a turn that was passed to a coroutine that is cancelled or destroyed before it goes on is
///   passed on.
///
/// Thread safety: any thread.
class turn_queue {
public:
    /// The right to go on; ended by the destructor. Lifetime: the queue must outlive it.
    class turn {
    public:
        turn() = default;

        explicit turn(turn_queue& of) noexcept : of_(&of) {}

        turn(turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}

        turn& operator=(turn&& other) noexcept {
            if (this != &other) {
                end();
                of_ = std::exchange(other.of_, nullptr);
            }
            return *this;
        }

        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;

        ~turn() { end(); }

        explicit operator bool() const noexcept { return of_ != nullptr; }

        void end() noexcept {
            if (of_ != nullptr) {
                std::exchange(of_, nullptr)->pass_on();
            }
        }

    private:
        turn_queue* of_ = nullptr;
    };

    turn_queue() = default;
    turn_queue(const turn_queue&) = delete;
    turn_queue& operator=(const turn_queue&) = delete;
    ~turn_queue() = default;

    /// Returns a turn if nobody has one, otherwise an empty one.
    [[nodiscard]] turn try_take() noexcept;

    /// Waits for a turn.
    ///
    /// @param until  Nothing: waits as long as it takes.
    /// @return Empty when the time was over first.
    /// @throws error  `errc::cancelled`.
    ///
    /// Cancellation: total.
    [[nodiscard]] awaitable<turn> take(
        std::shared_ptr<deadline_queue> deadlines, std::optional<deadline::time_point> until
    );

private:
    struct waiter : boost::intrusive::list_base_hook<> {
        explicit waiter(turn_queue& q) noexcept : of(q) {}

        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        ~waiter() { of.leave(*this); }

        turn_queue& of;
        std::shared_ptr<one_shot> wake;
        bool has_turn = false;
        bool timed_out = false;
    };

    [[nodiscard]] bool line_up(waiter& me);
    void leave(waiter& me) noexcept;
    void pass_on() noexcept;

    std::mutex mutex_;
    bool is_taken_ = false;
    boost::intrusive::list<waiter> waiters_;
};

}  // namespace gino::detail
