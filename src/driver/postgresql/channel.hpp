// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/socket.hpp"

namespace gino::postgresql {

/// The messages of a session. Those that may come at any point (manual, 55.2.7) are dealt with
/// here; all others go to whoever asks for the next one.
///
/// Errors: a malformed message closes the socket, `errc::protocol_violation`.
class channel {
public:
    channel(const boost::asio::any_io_executor& executor, driver::notice_callback on_notice)
        : socket_(executor), on_notice_(std::move(on_notice)) {}

    [[nodiscard]] socket& bytes() noexcept { return socket_; }

    [[nodiscard]] const socket& bytes() const noexcept { return socket_; }

    [[nodiscard]] protocol::writer& out() noexcept { return socket_.out(); }

    /// Both are answered by a ReadyForQuery.
    void write_sync();
    void write_query(std::string_view sql);

    /// True when one of those answers has not come.
    [[nodiscard]] bool awaits_answer() const noexcept { return awaited_ > 0; }

    [[nodiscard]] awaitable<void> flush() { return socket_.flush(); }

    [[nodiscard]] awaitable<void> fill() { return socket_.fill(); }

    /// Takes the next message if it is there. It is valid until the next call.
    [[nodiscard]] bool try_next(protocol::message& into);

    /// False when the peer has hung up, or has said what has no place between two calls. Takes the
    /// messages that have come. Never waits; costs one call of the system when there is none.
    [[nodiscard]] bool is_alive() noexcept;

    /// Waits for the next message.
    [[nodiscard]] awaitable<protocol::message> next();

    /// Reads an ErrorResponse, of a statement.
    ///
    /// @throws connection_error  `errc::connection_lost`, with its fields: it ends the session.
    [[nodiscard]] error_fields error_of(const protocol::message& m);
    /// Reads an ErrorResponse that ends the session, or its beginning.
    [[nodiscard]] error_fields refusal_of(const protocol::message& m);
    /// Reads a ReadyForQuery.
    void handle_ready(const protocol::message& m);
    /// Sends a Sync, and reads up to its ReadyForQuery: nothing is under way then.
    [[nodiscard]] awaitable<void> synchronize();

    [[noreturn]] void fail_unexpected(const protocol::message& m, std::string_view during);

    /// What the last ReadyForQuery said.
    [[nodiscard]] driver::transaction_status status() const noexcept { return status_; }

    /// "on" or "off", as the server has reported these settings; empty: it has not.
    [[nodiscard]] const std::string& in_hot_standby() const noexcept { return in_hot_standby_; }

    [[nodiscard]] const std::string& read_only_by_default() const noexcept {
        return read_only_by_default_;
    }

    void on_notification(driver::notification_callback f) { on_notification_ = std::move(f); }

private:
    [[nodiscard]] bool handle_asynchronous(const protocol::message& m);
    void handle_setting(const protocol::message& m);
    void handle_notification(const protocol::message& m);

    socket socket_;
    driver::notice_callback on_notice_;
    driver::notification_callback on_notification_;
    driver::transaction_status status_ = driver::transaction_status::idle;
    std::size_t awaited_ = 0;  // ReadyForQuery
    std::string in_hot_standby_;
    std::string read_only_by_default_;
};

}  // namespace gino::postgresql
