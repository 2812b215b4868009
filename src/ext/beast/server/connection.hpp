// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/beast/response.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "ext/beast/http/request_message.hpp"
#include "ext/beast/http/request_reader.hpp"
#include "ext/beast/http/response_writer.hpp"
#include "ext/beast/server/coarse_clock.hpp"
#include "ext/beast/server/server.hpp"
#include "ext/beast/server/transfer_progress.hpp"

namespace gino::ext::detail {

/// One client's connection: a coroutine that reads requests, awaits their handlers and sends the
/// responses.
///
/// | phase    | the coroutine waits for     | time is up            | graceful stop   | abort  |
/// | -------- | --------------------------- | --------------------- | --------------- | ------ |
/// | idle     | a request's first byte      | closes                | closes          | closes |
/// | header   | the rest of a header        | 408, closes           | goes on         | closes |
/// | body     | the rest of a body          | 408, closes           | goes on         | closes |
/// | handling | middlewares and handler     | cancels them, 503     | goes on, closes | 503    |
/// | writing  | space in the socket         | closes                | goes on         | closes |
/// | closing  | the client's end of stream  | closes                | goes on         | closes |
///
/// Invariants:
/// * nothing is read while a handler runs, and only `check()` touches `output_` then;
/// * the coroutine is cancelled through `signal_` in the phase handling only; in the other phases
///   its socket operation is cancelled, and `is_interrupted_` shows that the client did not end it;
/// * `message_` is written by the reader in the phases up to body, and is constant while handling.
///
/// Lifetime: the coroutine holds the connection, and the connection holds the server. The server's
/// list does not own it.
///
/// Thread safety: `is_due()` may be called from any thread, everything else on `executor()`.
class connection : public std::enable_shared_from_this<connection> {
public:
    using socket_type = boost::asio::ip::tcp::socket;

    /// Begins to serve an accepted connection; returns at once.
    static void start(socket_type socket, std::shared_ptr<server> server);

    connection(socket_type socket, std::shared_ptr<server> server);

    /// True when `check()` would act. The sweep asks it for every connection without posting.
    [[nodiscard]] bool is_due() const noexcept;

    /// Enforces the time limit of the phase, and looks whether the client of a long request has
    /// disconnected.
    void check();

    /// Graceful stop: closes the connection unless it has a request in flight.
    void stop();

    /// Ends the connection; a request in flight is cancelled and answered with 503.
    void abort();

    [[nodiscard]] socket_type::executor_type executor() { return socket_.get_executor(); }

private:
    enum class phase { idle, header, body, handling, writing, closing };
    enum class interruption { none, timeout, disconnect, abort };
    enum class send_result { done, blocked, failed };

    static void spawn(const std::shared_ptr<connection>& begun);

    [[nodiscard]] awaitable<void> serve();
    [[nodiscard]] awaitable<response> handle();
    [[nodiscard]] awaitable<void> forget_cancellation();
    [[nodiscard]] awaitable<bool> receive();
    [[nodiscard]] awaitable<bool> send_rest();
    [[nodiscard]] awaitable<bool> send();
    [[nodiscard]] awaitable<void> finish(bool expects_more_input);
    [[nodiscard]] awaitable<void> drain_input();

    [[nodiscard]] response report(const request& current, const std::exception_ptr& exception);
    [[nodiscard]] bool queue(response answer);
    void queue_refusal(int status, std::string_view message);
    void queue_overload();
    void count_memory() noexcept;
    [[nodiscard]] send_result send_some() noexcept;
    [[nodiscard]] bool has_client_gone();
    void enter(phase next, application_options::duration time);
    void extend_deadline(std::size_t transferred, application_options::duration interval) noexcept;
    void begin_receiving();
    void begin_handling();
    void end_handling() noexcept;
    void interrupt(interruption reason);
    void interrupt_socket();
    void end();

    socket_type socket_;
    std::shared_ptr<server> server_;
    boost::asio::cancellation_signal signal_;

    request_reader reader_;
    request_message message_;
    response_writer writer_;
    std::string output_;    // headers and small bodies of the unsent responses
    std::string tail_;      // a large body, sent after output_
    std::size_t sent_ = 0;  // bytes of both that were sent
    memory_budget::share memory_;

    std::atomic<coarse_clock::moment> deadline_ = coarse_clock::never;
    std::atomic<std::uint64_t> handling_since_ = 0;  // in ticks of the clock; 0: not handling
    transfer_progress progress_;
    phase phase_ = phase::idle;
    interruption interruption_ = interruption::none;
    bool is_interrupted_ = false;
    bool is_aborted_ = false;
};

}  // namespace gino::ext::detail
