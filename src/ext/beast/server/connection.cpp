// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/server/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <limits>
#include <poll.h>
#include <span>
#include <utility>

#include "ext/beast/error_response.hpp"
#include "ext/beast/http/ascii.hpp"
#include "ext/beast/http/give_back.hpp"
#include "ext/beast/http/target.hpp"

namespace gino::ext::detail {

namespace asio = boost::asio;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// A body up to this size is copied behind its header; a larger one is sent from its own memory.
constexpr std::size_t copied_body = std::size_t{16} * 1024;

// Responses of pipelined requests are sent as soon as they are larger than this.
constexpr std::size_t sent_at_once = std::size_t{64} * 1024;

// The memory of the output buffer is kept up to this size.
constexpr std::size_t kept_output = std::size_t{64} * 1024;

// The longest time for a client to read the last response before its connection is reset.
constexpr std::chrono::seconds closing_time(2);

bool asks_to_close(const response& answer) {
    const auto field = answer.header("connection");
    return field && equals_ignoring_case(*field, "close");
}

}  // namespace

void connection::start(socket_type socket, std::shared_ptr<server> server) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto begun = std::make_shared<connection>(std::move(socket), std::move(server));
    begun->server_->add(*begun);
    spawn(begun);
}

// The only place where a connection's coroutine gets its executor. The completion handler holds the
// connection, so that it lives until its coroutine has ended.
void connection::spawn(const std::shared_ptr<connection>& begun) {
    asio::co_spawn(
        begun->executor(),
        begun->serve(),
        asio::bind_cancellation_slot(
            begun->signal_.slot(),
            // Exceptions of handlers do not come here; this one is a lack of memory, after which
            // the connection is closed.
            [begun](const std::exception_ptr& /*exception*/) { begun->end(); }
        )
    );
}

connection::connection(socket_type socket, std::shared_ptr<server> server)
    : socket_(std::move(socket)),
      server_(std::move(server)),
      reader_(server_->options()),
      memory_(server_->memory()) {
    enter(phase::idle, server_->options().header_timeout());
}

// One iteration handles one request, or waits for more bytes of it. Responses stay in output_ while
// further pipelined requests are in the buffer; receive() and finish() send them.
awaitable<void> connection::serve() {
    for (;;) {
        const request_reader::result found = reader_.parse(message_);
        if (found == request_reader::result::failed) {
            queue_refusal(reader_.failure().status, reader_.failure().message);
            co_return co_await finish(true);
        }
        count_memory();
        const bool has_header = found == request_reader::result::complete ||
                                reader_.stage() == request_reader::stage_type::body;
        if (has_header && server_->memory().is_exceeded()) {
            queue_overload();
            co_return co_await finish(true);
        }
        if (found == request_reader::result::need_more) {
            if (!co_await receive()) {
                co_return;
            }
            continue;
        }
        response answer = co_await handle();
        if (interruption_ == interruption::disconnect) {
            co_return;
        }
        const bool goes_on = queue(std::move(answer));
        message_.clear();
        count_memory();
        if (!goes_on) {
            co_return co_await finish(reader_.has_input());
        }
        const bool is_much = output_.size() > sent_at_once || !tail_.empty();
        if (is_much && !co_await send()) {
            co_return;
        }
    }
}

// An exception leaves the catch block as a value, because a catch block cannot co_await. After an
// interruption, the coroutine is cancelled and must be made usable before it awaits anything else:
// throwing is switched off first, since each await would throw otherwise.
awaitable<response> connection::handle() {
    begin_handling();
    if (const char* problem = decode_target(message_)) {
        end_handling();
        co_return error_response(400, problem);
    }
    server_->state().routes.match(message_);
    request current(server_->app(), message_);
    response answer;
    std::exception_ptr exception;
    try {
        answer = co_await server_->state().middlewares.call(0, current);
    } catch (...) {
        exception = std::current_exception();
    }
    end_handling();
    if (interruption_ != interruption::none) {
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await forget_cancellation();
    }
    if (exception) {
        answer = report(current, exception);
    }
    co_return answer;
}

// Makes the coroutine usable after it was cancelled. REQUIRES: it does not throw when cancelled.
awaitable<void> connection::forget_cancellation() {
    // The awaited operation may have resumed this coroutine from inside of signal_.emit(), which
    // has to return before the cancellation state that it uses is replaced.
    co_await asio::post(asio::use_awaitable);
    co_await asio::this_coro::reset_cancellation_state();
    co_await asio::this_coro::throw_if_cancelled(true);
}

// Sends the queued responses and waits for more bytes of a request; false when the connection has
// to end. begin_receiving() comes after sending, since the time limits of reading begin then.
awaitable<bool> connection::receive() {
    if (reader_.take_continue()) {
        output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    if (const send_result sent = send_some(); sent != send_result::done) {
        if (sent == send_result::failed || !co_await send_rest()) {
            co_return false;
        }
    }
    begin_receiving();
    if (is_aborted_ || (phase_ == phase::idle && server_->is_stopping())) {
        co_return false;
    }
    const std::span<char> room = reader_.prepare();
    const auto received =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), as_result);
    const auto& [failure, size] = received;
    if (is_interrupted_) {
        if (phase_ != phase::idle && !is_aborted_) {
            queue_refusal(408, "the request did not arrive in time");
            co_await finish(true);
        }
        co_return false;
    }
    reader_.commit(size);
    co_return !failure;
}

awaitable<bool> connection::send() {
    const send_result sent = send_some();
    if (sent != send_result::blocked) {
        co_return sent == send_result::done;
    }
    co_return co_await send_rest();
}

// Waits until the client has taken everything that is queued; false when it was too slow, or has
// disconnected.
awaitable<bool> connection::send_rest() {
    enter(phase::writing, server_->options().write_timeout());
    send_result sent = send_result::blocked;
    while (sent == send_result::blocked && !is_aborted_) {
        extend_deadline(sent_, server_->options().write_timeout());
        const auto waited = co_await socket_.async_wait(socket_type::wait_write, as_result);
        if (std::get<0>(waited) || is_interrupted_) {
            co_return false;
        }
        sent = send_some();
    }
    co_return sent == send_result::done;
}

// Sends the last responses and closes the sending side of the socket.
awaitable<void> connection::finish(bool expects_more_input) {
    is_interrupted_ = false;
    if (!co_await send()) {
        co_return;
    }
    boost::system::error_code failure;
    const bool has_input = expects_more_input || socket_.available(failure) > 0;
    socket_.shutdown(socket_type::shutdown_send, failure);
    if (has_input && !failure) {
        co_await drain_input();
    }
}

// Closing a socket with unread input resets the connection, and the client might never receive the
// response (RFC 9112, 9.6). So the input is read and discarded until the client closes too.
awaitable<void> connection::drain_input() {
    enter(phase::closing, closing_time);
    std::array<char, 1024> unread{};
    while (!is_interrupted_ && !is_aborted_) {
        const auto received = co_await socket_.async_read_some(asio::buffer(unread), as_result);
        if (std::get<0>(received)) {
            co_return;
        }
    }
}

// Appends a response to the output; false when it is the last one of the connection. REQUIRES:
// tail_ is empty, since output_ is sent before it.
bool connection::queue(response answer) {
    const bool keep_alive =
        message_.keep_alive && !server_->is_stopping() && !asks_to_close(answer);
    const response_context context{
        message_.received_text(message_.method) == "HEAD",
        message_.is_http_1_0,
        keep_alive,
        server_->clock().second()};
    writer_.append_header(output_, answer, answer.body().size(), context);
    if (response_writer::has_body(answer, context)) {
        if (answer.body().size() <= copied_body) {
            output_ += answer.body();
        } else {
            tail_ = answer.take_body();
        }
    }
    return keep_alive;
}

void connection::queue_refusal(int status, std::string_view message) {
    message_.keep_alive = false;
    static_cast<void>(queue(error_response(status, message)));
}

// Answers 503 because all bodies and responses together take too much memory, and frees the body of
// this request at once.
void connection::queue_overload() {
    give_back(message_.body);
    message_.keep_alive = false;
    static_cast<void>(queue(unavailable_response()));
    count_memory();
}

// The exception after an interruption is mostly the cancellation itself: the client gets 503, while
// the callbacks get the exception.
response connection::report(const request& current, const std::exception_ptr& exception) {
    exception_answer made = answer_exception(exception, server_->state().ids);
    if (interruption_ != interruption::none) {
        made.answer = unavailable_response();
        made.id.clear();
    }
    for (const auto& callback : server_->state().errors) {
        try {
            callback(current, exception, made.id);
        } catch (...) {  // NOLINT(bugprone-empty-catch): the answer does not depend on it
        }
    }
    return std::move(made.answer);
}

void connection::count_memory() noexcept {
    memory_.set(message_.body.capacity() + output_.size() + tail_.size());
}

// Sends as much of output_ and tail_ as the socket takes without blocking. When all is sent, frees
// large buffers, so that an idle connection holds little memory.
connection::send_result connection::send_some() noexcept {
    while (sent_ < output_.size() + tail_.size()) {
        const std::size_t of_output = std::min(sent_, output_.size());
        const std::array<asio::const_buffer, 2> rest{
            asio::buffer(output_) + of_output, asio::buffer(tail_) + (sent_ - of_output)};
        boost::system::error_code failure;
        sent_ += socket_.send(rest, 0, failure);
        if (failure) {
            return failure == asio::error::would_block ? send_result::blocked : send_result::failed;
        }
    }
    output_.clear();
    if (output_.capacity() > kept_output) {
        give_back(output_);
    }
    give_back(tail_);
    sent_ = 0;
    count_memory();
    return send_result::done;
}

bool connection::is_due() const noexcept {
    const std::uint64_t since = handling_since_.load(std::memory_order_relaxed);
    const coarse_clock& clock = server_->clock();
    return clock.now() >= deadline_.load(std::memory_order_relaxed) ||
           (since != 0 && since + 1 < clock.ticks());
}

// The second condition of is_due(): a request has run for a whole sweep interval, and its client
// may have disconnected.
void connection::check() {
    if (!socket_.is_open() || !is_due()) {
        return;
    }
    const bool is_late = server_->clock().now() >= deadline_.load(std::memory_order_relaxed);
    if (phase_ != phase::handling) {
        if (is_late) {
            interrupt_socket();
        }
        return;
    }
    if (is_late) {
        interrupt(interruption::timeout);
    } else if (has_client_gone()) {
        interrupt(interruption::disconnect);
    } else {
        // Sends the responses of earlier pipelined requests, which must not wait for a slow one. A
        // failure is found again when the next response is sent.
        static_cast<void>(send_some());
    }
}

void connection::stop() {
    if (phase_ == phase::idle) {
        interrupt_socket();
    }
}

void connection::abort() {
    is_aborted_ = true;
    if (phase_ == phase::handling) {
        interrupt(interruption::abort);
    } else {
        interrupt_socket();
    }
}

// Asks the socket without reading from it: the coroutine does not read while a handler runs, and
// bytes of a pipelined request may be there.
bool connection::has_client_gone() {
    pollfd polled{};
    polled.fd = socket_.native_handle();
#if defined(POLLRDHUP)
    // POLLRDHUP reports the end of the stream even if unread pipelined requests precede it.
    polled.events = POLLRDHUP;
    constexpr int gone = POLLRDHUP | POLLHUP | POLLERR;
#else
    constexpr int gone = POLLHUP | POLLERR;
#endif
    return ::poll(&polled, 1, 0) > 0 && (polled.revents & gone) != 0;
}

void connection::enter(phase next, application_options::duration time) {
    phase_ = next;
    progress_.begin();
    deadline_.store(server_->clock().after(time), std::memory_order_relaxed);
}

// Gives a client that has transferred the share of an interval in time another interval.
void connection::extend_deadline(
    std::size_t transferred, application_options::duration interval
) noexcept {
    if (progress_.completes(transferred, interval, server_->options().minimum_rate())) {
        deadline_.store(server_->clock().after(interval), std::memory_order_relaxed);
    }
}

void connection::begin_receiving() {
    const application_options& options = server_->options();
    switch (reader_.stage()) {
        case request_reader::stage_type::idle:
            if (phase_ != phase::idle) {
                enter(phase::idle, options.idle_timeout());
            }
            break;
        case request_reader::stage_type::header:
            if (phase_ != phase::header) {
                enter(phase::header, options.header_timeout());
            }
            break;
        case request_reader::stage_type::body:
            if (phase_ != phase::body) {
                enter(phase::body, options.body_timeout());
            }
            extend_deadline(message_.body.size(), options.body_timeout());
            break;
    }
}

void connection::begin_handling() {
    enter(phase::handling, server_->options().request_timeout());
    handling_since_.store(server_->clock().ticks(), std::memory_order_relaxed);
    interruption_ = interruption::none;
}

void connection::end_handling() noexcept {
    handling_since_.store(0, std::memory_order_relaxed);
    deadline_.store(coarse_clock::never, std::memory_order_relaxed);
}

void connection::interrupt(interruption reason) {
    if (interruption_ == interruption::none) {
        interruption_ = reason;
        signal_.emit(asio::cancellation_type::terminal);
    }
}

// Cancels the socket's operation instead of the coroutine, which stays usable: it may have to send
// a response still. is_interrupted_ distinguishes this from an error of the client.
void connection::interrupt_socket() {
    is_interrupted_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void connection::end() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    deadline_.store(coarse_clock::never, std::memory_order_relaxed);
    // Last: the application may be destroyed when this returns.
    server_->remove(*this);
}

}  // namespace gino::ext::detail
