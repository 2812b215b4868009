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

/// The most bytes of a chunk that become one message.
constexpr std::size_t longest_piece = std::size_t{1} << 20U;

}  // namespace

awaitable<driver::command_result> session::copy_in(
    std::string_view sql, driver::copy_source& from
) {
    return in_call(copy_in_now(sql, from));
}

awaitable<driver::command_result> session::copy_out(std::string_view sql, driver::copy_sink& to) {
    return in_call(copy_out_now(sql, to));
}

awaitable<driver::command_result> session::copy_rows_in(
    std::string_view sql, std::span<const sql_type> types, driver::row_source& from
) {
    return in_call(copy_rows_in_now(sql, types, from));
}

awaitable<driver::command_result> session::copy_rows_out(
    std::string_view sql,
    std::span<const sql_type> types,
    std::span<const std::string> names,
    driver::row_sink& sink
) {
    return in_call(copy_rows_out_now(sql, types, names, sink));
}

// Runs the statement up to the answer that COPY begins with.
awaitable<void> session::begin_copy(std::string_view sql, char answer) {
    channel_.write_query(sql);
    co_await channel_.flush();
    std::optional<error_fields> failure;
    for (;;) {
        const auto m = co_await channel_.next();
        if (m.type == answer) {
            co_return;
        }
        if (m.type == 'E') {
            failure = error_of(m);
        } else if (m.type == 'Z') {
            channel_.handle_ready(m);
            break;
        } else if (m.type == 'G') {
            protocol::write_copy_fail(channel_.out(), "COPY ... TO STDOUT was expected");
            co_await channel_.flush();
        }
    }
    throw_if_failed(std::move(failure), sql);
    throw argument_error(
        errc::invalid_argument,
        std::string("the statement is no COPY ... ") +
            (answer == 'G' ? "FROM STDIN" : "TO STDOUT") + ": " + std::string(sql)
    );
}

// False: the server has said something, which is an error, or this call was cancelled.
awaitable<bool> session::server_takes_more() {
    co_await channel_.flush();
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return !channel_.bytes().has_message() && !canceller_->is_requested() &&
        state.cancelled() == asio::cancellation_type::none;
}

// @param thrown  Not null: the source has failed, and the server undoes what it has.
awaitable<driver::command_result> session::end_copy_in(
    std::string_view sql, std::exception_ptr thrown
) {
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool is_cancelled =
        canceller_->is_requested() || state.cancelled() != asio::cancellation_type::none;
    if (thrown != nullptr || is_cancelled) {
        protocol::write_copy_fail(channel_.out(), "the client gave it up");
    } else {
        protocol::write_copy_done(channel_.out());
    }
    co_await channel_.flush();
    outcome done = co_await read_result(nullptr, nullptr);
    if (thrown != nullptr) {
        std::rethrow_exception(thrown);
    }
    finish(done, sql);
    co_return std::move(done.result);
}

// @param write_next  Writes what comes next into the messages to be sent; false: that was all.
template <class WriteNext>
awaitable<driver::command_result> session::send_copy(std::string_view sql, WriteNext write_next) {
    std::exception_ptr thrown;
    try {
        while (co_await write_next()) {
            if (channel_.out().size() > write_ahead) {
                const bool goes_on = co_await server_takes_more();
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
    auto done = co_await end_copy_in(sql, std::move(thrown));
    co_return std::move(done);
}

awaitable<driver::command_result> session::copy_in_now(
    std::string_view sql, driver::copy_source& from
) {
    co_await begin_copy(sql, 'G');
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
    auto done = co_await send_copy(sql, write_next);
    co_return std::move(done);
}

awaitable<driver::command_result> session::copy_rows_in_now(
    std::string_view sql, std::span<const sql_type> types, driver::row_source& from
) {
    const codec::copy_encoder encoder(types);
    const std::string statement = std::string(sql) + std::string(encoder.options());
    co_await begin_copy(statement, 'G');
    std::vector<value> row;
    bool is_first = true;
    // As many as are sent at once: a message and a wait for each row would cost more than the row.
    auto write_next = [&]() -> awaitable<bool> {
        protocol::writer& out = channel_.out();
        bool goes_on = true;
        out.begin('d');
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
    auto done = co_await send_copy(statement, write_next);
    co_return std::move(done);
}

awaitable<driver::command_result> session::copy_out_now(
    std::string_view sql, driver::copy_sink& to
) {
    co_await begin_copy(sql, 'H');
    outcome done;
    protocol::message m;
    for (;;) {
        while (!channel_.try_next(m)) {
            co_await channel_.fill();
        }
        if (m.type == 'd') {
            if (done.thrown == nullptr) {
                try {
                    co_await to.take(m.body);
                } catch (...) {
                    done.thrown = std::current_exception();
                }
                if (done.thrown != nullptr) {
                    static_cast<void>(canceller_->request());  // the rest is not wanted
                }
            }
        } else if (m.type == 'E') {
            done.failure = error_of(m);
        } else if (m.type == 'C') {
            if (!protocol::read_command_complete(m.body, done.result)) {
                channel_.bytes().fail_protocol("a malformed CommandComplete");
            }
        } else if (m.type == 'Z') {
            channel_.handle_ready(m);
            break;
        } else if (m.type != 'c') {
            channel_.fail_unexpected(m, "COPY ... TO STDOUT");
        }
    }
    if (done.thrown != nullptr) {
        std::rethrow_exception(done.thrown);
    }
    finish(done, sql);
    co_return std::move(done.result);
}

awaitable<driver::command_result> session::copy_rows_out_now(
    std::string_view sql,
    std::span<const sql_type> types,
    std::span<const std::string> names,
    driver::row_sink& sink
) {
    codec::copy_decoder rows(types, names, sink);
    const std::string statement = std::string(sql) + std::string(rows.options());
    auto done = co_await copy_out_now(statement, rows);
    rows.end();
    co_return std::move(done);
}

}  // namespace gino::postgresql
