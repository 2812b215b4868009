// SPDX-License-Identifier: BSD-3-Clause
#include "engine/pool/pool.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/timing/cancellation.hpp"

namespace gino::detail {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// The longest time for resetting a connection before it is interrupted.
constexpr auto reset_timeout = 2s;
/// The longest time for closing a connection gracefully, and for an interrupted reset before its
/// slot is given away.
constexpr auto close_timeout = 250ms;
/// The time that close() waits for borrowed connections before it interrupts them, and afterwards.
constexpr auto drain_timeout = 10s;
constexpr auto interrupted_timeout = 1s;
/// The shortest time between two searches of the idle connections for expired ones.
constexpr auto sweep_interval = 1s;

[[noreturn]] void throw_closed() {
    throw state_error(
        errc::closed, "cannot acquire a connection: the engine is closed; open another one"
    );
}

// Checks the sizes and lowers them to the driver's limit.
pool_options check(pool_options options, const driver::driver& opener) {
    if (options.max_size == 0 || options.min_size > options.max_size) {
        throw argument_error(
            errc::invalid_option,
            "pool_options: max_size has to be at least 1 and at least min_size; they are " +
                std::to_string(options.max_size) + " and " + std::to_string(options.min_size)
        );
    }
    if (const std::size_t most = opener.connection_limit(); most != 0) {
        options.max_size = std::min(options.max_size, most);
        options.min_size = std::min(options.min_size, most);
    }
    return options;
}

/// The failure of an attempt to open a connection, for the decision whether to try again.
struct verdict {
    bool may_pass = false;  ///< The same attempt may succeed later.
    std::string text;
};

verdict judge(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const gino::error& e) {
        return {.may_pass = e.is_retryable(), .text = e.what()};
    } catch (const std::exception& e) {
        return {.may_pass = false, .text = e.what()};
    } catch (...) {
        return {.may_pass = false, .text = "an unknown exception"};
    }
}

/// Notifies an event at the end of a block, also when the coroutine is destroyed while it waits.
class notify_guard {
public:
    explicit notify_guard(std::shared_ptr<one_shot_event> event) noexcept
        : event_(std::move(event)) {}

    notify_guard(const notify_guard&) = delete;
    notify_guard& operator=(const notify_guard&) = delete;

    ~notify_guard() { event_->notify(); }

private:
    std::shared_ptr<one_shot_event> event_;
};

}  // namespace

// Slots and leases.

slot::slot(slot&& other) noexcept
    : of_(std::exchange(other.of_, nullptr)),
      attempt_(other.attempt_),
      is_attempt_(other.is_attempt_) {}

slot& slot::operator=(slot&& other) noexcept {
    if (this != &other) {
        give_up();
        of_ = std::exchange(other.of_, nullptr);
        attempt_ = other.attempt_;
        is_attempt_ = other.is_attempt_;
    }
    return *this;
}

void slot::give_up() noexcept {
    if (of_ != nullptr) {
        std::exchange(of_, nullptr)->release_slot(*this);
    }
}

lease::lease(std::shared_ptr<pool> from, std::unique_ptr<pooled> held) noexcept
    : from_(std::move(from)), held_(std::move(held)) {}

lease& lease::operator=(lease&& other) noexcept {
    if (this != &other) {
        give_back();
        from_ = std::move(other.from_);
        held_ = std::move(other.held_);
    }
    return *this;
}

lease::~lease() {
    give_back();
}

// The pool is moved out first and kept during the call: this lease may hold the last reference.
std::shared_ptr<one_shot_event> lease::give_back() noexcept {
    if (held_ == nullptr) {
        return nullptr;
    }
    const auto from = std::move(from_);
    return from->take_back(std::move(held_));
}

void lease::discard() noexcept {
    if (held_ != nullptr) {
        const auto from = std::move(from_);
        from->discard(std::move(held_));
    }
}

// Construction and destruction.

/// Closes the pools of an execution context when the context is destroyed: sockets and timers must
/// be destroyed before the services that they use.
class pool::shutdown_service : public asio::execution_context::service {
public:
    using key_type = shutdown_service;

    static asio::execution_context::id id;

    explicit shutdown_service(asio::execution_context& context) : service(context) {}

    void add(const std::shared_ptr<pool>& one) {
        const std::lock_guard lock(mutex_);
        std::erase_if(pools_, [](const auto& known) { return known.expired(); });
        pools_.push_back(one);
    }

private:
    // Pools are closed outside of the mutex, which only guards the list.
    void shutdown() override {
        std::vector<std::weak_ptr<pool>> pools;
        {
            const std::lock_guard lock(mutex_);
            pools.swap(pools_);
        }
        for (const auto& known : pools) {
            if (auto alive = known.lock()) {
                alive->on_context_shutdown();
            }
        }
    }

    std::mutex mutex_;
    std::vector<std::weak_ptr<pool>> pools_;
};

asio::execution_context::id pool::shutdown_service::id;

std::shared_ptr<pool> pool::make(
    asio::any_io_executor executor,
    std::unique_ptr<driver::driver> opener,
    const pool_options& options,
    std::shared_ptr<const engine_hooks> hooks,
    std::unique_ptr<alarm_clock> clock
) {
    auto& context = asio::query(executor, asio::execution::context);
    std::shared_ptr<pool> made(new pool(
        std::move(executor), std::move(opener), options, std::move(hooks), std::move(clock)
    ));
    asio::use_service<shutdown_service>(context).add(made);
    return made;
}

pool::pool(
    asio::any_io_executor executor,
    std::unique_ptr<driver::driver> opener,
    const pool_options& options,
    std::shared_ptr<const engine_hooks> hooks,
    std::unique_ptr<alarm_clock> clock
)
    : executor_(std::move(executor)),
      opener_(std::move(opener)),
      options_(check(options, *opener_)),
      hooks_(std::move(hooks)),
      deadlines_(std::make_shared<deadline_queue>(
          clock != nullptr ? std::move(clock) : make_alarm_clock(executor_)
      )) {
    if (hooks_->notice) {
        opener_->on_notice(hooks_->notice);
    }
}

pool::~pool() {
    closed_ = true;
    // Before the other members, which release_slot() uses.
    idle_.clear();
}

// The connections become available together: if one cannot be opened, `opened` closes the others.
awaitable<void> pool::open(std::shared_ptr<pool> self) {
    std::vector<std::unique_ptr<pooled>> opened;
    while (opened.size() < self->options_.min_size) {
        slot place;
        {
            const std::lock_guard lock(self->mutex_);
            place = self->reserve_slot();
        }
        opened.push_back(co_await self->open_in(std::move(place), time_point::max()));
    }
    for (auto& one : opened) {
        self->store(std::move(one));
    }
}

// Borrowing.

// Returns false for a connection that was closed, is too old, or whose peer has hung up. It may
// read the socket, so it is called outside of the mutex.
bool pool::is_usable(const pooled& candidate) const {
    return candidate.raw->is_open() && candidate.expires > deadlines_->now() &&
           candidate.raw->is_alive();
}

// Takes the most recently used connection, so that the others can become idle long enough to be
// closed. Never overtakes a waiter.
std::unique_ptr<pooled> pool::take_idle() {
    const std::lock_guard lock(mutex_);
    if (closed_) {
        throw_closed();
    }
    if (idle_.empty() || !waiters_.empty()) {
        return nullptr;
    }
    auto taken = std::move(idle_.back());
    idle_.pop_back();
    borrowed_.push_back(*taken);
    return taken;
}

lease pool::try_acquire(std::source_location where) {
    while (auto taken = take_idle()) {
        if (is_usable(*taken)) {
            return lend(std::move(taken), where);
        }
        evict(std::move(taken));
    }
    return {};
}

// Makes a lease of a connection that was taken out of the pool. close() may have come in between:
// a connection that is not in borrowed_ then would not be waited for.
lease pool::lend(std::unique_ptr<pooled> taken, std::source_location where) {
    auto self = shared_from_this();
    if (!taken->is_linked()) {
        bool too_late = false;
        {
            const std::lock_guard lock(mutex_);
            too_late = closed_;
            if (!too_late) {
                borrowed_.push_back(*taken);
            }
        }
        if (too_late) {
            evict(std::move(taken));
            throw_closed();
        }
    }
    taken->borrowed_at = where;
    if (options_.leak_threshold > 0ms && hooks_->leaked) {
        auto report = [this, where] {
            asio::post(executor_, [hooks = hooks_, where] { hooks->leaked(where); });
        };
        taken->leak.arm(deadlines_, deadlines_->now() + options_.leak_threshold, std::move(report));
    }
    if (hooks_->acquired) {
        hooks_->acquired(taken->raw->description());
    }
    return {std::move(self), std::move(taken)};
}

// A coroutine that has waited once lines up in front for its next attempt: it keeps its place when
// the connection that it got was broken, or opening one has failed. The failure is only stored in
// the catch block, which cannot co_await.
awaitable<lease> pool::acquire(
    std::shared_ptr<pool> self, std::chrono::milliseconds timeout, std::source_location where
) {
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const auto limit = timeout > 0ms ? timeout : self->options_.acquire_timeout;
    const auto until = limit > 0ms ? self->deadlines_->now() + limit : time_point::max();
    for (position at = position::last;; at = position::first) {
        waiter me(*self);
        outcome came = self->line_up(me, at);
        if (came == outcome::waiting) {
            came = co_await wait_in_line(self, me, until);
        }
        std::unique_ptr<pooled> taken;
        std::exception_ptr failure;
        switch (came) {
            case outcome::handed:
                taken = std::move(me.connection);
                break;
            case outcome::slot:
                try {
                    taken = co_await self->open_in(std::move(me.place), until);
                } catch (...) {
                    failure = std::current_exception();
                }
                break;
            case outcome::timed_out:
                self->throw_timeout(limit);
            case outcome::failed:
                std::rethrow_exception(me.failure);
            case outcome::closed:
                throw_closed();
            case outcome::waiting:
                self->throw_cancelled_wait();
        }
        if (failure != nullptr && !self->may_pass(failure)) {
            std::rethrow_exception(failure);
        }
        if (taken != nullptr && self->is_usable(*taken)) {
            co_return self->lend(std::move(taken), where);
        }
        if (taken != nullptr) {
            self->evict(std::move(taken));
        }
    }
}

// Returns the outcome if it is known at once, otherwise "waiting". offer_slot() runs for all
// waiters, not for `me` alone: the first one gets the slot.
pool::outcome pool::line_up(waiter& me, position where) {
    me.wake = std::make_shared<one_shot_event>();
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            throw_closed();
        }
        if (waiters_.empty() && !idle_.empty()) {
            me.connection = std::move(idle_.back());
            idle_.pop_back();
            return me.state = outcome::handed;
        }
        const bool must_wait = total_ >= options_.max_size || !waiters_.empty();
        const bool is_new = where == position::last;
        if (is_new && must_wait && waiters_.size() >= options_.max_waiters) {
            throw pool_timeout(
                errc::pool_timeout,
                "cannot acquire a connection to " + opener_->description() + ": " +
                    std::to_string(waiters_.size()) +
                    " coroutines wait for one already (pool_options::max_waiters)"
            );
        }
        me.state = outcome::waiting;
        waiters_.insert(is_new ? waiters_.end() : waiters_.begin(), me);
    }
    offer_slot();
    const std::lock_guard lock(mutex_);
    return me.state;
}

// Returns the outcome of the wait; "waiting" means that the coroutine was cancelled. The deadline
// is disarmed at the end of the inner block, before the mutex is locked: its function locks the
// mutex under the lock of the deadlines.
awaitable<pool::outcome> pool::wait_in_line(
    std::shared_ptr<pool> self, waiter& me, time_point until
) {
    {
        deadline timeout;
        if (until != time_point::max()) {
            auto expire = [&self, &me] {
                std::shared_ptr<one_shot_event> wake;
                {
                    const std::lock_guard lock(self->mutex_);
                    if (me.state != outcome::waiting) {
                        return;
                    }
                    me.state = outcome::timed_out;
                    self->waiters_.erase(self->waiters_.iterator_to(me));
                    wake = me.wake;
                }
                wake->notify();
            };
            timeout.arm(self->deadlines_, until, expire);
        }
        co_await one_shot_event::wait(me.wake);
    }
    const std::lock_guard lock(self->mutex_);
    if (me.state == outcome::waiting) {
        self->waiters_.erase(self->waiters_.iterator_to(me));
    }
    co_return me.state;
}

// Passes on a connection or slot that a waiter was given and has not taken: its coroutine was
// cancelled or destroyed.
void pool::leave(waiter& me) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (me.is_linked()) {
            waiters_.erase(waiters_.iterator_to(me));
        }
    }
    if (me.connection != nullptr) {
        store(std::move(me.connection));
    }
    me.place.give_up();
}

void pool::throw_cancelled_wait() const {
    const std::lock_guard lock(mutex_);
    throw_cancelled(
        "waiting for a connection to " + opener_->description() + why_none_was_opened()
    );
}

// REQUIRES: the mutex is held.
std::string pool::why_none_was_opened() const {
    return last_failure_.empty() ? "" : "; the last attempt to open one failed: " + last_failure_;
}

void pool::throw_timeout(std::chrono::milliseconds limit) const {
    std::string message = "no connection to " + opener_->description() + " came free within " +
                          std::to_string(limit.count()) + " ms: ";
    const std::lock_guard lock(mutex_);
    message += std::to_string(borrowed_.size()) + " of at most " +
               std::to_string(options_.max_size) + " are in use";
    if (const std::string places = holders(); !places.empty()) {
        message += " (" + places + ")";
    }
    if (!waiters_.empty()) {
        message += ", " + std::to_string(waiters_.size()) + " more coroutines wait";
    }
    throw pool_timeout(errc::pool_timeout, message + why_none_was_opened());
}

std::string pool::places_of_others(const driver::connection& mine) const {
    const std::lock_guard lock(mutex_);
    return holders(&mine);
}

// Returns the borrowing places: "app.cpp:17 has 3, ...". REQUIRES: the mutex is held.
std::string pool::holders(const driver::connection* except) const {
    constexpr std::size_t most_named = 3;
    std::map<std::string, std::size_t> counts;
    for (const auto& one : borrowed_) {
        const std::string_view file = one.borrowed_at.file_name();
        if (!file.empty() && one.raw.get() != except) {
            const auto name = file.substr(file.find_last_of('/') + 1);
            ++counts[std::string(name) + ":" + std::to_string(one.borrowed_at.line())];
        }
    }
    std::string text;
    std::size_t named = 0;
    for (const auto& [place, count] : counts) {
        if (named++ == most_named) {
            text += ", ...";
            break;
        }
        text += (text.empty() ? "" : ", ") + place + " has " + std::to_string(count);
    }
    return text;
}

// Opening.

// REQUIRES: the mutex is held, and there is a free slot.
slot pool::reserve_slot() {
    ++total_;
    return {*this, backoff_.begin()};
}

// Opens a connection in `place`. A failure or a cancellation returns the slot to the pool, by the
// destructor of `place`.
awaitable<std::unique_ptr<pooled>> pool::open_in(slot place, time_point until) {
    auto limit = options_.connect_timeout;
    bool is_cut_short = false;
    if (until != time_point::max()) {
        const auto left =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(until - deadlines_->now()), 1ms);
        is_cut_short = limit == 0ms || left < limit;
        limit = is_cut_short ? left : limit;
    }
    auto fresh = std::make_unique<pooled>();
    std::exception_ptr failure;
    try {
        fresh->raw = co_await opener_->connect(executor_, limit);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        // A cancelled attempt, or one with a shortened timeout, says nothing about the server's
        // health: it does not count as a failure.
        const auto state = co_await asio::this_coro::cancellation_state;
        if (!is_cancelled(state) && !(is_cut_short && deadlines_->now() >= until)) {
            note_failure(place, failure);
        }
        std::rethrow_exception(failure);
    }
    fresh->place = std::move(place);
    note_success(*fresh);
    if (hooks_->connected) {
        hooks_->connected(fresh->raw->description());
    }
    co_return fresh;
}

void pool::note_success(pooled& fresh) {
    const auto now = deadlines_->now();
    fresh.last_used = now;
    {
        const std::lock_guard lock(mutex_);
        fresh.place.is_attempt_ = false;
        backoff_.succeed();
        has_connected_ = true;
        last_failure_.clear();
        if (options_.max_lifetime > 0ms) {
            const auto most = options_.max_lifetime.count();
            const auto jitter = std::uniform_int_distribution<long long>(0, most / 10)(random_);
            fresh.expires = now + std::chrono::milliseconds(most - jitter);
        }
    }
    offer_slot();
}

void pool::note_failure(slot& place, const std::exception_ptr& failure) {
    verdict judged = judge(failure);
    bool is_hopeless = false;
    {
        const std::lock_guard lock(mutex_);
        place.is_attempt_ = false;
        const double random = std::uniform_real_distribution<double>(0, 1)(random_);
        backoff_.fail(place.attempt_, deadlines_->now(), random);
        last_failure_ = std::move(judged.text);
        // This is the only slot in use, so no connection can be given back to the waiters, and
        // another attempt would fail too.
        is_hopeless = total_ == 1 && (!judged.may_pass || !has_connected_);
    }
    if (is_hopeless) {
        while (auto wake = turn_away(outcome::failed, failure)) {
            wake->notify();
        }
    }
}

// A pool that was never connected reports its failure at once: a wrong host or password does not
// pass.
bool pool::may_pass(const std::exception_ptr& failure) const {
    const bool may_pass = judge(failure).may_pass;
    const std::lock_guard lock(mutex_);
    return may_pass && has_connected_ && !closed_;
}

// Ends the wait of the first waiter and returns its event; null: no coroutine waits. The caller
// notifies the event outside of the mutex.
std::shared_ptr<one_shot_event> pool::turn_away(outcome why, const std::exception_ptr& failure) {
    const std::lock_guard lock(mutex_);
    if (waiters_.empty()) {
        return nullptr;
    }
    waiter& first = waiters_.front();
    waiters_.pop_front();
    first.state = why;
    first.failure = failure;
    return first.wake;
}

// Gives a free slot to the first waiter and returns its event. Null: no slot is free, no coroutine
// waits, or the backoff forbids another attempt now.
std::shared_ptr<one_shot_event> pool::grant_slot() {
    const std::lock_guard lock(mutex_);
    const bool may_open = !closed_ && !waiters_.empty() && total_ < options_.max_size &&
                          backoff_.may_begin(deadlines_->now());
    if (!may_open) {
        return nullptr;
    }
    waiter& first = waiters_.front();
    waiters_.pop_front();
    first.state = outcome::slot;
    first.place = reserve_slot();
    return first.wake;
}

// Called after every change that may allow an attempt. REQUIRES: the mutex is not held.
void pool::offer_slot() {
    while (auto wake = grant_slot()) {
        wake->notify();
    }
    retry_later();
}

// Arms retry_ for the end of the pause between two attempts. alarm_mutex_ makes reading the state
// and arming one step: of two threads, the later state wins. The deadline's function runs under the
// lock of the deadlines, under which offer_slot() cannot arm a deadline: so it only posts.
void pool::retry_later() {
    const std::lock_guard alarm_lock(alarm_mutex_);
    std::optional<time_point> when;
    {
        const std::lock_guard lock(mutex_);
        if (!closed_ && !waiters_.empty() && total_ < options_.max_size) {
            when = backoff_.pause_ends();
        }
    }
    retry_.disarm();
    if (when) {
        auto offer = [this] {
            asio::post(executor_, [weak = weak_from_this()] {
                if (auto alive = weak.lock()) {
                    alive->offer_slot();
                }
            });
        };
        retry_.arm(deadlines_, *when, std::move(offer));
    }
}

void pool::release_slot(const slot& place) noexcept {
    {
        const std::lock_guard lock(mutex_);
        --total_;
        if (place.is_attempt_) {
            backoff_.abandon();
        }
    }
    try {
        offer_slot();
        notify_closers();
    } catch (...) {
        // No memory to notify a waiter: the next connection that is given back does.
    }
}

// Giving back.

// A clean connection is available at once. A dirty one is reset by a coroutine on the pool's
// executor: the caller may be a destructor.
std::shared_ptr<one_shot_event> pool::take_back(std::unique_ptr<pooled> returned) noexcept {
    try {
        returned->leak.disarm();
        if (hooks_->released) {
            hooks_->released(returned->raw->description());
        }
        if (!returned->raw->is_open()) {
            discard(std::move(returned));
            return nullptr;
        }
        if (returned->raw->is_clean()) {
            store(std::move(returned));
            return nullptr;
        }
        end_loan(*returned);
        if (must_end(*returned)) {
            evict(std::move(returned));
            return nullptr;
        }
        auto cleaned = std::make_shared<one_shot_event>();
        owned_connection dirty(shared_from_this(), std::move(returned));
        asio::co_spawn(executor_, clean(std::move(dirty), cleaned), asio::detached);
        return cleaned;
    } catch (...) {
        return nullptr;  // no memory: the connection is closed by its destructor
    }
}

void pool::end_loan(pooled& returned) noexcept {
    const std::lock_guard lock(mutex_);
    if (returned.is_linked()) {
        borrowed_.erase(borrowed_.iterator_to(returned));
    }
}

bool pool::must_end(const pooled& returned) const {
    const std::lock_guard lock(mutex_);
    return closed_ || returned.expires <= deadlines_->now();
}

// Resets a connection and makes it available. A session that does not answer is interrupted after
// 2 s; if that does not help, its slot is given away 250 ms later, and the coroutine goes on
// without it. The slot is moved into a posted function, because its destructor must not run under
// the lock of the deadlines. Both deadlines end with the block: `connection` moves afterwards.
awaitable<void> pool::clean(owned_connection dirty, std::shared_ptr<one_shot_event> cleaned) {
    const notify_guard guard(std::move(cleaned));
    const auto self = dirty.of;
    auto& connection = dirty.connection;
    bool is_clean = false;
    {
        driver::connection& raw = *connection->raw;
        const auto late = self->deadlines_->now() + reset_timeout;
        const deadline interrupt(self->deadlines_, late, [&raw] { raw.interrupt(); });
        auto give_slot_away = [&self, &connection] {
            asio::post(self->executor_, [self, freed = std::move(connection->place)] {});
        };
        const deadline give_up(self->deadlines_, late + close_timeout, std::move(give_slot_away));
        try {
            co_await raw.reset();
            is_clean = raw.is_open();
        } catch (...) {
            is_clean = false;  // discarded below; another one is opened when it is needed
        }
    }
    if (is_clean && connection->place) {
        self->store(std::move(connection));
    } else {
        self->discard(std::move(connection));
    }
}

// Hands a connection to the first waiter, or keeps it as idle. Evicting and notifying lock the
// mutex again, so they follow after it was released.
void pool::store(std::unique_ptr<pooled> clean) {
    const auto now = deadlines_->now();
    clean->last_used = now;
    std::shared_ptr<one_shot_event> wake;
    std::vector<std::unique_ptr<pooled>> surplus;
    bool begins_sweeping = false;
    {
        const std::lock_guard lock(mutex_);
        if (clean->is_linked()) {
            borrowed_.erase(borrowed_.iterator_to(*clean));
        }
        if (closed_ || clean->expires <= now) {
            surplus.push_back(std::move(clean));
        } else if (!waiters_.empty()) {
            waiter& first = waiters_.front();
            waiters_.pop_front();
            first.state = outcome::handed;
            first.connection = std::move(clean);
            wake = first.wake;
        } else {
            idle_.push_back(std::move(clean));
            surplus = take_surplus(now);
            begins_sweeping = !will_sweep_ && sweeps_at().has_value();
            will_sweep_ = will_sweep_ || begins_sweeping;
        }
    }
    if (begins_sweeping) {
        sweep_later();
    }
    if (wake != nullptr) {
        wake->notify();
    }
    for (auto& one : surplus) {
        evict(std::move(one));
    }
}

// Takes out connections that were idle for too long or are too old; at most once per
// sweep_interval, so that giving back stays cheap. REQUIRES: the mutex is held.
std::vector<std::unique_ptr<pooled>> pool::take_surplus(time_point now) {
    std::vector<std::unique_ptr<pooled>> surplus;
    if (now < next_sweep_) {
        return surplus;
    }
    next_sweep_ = now + sweep_interval;
    std::size_t left = total_;
    for (auto& one : idle_) {
        const bool is_idle_too_long = options_.idle_timeout > 0ms && left > options_.min_size &&
                                      now - one->last_used >= options_.idle_timeout;
        if (is_idle_too_long || one->expires <= now) {
            surplus.push_back(std::move(one));
            --left;
        }
    }
    std::erase(idle_, nullptr);
    return surplus;
}

// Returns the time at which the connection that is idle longest has to be closed; nothing: none has
// to. REQUIRES: the mutex is held.
std::optional<pool::time_point> pool::sweeps_at() const {
    if (closed_ || idle_.empty() || options_.idle_timeout <= 0ms || total_ <= options_.min_size) {
        return std::nullopt;
    }
    return idle_.front()->last_used + options_.idle_timeout;
}

void pool::sweep() {
    std::vector<std::unique_ptr<pooled>> surplus;
    {
        const std::lock_guard lock(mutex_);
        next_sweep_ = {};
        surplus = take_surplus(deadlines_->now());
    }
    for (auto& one : surplus) {
        evict(std::move(one));
    }
    sweep_later();
}

// Arms the next sweep, so that idle connections are closed although the pool is not used any more.
void pool::sweep_later() noexcept {
    try {
        arm_sweep();
    } catch (...) {
        // No memory: the next connection that comes back tries again.
        const std::lock_guard lock(mutex_);
        will_sweep_ = false;
    }
}

// As retry_later(): alarm_mutex_ first, the state under mutex_, then the deadline.
void pool::arm_sweep() {
    const std::lock_guard alarm_lock(alarm_mutex_);
    std::optional<time_point> when;
    {
        const std::lock_guard lock(mutex_);
        when = sweeps_at();
        will_sweep_ = when.has_value();
    }
    sweep_.disarm();
    if (when) {
        auto wake = [this] {
            asio::post(executor_, [weak = weak_from_this()] {
                if (auto alive = weak.lock()) {
                    alive->sweep();
                }
            });
        };
        sweep_.arm(deadlines_, *when, std::move(wake), deadline::waiting::lasting);
    }
}

// Closes a connection gracefully, in a coroutine of its own. Its slot is free at once, unless
// close() waits until all are closed. A context that ends runs no coroutine any more: then the
// connection is discarded.
void pool::evict(std::unique_ptr<pooled> unwanted) noexcept {
    end_loan(*unwanted);
    bool waits_for_all = false;
    bool context_ends = false;
    {
        const std::lock_guard lock(mutex_);
        waits_for_all = closed_;
        context_ends = context_ends_;
    }
    if (context_ends || !unwanted->raw->is_open()) {
        discard(std::move(unwanted));
        return;
    }
    if (!waits_for_all) {
        unwanted->place.give_up();
    }
    try {
        owned_connection leaving(shared_from_this(), std::move(unwanted));
        asio::co_spawn(executor_, close_gracefully(std::move(leaving)), asio::detached);
    } catch (...) {
        // No memory: the connection is closed by its destructor.
    }
}

awaitable<void> pool::close_gracefully(owned_connection leaving) {
    const auto self = leaving.of;
    {
        driver::connection& raw = *leaving.connection->raw;
        const auto late = self->deadlines_->now() + close_timeout;
        const deadline interrupt(self->deadlines_, late, [&raw] { raw.interrupt(); });
        try {
            co_await raw.close();
        } catch (...) {
            // The destructor closes the connection without a Terminate message.
        }
    }
    self->discard(std::move(leaving.connection));
}

// Destroys a connection, which closes it if it is open. Its slot is free afterwards.
void pool::discard(std::unique_ptr<pooled> broken) noexcept {
    broken->leak.disarm();
    end_loan(*broken);
    try {
        if (hooks_->disconnected) {
            hooks_->disconnected(broken->raw->description());
        }
    } catch (...) {
        // No memory for the description: the hook is not called.
    }
}

// Closing.

bool pool::is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

// The event is notified under the mutex only if no coroutine can wait for it yet.
std::shared_ptr<one_shot_event> pool::closing() {
    auto fresh = std::make_shared<one_shot_event>();
    const std::lock_guard lock(mutex_);
    if (closed_) {
        fresh->notify();
        return fresh;
    }
    std::erase_if(closing_, [](const auto& one) { return one.expired(); });
    closing_.push_back(fresh);
    return fresh;
}

pool_statistics pool::statistics() const {
    const std::lock_guard lock(mutex_);
    return {
        .total = total_,
        .idle = idle_.size(),
        .in_use = borrowed_.size(),
        .waiting = waiters_.size()};
}

// Refuses new acquires, ends all waits, and returns the idle connections, which the caller closes.
std::vector<std::unique_ptr<pooled>> pool::shut(bool context_ends) {
    std::vector<std::unique_ptr<pooled>> idle;
    std::vector<std::weak_ptr<one_shot_event>> closing;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        context_ends_ = context_ends_ || context_ends;
        idle.swap(idle_);
        closing.swap(closing_);
    }
    for (const auto& one : closing) {
        if (const auto alive = one.lock()) {
            alive->notify();
        }
    }
    while (auto wake = turn_away(outcome::closed)) {
        wake->notify();
    }
    return idle;
}

// Holds the mutex, so that no connection of the list is destroyed meanwhile; interrupt() may be
// called from any thread.
void pool::interrupt_all() {
    const std::lock_guard lock(mutex_);
    for (auto& one : borrowed_) {
        one.raw->interrupt();
    }
}

// Returns an event that is notified when the last slot is free; null: all are free.
std::shared_ptr<one_shot_event> pool::add_closer() {
    const std::lock_guard lock(mutex_);
    return total_ == 0 ? nullptr : closers_.emplace_back(std::make_shared<one_shot_event>());
}

void pool::notify_closers() {
    std::vector<std::shared_ptr<one_shot_event>> closers;
    {
        const std::lock_guard lock(mutex_);
        if (total_ == 0) {
            closers.swap(closers_);
        }
    }
    for (const auto& closer : closers) {
        closer->notify();
    }
}

// The deadlines refer to locals of this coroutine and are disarmed before those end. Cancelling the
// wait ends it as a notification does.
awaitable<void> pool::close(std::shared_ptr<pool> self) {
    for (auto& one : self->shut(false)) {
        self->evict(std::move(one));
    }
    self->sweep_later();
    if (auto drained = self->add_closer()) {
        const auto drained_until = self->deadlines_->now() + drain_timeout;
        const deadline interrupt(self->deadlines_, drained_until, [&self] {
            self->interrupt_all();
        });
        const deadline give_up(self->deadlines_, drained_until + interrupted_timeout, [&drained] {
            drained->notify();
        });
        co_await one_shot_event::wait(drained);
    }
    self->deadlines_->rest();
}

// The context is being destroyed: no coroutine runs any more, so idle connections are destroyed
// here, and their slots are free.
void pool::on_context_shutdown() noexcept {
    try {
        const auto idle = shut(true);
    } catch (...) {
        // No memory to notify a waiter of another context.
    }
    deadlines_->stop();
}

}  // namespace gino::detail
