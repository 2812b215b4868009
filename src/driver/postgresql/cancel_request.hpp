// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <mutex>

#include "driver/one_shot_event.hpp"
#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/socket.hpp"
#include "driver/postgresql/start_up.hpp"

namespace gino::postgresql {

/// Whom to ask to end the statement of a session: the very server, encrypted as the session is.
struct cancel_target {
    std::shared_ptr<const connect_options> options;
    host_options host;
    socket::endpoint peer;
    bool is_encrypted = false;
    backend_key key;
};

/// Asks a server to end what a session does (manual, 55.2.8), and waits until it has passed that
/// on: until then the request might hit the next statement.
[[nodiscard]] awaitable<void> send_cancel_request(
    boost::asio::any_io_executor executor, cancel_target target
);

/// Ends the call that a session is in, from any thread.
///
/// | phase | request() | means |
/// | --- | --- | --- |
/// | idle | nothing | between two calls |
/// | in_call | sends a CancelRequest, once | a statement is under way |
/// | winding_up | cuts the connection | connecting, resetting, closing |
///
/// A statement that does not end within a grace time loses its connection.
///
/// Thread safety: `request()` from any thread; the rest as the session.
class canceller : public std::enable_shared_from_this<canceller> {
public:
    enum class phase : std::uint8_t { idle, in_call, winding_up };

    /// @param of  Must outlive `detach()`.
    explicit canceller(socket& of)
        : socket_(&of), executor_(of.executor()), grace_time_(executor_) {}

    void set_target(cancel_target target) { target_ = std::move(target); }

    void enter(phase next);

    /// @return False: nobody was asked, because the session is in no call that can be ended.
    bool request() noexcept;

    /// True when a request was sent during this call.
    [[nodiscard]] bool is_requested() noexcept;

    /// Waits until the server has passed the request on, and the grace time does not count any
    /// more.
    [[nodiscard]] awaitable<void> settle();

    /// The session is gone.
    void detach() noexcept;

private:
    static awaitable<void> run(
        std::shared_ptr<canceller> self,
        cancel_target target,
        std::shared_ptr<detail::one_shot_event> passed_on,
        std::uint64_t call
    );
    void start_grace_time();
    void cut() noexcept;

    std::mutex mutex_;
    socket* socket_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer grace_time_;
    cancel_target target_;
    phase phase_ = phase::winding_up;
    std::uint64_t calls_ = 0;
    std::shared_ptr<detail::one_shot_event> passed_on_;  // not null: a request was sent
};

}  // namespace gino::postgresql
