// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/notification.hpp>
#include <gino/engine/listener.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <utility>

#include "engine/context_executor.hpp"
#include "engine/engine_state.hpp"
#include "engine/timing/cancellation.hpp"

namespace gino {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

/// The longest time without a notification before the server is asked whether it still answers, and
/// the time for its answer.
constexpr auto silence = 30s;
constexpr auto answer_timeout = 5s;
/// The pauses between attempts to connect again; doubled after each failure.
constexpr auto shortest_pause = 10ms;
constexpr auto longest_pause = 5s;

}  // namespace

namespace detail {

/// The connection of a listener, and the notifications that the program has not taken yet.
///
/// Lifetime: the connection's callback refers to this object, which owns the connection.
///
/// Thread safety: used by one coroutine at a time.
class listener_state {
public:
    listener_state(std::shared_ptr<engine_state> engine, const std::vector<std::string>& channels)
        : engine_(std::move(engine)) {
        for (const auto& channel : channels) {
            script_ += "LISTEN " + engine_->written_by().quote(channel) + "; ";
        }
    }

    /// Opens a connection and listens on it. `raw_` is set last: a failure leaves no connection
    /// that does not listen.
    [[nodiscard]] awaitable<void> connect() {
        check_open();
        const auto executor = without_scope(co_await asio::this_coro::executor);
        auto fresh = co_await engine_->connections()->opener().connect(
            executor, engine_->options().pool.connect_timeout
        );
        auto* const heard = fresh->notifications();
        if (heard == nullptr) {
            throw argument_error(errc::invalid_argument, "this database has no LISTEN and NOTIFY");
        }
        heard->on_notification([this](const driver::notification& received) { keep(received); });
        co_await fresh->execute_script(script_);
        raw_ = std::move(fresh);
    }

    // `||` cancels the loser and waits for its end, so that no coroutine uses raw_ afterwards. A
    // cancelled wait for `closing` returns normally: the check in front of it finds the
    // cancellation.
    [[nodiscard]] awaitable<heard> next() {
        for (;;) {
            throw_if_cancelled(co_await asio::this_coro::cancellation_state);
            if (has_missed_) {
                has_missed_ = false;
                co_return heard();
            }
            if (!kept_.empty()) {
                heard first = std::move(kept_.front());
                kept_.pop_front();
                co_return first;
            }
            check_open();
            const auto closing = engine_->connections()->closing();
            const auto done = co_await (go_on() || one_shot_event::wait(closing));
            if (done.index() == 0 && std::get<0>(done) != nullptr) {
                std::rethrow_exception(std::get<0>(done));
            }
        }
    }

    [[nodiscard]] awaitable<void> close() {
        if (raw_ != nullptr) {
            co_await raw_->close();
            raw_.reset();
        }
    }

private:
    void check_open() const {
        if (engine_->connections()->is_closed()) {
            throw state_error(errc::closed, "cannot listen: the engine was closed");
        }
    }

    // Waits for notifications, or connects again. Returns a failure instead of throwing it, because
    // `||` would go on waiting for the other operand.
    [[nodiscard]] awaitable<std::exception_ptr> go_on() {
        try {
            if (raw_ == nullptr) {
                co_await connect_again();
            } else {
                co_await wait();
            }
        } catch (...) {
            co_return std::current_exception();
        }
        co_return nullptr;
    }

    void keep(const driver::notification& received) {
        kept_.push_back(
            {.channel = received.channel, .payload = received.payload, .process = received.process}
        );
    }

    // Waits for a notification. The loss of the connection is no error: connect_again() follows.
    awaitable<void> wait() {
        std::exception_ptr failure;
        try {
            const bool has_come = co_await raw_->notifications()->wait_for_notification(silence);
            if (!has_come) {
                co_await check_server();
            }
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure != nullptr && (has_code(failure, errc::cancelled) || raw_->is_open())) {
            std::rethrow_exception(failure);
        }
        if (failure != nullptr) {
            raw_.reset();
        }
    }

    // Runs a statement, which fails on a dead connection; the deadline interrupts it if the server
    // does not answer.
    awaitable<void> check_server() {
        const auto& deadlines = engine_->connections()->deadlines();
        const deadline late(deadlines, deadlines->now() + answer_timeout, [this] {
            raw_->interrupt();
        });
        co_await raw_->execute_script("SELECT 1");
    }

    // Makes one attempt, and pauses after a failure. Only a cancellation is thrown: any other
    // failure may pass while the program waits.
    awaitable<void> connect_again() {
        std::exception_ptr failure;
        try {
            co_await connect();
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure == nullptr) {
            pause_ = shortest_pause;
            has_missed_ = true;
            co_return;
        }
        if (has_code(failure, errc::cancelled)) {
            std::rethrow_exception(failure);
        }
        asio::steady_timer timer(co_await asio::this_coro::executor, pause_);
        pause_ = std::min<std::chrono::milliseconds>(pause_ * 2, longest_pause);
        boost::system::error_code cancelled;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }

    std::shared_ptr<engine_state> engine_;
    std::string script_;
    std::unique_ptr<driver::connection> raw_;  // null: lost or closed
    std::deque<heard> kept_;                   // received, and not returned yet
    bool has_missed_ = false;                  // the next result is a hint at missed notifications
    std::chrono::milliseconds pause_ = shortest_pause;
};

awaitable<listener> listen(engine on, std::vector<std::string> channels) {
    auto state = std::make_shared<listener_state>(on.state(), channels);
    co_await state->connect();
    co_return listener(std::move(state));
}

}  // namespace detail

listener::listener(std::shared_ptr<detail::listener_state> state) noexcept
    : state_(std::move(state)) {}

awaitable<heard> listener::next() {
    const auto state = state_;
    auto one = co_await state->next();
    co_return one;
}

awaitable<void> listener::close() {
    const auto state = state_;
    co_await state->close();
}

text_statement<> notify(std::string_view channel, std::string_view payload) {
    return text("SELECT pg_notify(:channel, :payload)")
        .bind("channel", std::string(channel))
        .bind("payload", std::string(payload));
}

}  // namespace gino
