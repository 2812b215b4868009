// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include "driver/postgresql/codec/copy_decoder.hpp"
#include "driver/postgresql/codec/copy_rows.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/session.hpp"

// COPY (manual, 55.2.6).
namespace gino::postgresql {

namespace asio = boost::asio;

namespace {

/// The largest part of a chunk, in bytes, that becomes one CopyData message.
constexpr std::size_t longest_piece = std::size_t{1} << 20U;

}  // namespace

awaitable<driver::command_result> session::copy_in(
    std::string_view sql, driver::copy_source& from
) {
    return in_call([this, sql, &from]() -> awaitable<driver::command_result> {
        response to{.kind = request_kind::copy_in};
        co_await begin_copy(sql, to);
        // A name: a closure inside the co_await expression would be destroyed twice by GCC 12
        // (docs/gcc12.md), and it has to outlive the coroutines that it starts.
        auto write_next = [&]() -> awaitable<bool> {
            auto chunk = co_await from.next();
            const bool goes_on = !chunk.empty();
            while (!chunk.empty()) {
                const auto piece = chunk.first(std::min(chunk.size(), longest_piece));
                protocol::write_copy_data(channel_.out(), piece);
                chunk = chunk.subspan(piece.size());
            }
            co_return goes_on;
        };
        auto done = co_await send_copy(sql, to, write_next);
        co_return std::move(done);
    });
}

awaitable<driver::command_result> session::copy_rows_in(
    std::string_view sql, std::span<const sql_type> types, driver::row_source& from
) {
    return in_call([this, sql, types, &from]() -> awaitable<driver::command_result> {
        const codec::copy_encoder encoder(types);
        const std::string statement = std::string(sql) + std::string(encoder.options());
        response to{.kind = request_kind::copy_in};
        co_await begin_copy(statement, to);
        std::vector<value> row;
        bool is_first = true;
        // Each message has as many rows as are sent at once: a message and a coroutine for each row
        // would cost more than the row. If a row cannot be encoded, the message is not ended, and
        // CopyFail replaces it.
        auto write_next = [&]() -> awaitable<bool> {
            protocol::writer& out = channel_.out();
            bool goes_on = true;
            out.begin(protocol::request_type::copy_data);
            if (std::exchange(is_first, false)) {
                encoder.append_header(out);
            }
            while (goes_on && out.size() <= write_ahead) {
                goes_on = from.next(row);
                if (goes_on) {
                    encoder.append(out, row);
                } else {
                    encoder.append_trailer(out);
                }
            }
            out.end();
            co_return goes_on;
        };
        auto done = co_await send_copy(statement, to, write_next);
        co_return std::move(done);
    });
}

awaitable<driver::command_result> session::copy_out(std::string_view sql, driver::copy_sink& to) {
    return in_call([this, sql, &to] { return receive_copy(sql, to); });
}

awaitable<driver::command_result> session::copy_rows_out(
    std::string_view sql,
    std::span<const sql_type> types,
    std::span<const std::string> names,
    driver::row_sink& sink
) {
    return in_call([this, sql, types, names, &sink]() -> awaitable<driver::command_result> {
        codec::copy_decoder rows(types, names, sink);
        const std::string statement = std::string(sql) + std::string(rows.options());
        auto done = co_await receive_copy(statement, rows);
        rows.end();
        co_return std::move(done);
    });
}

// Sends the statement and receives up to CopyInResponse or CopyOutResponse. Throws if the statement
// fails, or is no COPY in the wanted direction; the session is idle then.
awaitable<void> session::begin_copy(std::string_view sql, response& to) {
    write_query(sql, to);
    co_await channel_.flush();
    const bool is_in = to.kind == request_kind::copy_in;
    protocol::message m;
    while (!to.is_complete && !to.has_begun_copy) {
        static_cast<void>(co_await receive(m));
    }
    if (to.has_begun_copy) {
        co_return;
    }
    finish(to, sql);
    throw argument_error(
        errc::invalid_argument,
        std::string("the statement is no COPY ... ") + (is_in ? "FROM STDIN" : "TO STDOUT") + ": " +
            std::string(sql)
    );
}

// Sends the written rows, and takes the messages that have arrived, such as the notices of a
// trigger. Returns false when the server has reported an error, or when this call was cancelled.
awaitable<bool> session::server_takes_more(response& to) {
    co_await channel_.flush();
    static_cast<void>(channel_.bytes().try_fill());
    take_arrived();
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return to.failure == nullptr && !to.is_complete && !interrupter_->is_requested() &&
        state.cancelled() == asio::cancellation_type::none;
}

// Ends COPY ... FROM STDIN with CopyDone or, after a failure or a cancellation, CopyFail. After an
// error the server discards either, up to ReadyForQuery (manual, 55.2.6).
//
// @param thrown  The exception of the source; not null: CopyFail makes the server drop the rows.
awaitable<driver::command_result> session::end_copy_in(
    std::string_view sql, response& to, std::exception_ptr thrown
) {
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool is_cancelled =
        interrupter_->is_requested() || state.cancelled() != asio::cancellation_type::none;
    // A failed COPY has ended: nothing is left to end.
    const bool has_ended = to.is_complete || to.failure != nullptr;
    if (!has_ended && (thrown != nullptr || is_cancelled)) {
        protocol::write_copy_fail(channel_.out(), "the client gave it up");
    } else if (!has_ended) {
        protocol::write_copy_done(channel_.out());
    }
    co_await receive_all();
    // The exceptions of the client: the server reports its CopyFail for them.
    for (const auto& cause : {thrown, to.thrown}) {
        if (cause != nullptr) {
            std::rethrow_exception(cause);
        }
    }
    finish(to, sql);
    co_return std::move(to.result);
}

// Sends the rows of COPY ... FROM STDIN.
//
// @param write_next  Writes the next rows into the buffer; returns false after the last ones.
template <class WriteNext>
awaitable<driver::command_result> session::send_copy(
    std::string_view sql, response& to, WriteNext write_next
) {
    // A failure has to be reported to the server, and a handler must not contain co_await.
    std::exception_ptr thrown;
    try {
        while (co_await write_next()) {
            if (channel_.out().size() > write_ahead) {
                const bool goes_on = co_await server_takes_more(to);
                if (!goes_on) {
                    break;
                }
            }
        }
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown != nullptr && !is_open()) {
        std::rethrow_exception(thrown);
    }
    auto done = co_await end_copy_in(sql, to, std::move(thrown));
    co_return std::move(done);
}

awaitable<driver::command_result> session::receive_copy(
    std::string_view sql, driver::copy_sink& to
) {
    response done{.kind = request_kind::copy_out};
    co_await begin_copy(sql, done);
    std::exception_ptr thrown;  // by the sink, which gets no more bytes after it
    protocol::message m;
    while (!done.is_complete) {
        const auto next = co_await receive(m);
        if (next != sansio::action::take_copy_data || thrown != nullptr) {
            continue;
        }
        try {
            co_await to.take(m.body);
        } catch (...) {
            thrown = std::current_exception();
        }
        if (thrown != nullptr) {
            // A CancelRequest ends the statement early. The client cannot end COPY ... TO STDOUT
            // itself: the protocol has no message for that (manual, 55.2.6).
            static_cast<void>(interrupter_->interrupt());
        }
    }
    if (thrown != nullptr) {
        std::rethrow_exception(thrown);
    }
    finish(done, sql);
    co_return std::move(done.result);
}

}  // namespace gino::postgresql
