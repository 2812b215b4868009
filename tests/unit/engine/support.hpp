// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/engine/engine.hpp>
#include <gino/sql/text.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine_state.hpp"
#include "engine/timing/alarm_clock.hpp"
#include "engine/timing/deadline_queue.hpp"
#include "support/fake_driver.hpp"

/// Shared parts of the engine's tests: an io_context that runs step by step, and a clock that the
/// test advances. No test sleeps.
namespace gino::test {

using namespace std::chrono_literals;
namespace asio = boost::asio;

/// A clock that the test advances, with one alarm.
class manual_time {
public:
    using time_point = detail::alarm_clock::time_point;

    [[nodiscard]] time_point now() const noexcept { return now_; }

    /// Advances the clock, and calls each alarm that expires on the way.
    void advance(std::chrono::milliseconds by) {
        const auto end = now_ + by;
        while (ring_ && when_ <= end) {
            now_ = std::max(now_, when_);
            std::exchange(ring_, nullptr)();
        }
        now_ = end;
    }

    void set(time_point when, std::function<void()> ring) {
        when_ = when;
        ring_ = std::move(ring);
    }

    [[nodiscard]] bool is_set() const noexcept { return ring_ != nullptr; }

    /// Returns the time of the alarm. REQUIRES: an alarm is set.
    [[nodiscard]] time_point rings_at() const noexcept { return when_; }

private:
    time_point now_{1'000'000s};
    time_point when_;
    std::function<void()> ring_;
};

class manual_clock final : public detail::alarm_clock {
public:
    explicit manual_clock(std::shared_ptr<manual_time> time) : time_(std::move(time)) {}

    [[nodiscard]] time_point now() const noexcept override { return time_->now(); }

    void set(time_point when, std::function<void()> ring) override {
        time_->set(when, std::move(ring));
    }

    void unset() noexcept override { time_->set({}, nullptr); }

    void stop() noexcept override { time_->set({}, nullptr); }

private:
    std::shared_ptr<manual_time> time_;
};

/// A started coroutine and its result.
template <class T>
class spawned {
public:
    template <class Executor>
    spawned(const Executor& executor, awaitable<T> what) : state_(std::make_shared<state>()) {
        auto done = [kept = state_](std::exception_ptr failure) {
            kept->failure = std::move(failure);
            kept->is_done = true;
        };
        asio::co_spawn(
            executor,
            keep(state_, std::move(what)),
            asio::bind_cancellation_slot(state_->cancellation.slot(), std::move(done))
        );
    }

    [[nodiscard]] bool is_done() const { return state_->is_done; }

    void cancel() { state_->cancellation.emit(asio::cancellation_type::terminal); }

    /// Returns the coroutine's result, or rethrows its exception. REQUIRES: it is done.
    T get() {
        EXPECT_TRUE(state_->is_done);
        if (state_->failure != nullptr) {
            std::rethrow_exception(state_->failure);
        }
        T taken = std::move(state_->value.value());
        state_->value.reset();
        return taken;
    }

    /// Returns the message of the coroutine's exception, or an empty text without one.
    [[nodiscard]] std::string error() const {
        if (!state_->is_done) {
            return "(it is not done)";
        }
        if (state_->failure == nullptr) {
            return {};
        }
        try {
            std::rethrow_exception(state_->failure);
        } catch (const std::exception& e) {
            return e.what();
        }
    }

private:
    struct state {
        bool is_done = false;
        std::exception_ptr failure;
        std::optional<T> value;
        asio::cancellation_signal cancellation;
    };

    static awaitable<void> keep(std::shared_ptr<state> in, awaitable<T> what) {
        in->value.emplace(co_await std::move(what));
    }

    std::shared_ptr<state> state_;
};

struct nothing {};

/// Gives a coroutine without a result a value, so that it can be spawned like the others.
inline awaitable<nothing> with_nothing(awaitable<void> what) {
    co_await std::move(what);
    co_return nothing{};
}

class EngineTest : public ::testing::Test {
protected:
    using server_type = testing::fake_server;

    ~EngineTest() override {
        EXPECT_EQ(server_.violations(), 0U) << "two coroutines used one session at once";
    }

    /// Runs the handlers that are ready.
    void poll() {
        context_.restart();
        context_.poll();
    }

    /// Advances the clock, and runs the handlers that are ready then.
    void pass(std::chrono::milliseconds by) {
        time_->advance(by);
        poll();
    }

    template <class T>
    spawned<T> spawn(awaitable<T> what) {
        spawned<T> started(context_.get_executor(), std::move(what));
        poll();
        return started;
    }

    spawned<nothing> spawn(awaitable<void> what) { return spawn(with_nothing(std::move(what))); }

    /// Starts a coroutine; its function object lives until the test ends.
    spawned<nothing> spawn(std::function<awaitable<void>()> body) {
        bodies_.push_back(std::make_unique<std::function<awaitable<void>()>>(std::move(body)));
        return spawn((*bodies_.back())());
    }

    /// Runs a coroutine to its end. REQUIRES: the coroutine does not wait for the clock.
    void run(std::function<awaitable<void>()> body) {
        auto started = spawn(std::move(body));
        ASSERT_TRUE(started.is_done()) << "the coroutine waits for something that does not come";
        EXPECT_EQ(started.error(), "");
    }

    [[nodiscard]] std::unique_ptr<detail::alarm_clock> make_clock() {
        return std::make_unique<manual_clock>(time_);
    }

    /// Opens an engine on the fake server, with no connections at first and at most `size`.
    engine open_engine(std::size_t size, engine_options options = {}) {
        options.pool.min_size = 0;
        options.pool.max_size = size;
        auto state =
            std::make_shared<detail::engine_state>(postgresql::dialect(), std::move(options));
        auto opened =
            spawn(state->open(context_.get_executor(), server_.make_driver(), make_clock()));
        opened.get();
        return engine(std::move(state));
    }

    testing::fake_server server_;
    std::shared_ptr<manual_time> time_ = std::make_shared<manual_time>();
    std::vector<std::unique_ptr<std::function<awaitable<void>()>>> bodies_;
    asio::io_context context_;
};

/// Returns the type and the message of the exception that `f` throws: "state_error: ...".
template <class Error, class Function>
std::string thrown(Function&& f) {
    try {
        std::forward<Function>(f)();
    } catch (const Error& e) {
        return e.what();
    }
    ADD_FAILURE() << "nothing of that type was thrown";
    return {};
}

}  // namespace gino::test
