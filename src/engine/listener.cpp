// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
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

/// How long nothing may come before the server is asked whether it is still there.
constexpr auto silence = 30s;
constexpr auto patience = 5s;
constexpr auto shortest_pause = 10ms;
constexpr auto longest_pause = 5s;

}  // namespace

namespace detail {

class listener_state {
public:
    listener_state(std::shared_ptr<engine_state> engine, const std::vector<std::string>& channels)
        : engine_(std::move(engine)) {
        for (const auto& channel : channels) {
            script_ += "LISTEN " + engine_->written_by().quote(channel) + "; ";
        }
    }

    /// Opens a connection and listens on it.
    [[nodiscard]] awaitable<void> connect() {
        check_open();
        const auto executor = without_scope(co_await asio::this_coro::executor);
        auto fresh = co_await engine_->connections()->opener().connect(
            executor, engine_->options().pool.connect_timeout
        );
        fresh->on_notification([this](const driver::notification& received) { keep(received); });
        co_await fresh->execute_script(script_);
        raw_ = std::move(fresh);
    }

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

    // `||` waits for the first that succeeds, so a failure is a result here.
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

    // Waits for something. The loss of the connection is no error here.
    awaitable<void> wait() {
        std::exception_ptr failure;
        try {
            const bool has_come = co_await raw_->wait_for_notification(silence);
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

    awaitable<void> check_server() {
        const auto& deadlines = engine_->connections()->deadlines();
        const deadline late(deadlines, deadlines->now() + patience, [this] { raw_->interrupt(); });
        co_await raw_->execute_script("SELECT 1");
    }

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
    std::unique_ptr<driver::connection> raw_;
    std::deque<heard> kept_;
    bool has_missed_ = false;
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
