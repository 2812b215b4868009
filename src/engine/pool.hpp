// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/hooks.hpp>
#include <gino/engine/pool_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <source_location>
#include <unordered_set>
#include <vector>

#include "driver/one_shot.hpp"
#include "engine/deadline_queue.hpp"

namespace gino::detail {

/// An open connection with what the pool knows of it.
struct pooled {
    std::unique_ptr<driver::connection> raw;
    std::chrono::steady_clock::time_point expires;  ///< Its lifetime ends.
    std::chrono::steady_clock::time_point last_used;
    std::chrono::steady_clock::time_point borrowed;
    std::source_location borrowed_at;
};

/// A bounded set of open connections.
///
/// Invariants, under the mutex:
/// - `total_` counts connections that are idle, borrowed, being opened, reset or closed; it never
///   exceeds the maximum;
/// - nobody waits while there is an idle connection or room for another one: whoever gives back a
///   connection, or the room of one, hands it to the first that waits;
/// - a connection belongs to exactly one of: `idle_`, a waiter that it was handed to, a borrower, a
///   coroutine that resets or closes it.
/// Connections are opened, reset, closed and destroyed outside of the mutex.
///
/// Thread safety: any thread.
class pool : public std::enable_shared_from_this<pool> {
public:
    using clock = std::chrono::steady_clock;

    /// @param hooks  Must outlive the pool.
    pool(
        boost::asio::any_io_executor executor,
        std::unique_ptr<driver::driver> opener,
        const pool_options& options,
        const engine_hooks& hooks
    );

    /// Opens `min_size` connections.
    [[nodiscard]] awaitable<void> open();

    /// Borrows a connection.
    ///
    /// @param timeout  Zero: the pool's acquire_timeout.
    [[nodiscard]] awaitable<std::unique_ptr<pooled>> acquire(
        std::chrono::milliseconds timeout, std::source_location where
    );

    /// Resets a connection and takes it back. Does not throw.
    [[nodiscard]] static awaitable<void> give_back(
        std::shared_ptr<pool> self, std::unique_ptr<pooled> returned
    );

    /// As give_back(), without waiting: for destructors.
    static void give_back_later(
        const std::shared_ptr<pool>& self, std::unique_ptr<pooled> returned
    ) noexcept;

    [[nodiscard]] awaitable<void> close();

    [[nodiscard]] bool is_closed() const;
    [[nodiscard]] pool_statistics statistics() const;

    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept {
        return executor_;
    }

    [[nodiscard]] const std::shared_ptr<deadline_queue>& deadlines() const noexcept {
        return deadlines_;
    }

    [[nodiscard]] std::string description() const { return opener_->description(); }

    [[nodiscard]] std::chrono::milliseconds acquire_timeout() const noexcept {
        return options_.acquire_timeout;
    }

private:
    enum class outcome : std::uint8_t { waiting, granted, timed_out, closed };

    struct waiter {
        std::shared_ptr<one_shot> wake = std::make_shared<one_shot>();
        outcome state = outcome::waiting;
        std::unique_ptr<pooled> handed;  ///< Null when granted: room to open one.
    };

    [[nodiscard]] std::unique_ptr<pooled> take_idle();
    [[nodiscard]] bool is_usable(pooled& candidate) const;
    [[nodiscard]] awaitable<std::unique_ptr<pooled>> open_one();
    [[nodiscard]] awaitable<std::unique_ptr<pooled>> wait_in_line(
        std::shared_ptr<waiter> me, std::chrono::milliseconds timeout
    );
    void give_up_room();
    void store(std::unique_ptr<pooled> clean);
    void discard(std::unique_ptr<pooled> broken);
    void report_leak(const pooled& returned) const;
    void notify_closers();
    [[noreturn]] void throw_timeout(std::chrono::milliseconds waited) const;

    boost::asio::any_io_executor executor_;
    std::unique_ptr<driver::driver> opener_;
    pool_options options_;
    const engine_hooks& hooks_;
    std::shared_ptr<deadline_queue> deadlines_;

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<pooled>> idle_;  // the most recently used last
    std::deque<std::shared_ptr<waiter>> waiters_;
    std::unordered_set<driver::connection*> borrowed_;
    std::vector<std::shared_ptr<one_shot>> closers_;
    std::size_t total_ = 0;
    bool closed_ = false;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace gino::detail
