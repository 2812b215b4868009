// SPDX-License-Identifier: BSD-3-Clause
#include "engine/pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "engine/cancellation.hpp"

namespace gino::detail {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// A connection that was used this recently is not asked whether it is alive.
constexpr auto trusted_for = 500ms;
/// How long close() waits for what is borrowed before it interrupts it.
constexpr auto close_patience = 10s;

[[noreturn]] void throw_closed() {
    throw state_error(
        errc::closed, "cannot acquire a connection: the engine is closed; open another one"
    );
}

}  // namespace

pool::pool(
    asio::any_io_executor executor,
    std::unique_ptr<driver::driver> opener,
    const pool_options& options,
    const engine_hooks& hooks
)
    : executor_(std::move(executor)),
      opener_(std::move(opener)),
      options_(options),
      hooks_(hooks),
      deadlines_(std::make_shared<deadline_queue>(executor_)) {
    if (options_.max_size == 0 || options_.min_size > options_.max_size) {
        throw argument_error(
            errc::invalid_option,
            "pool_options: max_size has to be at least 1 and at least min_size; they are " +
                std::to_string(options_.max_size) + " and " + std::to_string(options_.min_size)
        );
    }
    if (const std::size_t most = opener_->connection_limit(); most != 0) {
        options_.max_size = std::min(options_.max_size, most);
        options_.min_size = std::min(options_.min_size, most);
    }
    if (hooks_.notice) {
        opener_->on_notice(hooks_.notice);
    }
}

awaitable<void> pool::open() {
    std::vector<std::unique_ptr<pooled>> opened;
    for (std::size_t i = 0; i < options_.min_size; ++i) {
        {
            const std::lock_guard lock(mutex_);
            ++total_;
        }
        opened.push_back(co_await open_one());
    }
    for (auto& one : opened) {
        store(std::move(one));
    }
}

// Opens a connection in room that is counted already; gives the room up if that fails.
awaitable<std::unique_ptr<pooled>> pool::open_one() {
    auto fresh = std::make_unique<pooled>();
    std::exception_ptr failure;
    try {
        fresh->raw = co_await opener_->connect(executor_, options_.connect_timeout);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        give_up_room();
        std::rethrow_exception(failure);
    }
    const auto now = clock::now();
    fresh->last_used = now;
    fresh->expires = clock::time_point::max();
    if (options_.max_lifetime > 0ms) {
        const std::lock_guard lock(mutex_);
        const auto most = options_.max_lifetime.count();
        const auto jitter = std::uniform_int_distribution<long long>(0, most / 10)(random_);
        fresh->expires = now + std::chrono::milliseconds(most - jitter);
    }
    if (hooks_.connected) {
        hooks_.connected(fresh->raw->description());
    }
    co_return fresh;
}

bool pool::is_usable(pooled& candidate) const {
    const auto now = clock::now();
    if (!candidate.raw->is_open() || candidate.expires <= now) {
        return false;
    }
    return now - candidate.last_used < trusted_for || candidate.raw->is_alive();
}

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
    return taken;
}

awaitable<std::unique_ptr<pooled>> pool::acquire(
    std::chrono::milliseconds timeout, std::source_location where
) {
    co_await throw_if_cancelled();
    std::unique_ptr<pooled> taken;
    while ((taken = take_idle()) != nullptr && !is_usable(*taken)) {
        discard(std::move(taken));
    }
    if (taken == nullptr) {
        std::shared_ptr<waiter> me;
        {
            const std::lock_guard lock(mutex_);
            if (closed_) {
                throw_closed();
            }
            if (total_ < options_.max_size && waiters_.empty()) {
                ++total_;
            } else if (waiters_.size() >= options_.max_waiters) {
                throw pool_timeout(
                    errc::pool_timeout,
                    "cannot acquire a connection: " + std::to_string(waiters_.size()) +
                        " coroutines wait for one already (pool_options::max_waiters)"
                );
            } else {
                me = std::make_shared<waiter>();
                waiters_.push_back(me);
            }
        }
        if (me != nullptr) {
            taken = co_await wait_in_line(me, timeout > 0ms ? timeout : options_.acquire_timeout);
        }
        if (taken == nullptr) {
            taken = co_await open_one();
        }
    }
    taken->borrowed = clock::now();
    taken->borrowed_at = where;
    {
        const std::lock_guard lock(mutex_);
        borrowed_.insert(taken->raw.get());
    }
    if (hooks_.acquired) {
        hooks_.acquired(taken->raw->description());
    }
    co_return taken;
}

// Returns a connection that was handed over, or null for room to open one.
awaitable<std::unique_ptr<pooled>> pool::wait_in_line(
    std::shared_ptr<waiter> me, std::chrono::milliseconds timeout
) {
    auto self = shared_from_this();
    {
        std::optional<deadline_guard> guard;
        if (timeout > 0ms) {
            auto expire = [self, me] {
                {
                    const std::lock_guard lock(self->mutex_);
                    if (me->state != outcome::waiting) {
                        return;
                    }
                    me->state = outcome::timed_out;
                    std::erase(self->waiters_, me);
                }
                me->wake->notify();
            };
            guard.emplace(deadlines_, deadlines_->add(clock::now() + timeout, std::move(expire)));
        }
        co_await one_shot::wait(me->wake);
    }
    outcome result{};
    {
        const std::lock_guard lock(mutex_);
        result = me->state;
        if (result == outcome::waiting) {
            std::erase(waiters_, me);  // cancelled: nothing was handed over, nothing is lost
        }
    }
    switch (result) {
        case outcome::granted:
            break;
        case outcome::timed_out:
            throw_timeout(timeout);
        case outcome::closed:
            throw_closed();
        case outcome::waiting:
            throw_cancelled("waiting for a connection");
    }
    if (me->handed != nullptr && !is_usable(*me->handed)) {
        me->handed->raw.reset();  // keep the room, open a better one
        me->handed.reset();
    }
    co_return std::move(me->handed);
}

void pool::throw_timeout(std::chrono::milliseconds waited) const {
    const auto now = statistics();
    throw pool_timeout(
        errc::pool_timeout,
        "no connection to " + opener_->description() + " came free within " +
            std::to_string(waited.count()) + " ms: " + std::to_string(now.total - now.idle) +
            " of " + std::to_string(options_.max_size) + " are in use, " +
            std::to_string(now.waiting) + " more coroutines wait"
    );
}

void pool::give_up_room() {
    std::shared_ptr<waiter> next;
    {
        const std::lock_guard lock(mutex_);
        if (!waiters_.empty() && !closed_) {
            next = waiters_.front();
            waiters_.pop_front();
            next->state = outcome::granted;  // the room is passed on: the next one tries to open
        } else {
            --total_;
        }
    }
    if (next != nullptr) {
        next->wake->notify();
    } else {
        notify_closers();
    }
}

void pool::store(std::unique_ptr<pooled> clean) {
    clean->last_used = clock::now();
    std::shared_ptr<waiter> next;
    std::unique_ptr<pooled> surplus;
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || clean->expires <= clean->last_used) {
            surplus = std::move(clean);
        } else if (!waiters_.empty()) {
            next = waiters_.front();
            waiters_.pop_front();
            next->handed = std::move(clean);
            next->state = outcome::granted;
        } else {
            idle_.push_back(std::move(clean));
            const bool idle_too_long =
                options_.idle_timeout > 0ms && total_ > options_.min_size &&
                clock::now() - idle_.front()->last_used > options_.idle_timeout;
            if (idle_too_long) {
                surplus = std::move(idle_.front());
                idle_.erase(idle_.begin());
            }
        }
    }
    if (next != nullptr) {
        next->wake->notify();
    }
    if (surplus != nullptr) {
        discard(std::move(surplus));
    }
}

void pool::discard(std::unique_ptr<pooled> broken) {
    if (hooks_.disconnected && broken->raw != nullptr) {
        hooks_.disconnected(broken->raw->description());
    }
    broken.reset();
    give_up_room();
}

void pool::report_leak(const pooled& returned) const {
    const bool too_long =
        options_.leak_threshold > 0ms && clock::now() - returned.borrowed > options_.leak_threshold;
    if (too_long && hooks_.leaked) {
        hooks_.leaked(returned.borrowed_at);
    }
}

awaitable<void> pool::give_back(std::shared_ptr<pool> self, std::unique_ptr<pooled> returned) {
    self->report_leak(*returned);
    if (self->hooks_.released) {
        self->hooks_.released(returned->raw->description());
    }
    {
        const std::lock_guard lock(self->mutex_);
        self->borrowed_.erase(returned->raw.get());
    }
    bool clean = returned->raw->is_open();
    if (clean) {
        try {
            co_await returned->raw->reset();
        } catch (...) {
            clean = false;
        }
    }
    if (clean && returned->raw->is_open()) {
        self->store(std::move(returned));
    } else {
        self->discard(std::move(returned));
    }
}

void pool::give_back_later(
    const std::shared_ptr<pool>& self, std::unique_ptr<pooled> returned
) noexcept {
    try {
        asio::co_spawn(self->executor_, give_back(self, std::move(returned)), asio::detached);
    } catch (...) {
        // No memory for a coroutine: the connection is closed by its destructor.
    }
}

bool pool::is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

pool_statistics pool::statistics() const {
    const std::lock_guard lock(mutex_);
    return {.total = total_, .idle = idle_.size(), .waiting = waiters_.size()};
}

void pool::notify_closers() {
    std::vector<std::shared_ptr<one_shot>> closers;
    {
        const std::lock_guard lock(mutex_);
        if (closed_ && total_ == 0) {
            closers.swap(closers_);
        }
    }
    for (const auto& closer : closers) {
        closer->notify();
    }
}

awaitable<void> pool::close() {
    auto self = shared_from_this();
    std::vector<std::unique_ptr<pooled>> idle;
    std::deque<std::shared_ptr<waiter>> waiters;
    auto drained = std::make_shared<one_shot>();
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        idle.swap(idle_);
        waiters.swap(waiters_);
        for (const auto& one : waiters) {
            one->state = outcome::closed;
        }
        closers_.push_back(drained);
    }
    for (const auto& one : waiters) {
        one->wake->notify();
    }
    for (auto& one : idle) {
        co_await one->raw->close();
        discard(std::move(one));
    }
    notify_closers();
    auto interrupt_all = [self] {
        const std::lock_guard lock(self->mutex_);
        for (auto* connection : self->borrowed_) {
            connection->interrupt();
        }
    };
    const auto entry = deadlines_->add(clock::now() + close_patience, std::move(interrupt_all));
    const deadline_guard guard(deadlines_, entry);
    co_await one_shot::wait(drained);
}

}  // namespace gino::detail
