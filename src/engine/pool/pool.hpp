// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/hooks.hpp>
#include <gino/engine/pool_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <source_location>
#include <string>
#include <vector>

#include "driver/one_shot_event.hpp"
#include "engine/pool/connect_backoff.hpp"
#include "engine/timing/deadline_queue.hpp"

namespace gino::detail {

class pool;

/// Room for one connection: how a pool counts. Its destructor gives it to whoever waits.
class slot {
public:
    slot() = default;

    /// For the pool: slot that is counted already.
    slot(pool& of, connect_backoff::generation attempt) noexcept
        : of_(&of), attempt_(attempt), is_attempt_(true) {}

    slot(slot&& other) noexcept;
    slot& operator=(slot&& other) noexcept;
    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;

    ~slot() { give_up(); }

    explicit operator bool() const noexcept { return of_ != nullptr; }

    void give_up() noexcept;

private:
    friend class pool;

    pool* of_ = nullptr;  // outlives it: whoever holds slot holds the pool
    connect_backoff::generation attempt_ = 0;
    bool is_attempt_ = false;  // nothing has been opened in it yet
};

/// An open connection with what the pool knows of it.
struct pooled : boost::intrusive::list_base_hook<> {
    using time_point = alarm_clock::time_point;

    slot place;
    std::unique_ptr<driver::connection> raw;
    time_point expires = time_point::max();  ///< Its lifetime ends.
    time_point last_used;
    std::source_location borrowed_at;
    deadline leak;  ///< Armed while it is borrowed, if leaks are to be reported.
};

/// A connection that was borrowed. Its destructor gives it back without waiting.
class lease {
public:
    lease() = default;
    lease(std::shared_ptr<pool> from, std::unique_ptr<pooled> held) noexcept;
    lease(lease&& other) noexcept = default;
    lease& operator=(lease&& other) noexcept;
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease();

    explicit operator bool() const noexcept { return held_ != nullptr; }

    driver::connection& operator*() const noexcept { return *held_->raw; }

    driver::connection* operator->() const noexcept { return held_->raw.get(); }

    /// Gives the connection back; the lease is empty then.
    ///
    /// @return Null when it is back already. Otherwise it is being cleaned, on the pool's executor:
    ///         wait for this, or do not.
    std::shared_ptr<one_shot_event> give_back() noexcept;

    /// Closes the connection instead of giving it back.
    void discard() noexcept;

private:
    std::shared_ptr<pool> from_;
    std::unique_ptr<pooled> held_;
};

/// A bounded set of open connections.
///
/// Invariants, under the mutex:
/// - `total_` counts the `slot`s there are, one for each connection that is idle, borrowed, being
///   opened, cleaned or closed; it never exceeds the maximum;
/// - nobody waits while there is an idle connection, or slot in which one may be opened: whoever
///   gives back either hands it to the first that waits, and that is decided there and then;
/// - a connection belongs to exactly one of: `idle_`, a waiter that it was handed to, a lease, a
///   coroutine that cleans or closes it;
/// - a waiter is in `waiters_` exactly as long as its state is `waiting`.
/// Outside of the mutex: opening, cleaning, closing and destroying connections, destroying slot,
/// arming and disarming deadlines, calling hooks.
///
/// Thread safety: any thread.
class pool : public std::enable_shared_from_this<pool> {
public:
    using time_point = alarm_clock::time_point;

    /// @param opener   Its connection_limit() counts more than `options.max_size`.
    /// @param clock    Null: the real one.
    /// @throws argument_error  `options` contradict themselves.
    [[nodiscard]] static std::shared_ptr<pool> make(
        boost::asio::any_io_executor executor,
        std::unique_ptr<driver::driver> opener,
        const pool_options& options,
        std::shared_ptr<const engine_hooks> hooks,
        std::unique_ptr<alarm_clock> clock = nullptr
    );

    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool();

    /// Opens `min_size` connections.
    [[nodiscard]] static awaitable<void> open(std::shared_ptr<pool> self);

    /// Borrows a connection if that needs no waiting; otherwise the lease is empty.
    ///
    /// @throws state_error  The pool is closed.
    [[nodiscard]] lease try_acquire(std::source_location where);

    /// Borrows a connection.
    ///
    /// A connection that cannot be opened is tried again, until the time is over, if the pool has
    /// had one before and the failure may pass; otherwise the failure is thrown at once.
    ///
    /// @param timeout  Zero: the pool's acquire_timeout.
    /// @throws pool_timeout  None came free in time; says who holds them, and why none was opened.
    /// @throws state_error   The pool is closed.
    ///
    /// Cancellation: total.
    [[nodiscard]] static awaitable<lease> acquire(
        std::shared_ptr<pool> self, std::chrono::milliseconds timeout, std::source_location where
    );

    /// Lets nobody in any more, and waits for what is borrowed: interrupts it after 10 s, and goes
    /// away a second later.
    [[nodiscard]] static awaitable<void> close(std::shared_ptr<pool> self);

    [[nodiscard]] bool is_closed() const;

    /// Notified when the pool is closed: for those who wait for something else.
    [[nodiscard]] std::shared_ptr<one_shot_event> closing();

    [[nodiscard]] pool_statistics statistics() const;

    /// The places in the program that hold other connections than `mine`: "app.cpp:17 has 3".
    [[nodiscard]] std::string places_of_others(const driver::connection& mine) const;

    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept {
        return executor_;
    }

    [[nodiscard]] const std::shared_ptr<deadline_queue>& deadlines() const noexcept {
        return deadlines_;
    }

    [[nodiscard]] std::string description() const { return opener_->description(); }

    /// Opens connections that are not the pool's.
    [[nodiscard]] driver::driver& opener() const noexcept { return *opener_; }

private:
    friend class lease;
    friend class slot;
    class shutdown_service;

    enum class outcome : std::uint8_t { waiting, handed, slot, timed_out, failed, closed };

    /// A coroutine that wants a connection. Its destructor passes on what it was given in vain.
    struct waiter : boost::intrusive::list_base_hook<> {
        explicit waiter(pool& p) noexcept : of(p) {}

        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        ~waiter() { of.leave(*this); }

        pool& of;
        std::shared_ptr<one_shot_event> wake;
        outcome state = outcome::closed;
        std::unique_ptr<pooled> connection;  // handed
        slot place;                          // room
        std::exception_ptr failure;          // failed
    };

    enum class position : std::uint8_t { last, first };

    /// A connection that belongs to a coroutine of the pool's own. The pool goes last: the order in
    /// which GCC 12 destroys the parameters of a coroutine is not theirs.
    class owned_connection {
    public:
        owned_connection(std::shared_ptr<pool> p, std::unique_ptr<pooled> c) noexcept
            : of(std::move(p)), connection(std::move(c)) {}

        std::shared_ptr<pool> of;
        std::unique_ptr<pooled> connection;
    };

    pool(
        boost::asio::any_io_executor executor,
        std::unique_ptr<driver::driver> opener,
        const pool_options& options,
        std::shared_ptr<const engine_hooks> hooks,
        std::unique_ptr<alarm_clock> clock
    );

    // Borrowing.
    [[nodiscard]] std::unique_ptr<pooled> take_idle();
    [[nodiscard]] bool is_usable(const pooled& candidate) const;
    [[nodiscard]] lease lend(std::unique_ptr<pooled> taken, std::source_location where);
    [[nodiscard]] outcome line_up(waiter& me, position where);
    [[nodiscard]] static awaitable<outcome> wait_in_line(
        std::shared_ptr<pool> self, waiter& me, time_point until
    );
    void leave(waiter& me) noexcept;
    [[noreturn]] void throw_cancelled_wait() const;
    [[nodiscard]] std::string why_none_was_opened() const;
    [[noreturn]] void throw_timeout(std::chrono::milliseconds limit) const;
    [[nodiscard]] std::string holders(const driver::connection* except = nullptr) const;

    // Opening.
    [[nodiscard]] slot reserve_slot();
    [[nodiscard]] awaitable<std::unique_ptr<pooled>> open_in(slot place, time_point until);
    void note_failure(slot& place, const std::exception_ptr& failure);
    void note_success(pooled& fresh);
    [[nodiscard]] bool may_pass(const std::exception_ptr& failure) const;
    void offer_slot();
    [[nodiscard]] std::shared_ptr<one_shot_event> grant_slot();
    [[nodiscard]] std::shared_ptr<one_shot_event> turn_away(
        outcome why, const std::exception_ptr& failure = nullptr
    );
    void retry_later();
    void release_slot(const slot& place) noexcept;

    // Giving back.
    [[nodiscard]] std::shared_ptr<one_shot_event> take_back(std::unique_ptr<pooled> returned
    ) noexcept;
    void end_loan(pooled& returned) noexcept;
    [[nodiscard]] bool must_end(const pooled& returned) const;
    [[nodiscard]] static awaitable<void> clean(
        owned_connection dirty, std::shared_ptr<one_shot_event> cleaned
    );
    void store(std::unique_ptr<pooled> clean);
    [[nodiscard]] std::vector<std::unique_ptr<pooled>> take_surplus(time_point now);
    [[nodiscard]] std::optional<time_point> sweeps_at() const;
    void sweep();
    void sweep_later() noexcept;
    void arm_sweep();
    void evict(std::unique_ptr<pooled> unwanted) noexcept;
    void discard(std::unique_ptr<pooled> broken) noexcept;
    [[nodiscard]] static awaitable<void> close_gracefully(owned_connection leaving);

    // Closing.
    [[nodiscard]] std::vector<std::unique_ptr<pooled>> shut(bool context_ends);
    [[nodiscard]] std::shared_ptr<one_shot_event> add_closer();
    void interrupt_all();
    void notify_closers();
    void on_context_shutdown() noexcept;

    const boost::asio::any_io_executor executor_;
    const std::unique_ptr<driver::driver> opener_;
    const pool_options options_;
    const std::shared_ptr<const engine_hooks> hooks_;
    const std::shared_ptr<deadline_queue> deadlines_;

    std::mutex alarm_mutex_;  // locked before mutex_
    deadline retry_;          // armed while a pause keeps those who wait from opening a connection
    deadline sweep_;          // armed while idle connections above the minimum wait to be closed

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<pooled>> idle_;  // the most recently used last
    boost::intrusive::list<waiter> waiters_;
    boost::intrusive::list<pooled> borrowed_;
    std::vector<std::shared_ptr<one_shot_event>> closers_;
    std::vector<std::weak_ptr<one_shot_event>> closing_;
    std::size_t total_ = 0;
    time_point next_sweep_{};
    bool will_sweep_ = false;  // sweep_ is armed, or about to be
    connect_backoff backoff_;
    std::string last_failure_;  // to open a connection; empty: the last attempt succeeded
    bool has_connected_ = false;
    bool closed_ = false;
    bool context_ends_ = false;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace gino::detail
