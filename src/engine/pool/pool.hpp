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

/// A permit for one connection: a pool has as many slots as it may have connections. The destructor
/// returns the slot to the pool, which offers it to the first waiter.
class slot {
public:
    slot() = default;

    /// Makes a slot that the pool has counted already. For the pool.
    slot(pool& of, connect_backoff::generation attempt) noexcept
        : of_(&of), attempt_(attempt), is_attempt_(true) {}

    slot(slot&& other) noexcept;
    slot& operator=(slot&& other) noexcept;
    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;

    ~slot() { give_up(); }

    explicit operator bool() const noexcept { return of_ != nullptr; }

    /// Returns the slot to the pool now. REQUIRES: the pool's mutex is not held.
    void give_up() noexcept;

private:
    friend class pool;

    pool* of_ = nullptr;  // outlives the slot: the owner of a slot also holds the pool
    connect_backoff::generation attempt_ = 0;
    bool is_attempt_ = false;  // no connection was opened in it yet
};

/// A connection of a pool: the driver's connection, its slot, and its times.
struct pooled : boost::intrusive::list_base_hook<> {
    using time_point = alarm_clock::time_point;

    slot place;
    std::unique_ptr<driver::connection> raw;
    time_point expires = time_point::max();  ///< The end of its lifetime.
    time_point last_used;
    std::source_location borrowed_at;
    deadline leak;  ///< Armed while it is borrowed, if leaks are to be reported.
};

/// A borrowed connection. The destructor gives it back without waiting. Holds the pool.
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
    /// @return Null when the connection can be borrowed again, or is closed. Otherwise it is being
    ///         reset on the pool's executor, and the event is notified at the end; waiting for it
    ///         is optional.
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
/// - `total_` is the number of slots, one for each connection that is idle, borrowed, being opened,
///   reset or closed; it never exceeds the maximum;
/// - no coroutine waits while there is an idle connection, or a free slot in which one may be
///   opened: a connection or slot that is given back is assigned to the first waiter under the same
///   lock of the mutex, so that no newcomer can overtake;
/// - a connection belongs to exactly one of: `idle_`, a waiter that it was handed to, a lease, a
///   coroutine that resets or closes it;
/// - a waiter is in `waiters_` exactly as long as its state is `waiting`.
///
/// These actions happen outside of the mutex, because they lock it again, lock the deadlines, or
/// run code of the program: opening, resetting, closing and destroying connections, destroying
/// slots, arming and disarming deadlines, calling hooks.
///
/// Lifetime: leases, waiting coroutines and the pool's own coroutines hold the pool. The destructor
/// therefore finds idle connections only.
///
/// Thread safety: any thread.
class pool : public std::enable_shared_from_this<pool> {
public:
    using time_point = alarm_clock::time_point;

    /// Makes an empty pool, and registers it with the executor's context: a context that is
    /// destroyed first closes the pool.
    ///
    /// @param opener   Opens the connections. Its connection_limit() bounds `options.max_size`.
    /// @param clock    Null: the real one.
    /// @throws argument_error  The sizes in `options` contradict each other.
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

    /// Opens `min_size` connections, one after the other.
    [[nodiscard]] static awaitable<void> open(std::shared_ptr<pool> self);

    /// Borrows an idle connection. The lease is empty when there is none, or coroutines wait.
    ///
    /// @param where  The borrowing place, for messages and reports of leaks.
    /// @throws state_error  The pool is closed.
    [[nodiscard]] lease try_acquire(std::source_location where);

    /// Borrows a connection: an idle one, or a new one while there is a free slot. Otherwise waits.
    ///
    /// A failed attempt to open a connection is repeated until the time is over, if the pool has
    /// been connected before and the failure may pass. Otherwise the failure is thrown at once.
    ///
    /// @param timeout  Zero: the pool's acquire_timeout.
    /// @throws pool_timeout  No connection came free in time. The message names the places that
    ///                       hold connections, and the last failure to open one.
    /// @throws state_error   The pool is closed.
    /// @throws ...           The failure to open a connection.
    ///
    /// Cancellation: total.
    [[nodiscard]] static awaitable<lease> acquire(
        std::shared_ptr<pool> self, std::chrono::milliseconds timeout, std::source_location where
    );

    /// Refuses new acquires and waits for borrowed connections; interrupts them after 10 s and
    /// returns 1 s later regardless.
    [[nodiscard]] static awaitable<void> close(std::shared_ptr<pool> self);

    [[nodiscard]] bool is_closed() const;

    /// Returns an event that is notified when the pool is closed, for coroutines that wait for
    /// something else than a connection. The pool does not keep it alive.
    [[nodiscard]] std::shared_ptr<one_shot_event> closing();

    [[nodiscard]] pool_statistics statistics() const;

    /// Returns the places in the program that hold other connections than `mine`: "app.cpp:17 has
    /// 3". Empty: there are none.
    [[nodiscard]] std::string places_of_others(const driver::connection& mine) const;

    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept {
        return executor_;
    }

    [[nodiscard]] const std::shared_ptr<deadline_queue>& deadlines() const noexcept {
        return deadlines_;
    }

    [[nodiscard]] std::string description() const { return opener_->description(); }

    /// Returns the driver, for connections that do not belong to the pool.
    [[nodiscard]] driver::driver& opener() const noexcept { return *opener_; }

private:
    friend class lease;
    friend class slot;
    class shutdown_service;

    // The state of a waiter; all but the first are final.
    enum class outcome : std::uint8_t { waiting, handed, slot, timed_out, failed, closed };

    /// A coroutine that wants a connection; lives in its frame. The destructor passes on a
    /// connection or a slot that the coroutine has not taken.
    struct waiter : boost::intrusive::list_base_hook<> {
        explicit waiter(pool& p) noexcept : of(p) {}

        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        ~waiter() { of.leave(*this); }

        pool& of;
        std::shared_ptr<one_shot_event> wake;
        outcome state = outcome::closed;
        std::unique_ptr<pooled> connection;  // of `handed`
        slot place;                          // of `slot`
        std::exception_ptr failure;          // of `failed`
    };

    enum class position : std::uint8_t { last, first };

    /// A connection that a coroutine of the pool owns. The pool is destroyed last, which two
    /// parameters could not ensure: GCC 12 destroys the parameters of a coroutine in another order
    /// than the reverse of their declaration. It has a constructor because GCC 12 destroys
    /// aggregates twice (docs/gcc12.md).
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

    std::mutex alarm_mutex_;  // guards arming of the two below; locked before mutex_
    deadline retry_;          // armed while a pause of backoff_ keeps waiters from a free slot
    deadline sweep_;          // armed while there are idle connections above the minimum

    mutable std::mutex mutex_;
    // All of this is guarded by mutex_.
    std::vector<std::unique_ptr<pooled>> idle_;  // the most recently used last
    boost::intrusive::list<waiter> waiters_;
    boost::intrusive::list<pooled> borrowed_;
    std::vector<std::shared_ptr<one_shot_event>> closers_;
    std::vector<std::weak_ptr<one_shot_event>> closing_;
    std::size_t total_ = 0;
    time_point next_sweep_{};
    bool will_sweep_ = false;  // sweep_ is armed, or about to be
    connect_backoff backoff_;
    std::string last_failure_;  // of opening a connection; empty: the last attempt succeeded
    bool has_connected_ = false;
    bool closed_ = false;
    bool context_ends_ = false;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace gino::detail
