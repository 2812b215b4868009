// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/engine.hpp>
#include <gino/sql/text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino {

namespace detail {
class listener_state;
}

/// A result of `listener::next()`: a notification, or a hint that notifications may have been
/// missed.
struct heard {
    std::string channel;       ///< Empty: notifications may have been missed.
    std::string payload;       ///< As the sender wrote it; may be empty.
    std::int32_t process = 0;  ///< The process id of the server session that sent it.

    /// True after the connection was lost and opened again. The program then has to query once for
    /// the changes that missed notifications would have announced.
    [[nodiscard]] bool may_have_missed() const noexcept { return channel.empty(); }
};

/// Receives the notifications that other sessions send by NOTIFY, on a connection of its own
/// outside of the pool. PostgreSQL only. Opened by `gino::listen()`.
///
/// When the connection is lost, `next()` opens another one and listens again. It tries without end,
/// with pauses that grow from 10 ms to 5 s. After 30 s without a notification it asks the server
/// whether it still answers, and takes the connection for lost after 5 s.
///
/// Notifications are read only while `next()` waits; others stay at the server meanwhile.
///
/// Thread safety: used by one coroutine at a time.
/// Lifetime: destroying it closes its connection without waiting. It keeps the engine alive.
class listener {
public:
    /// Makes a listener of an open connection; for the library.
    explicit listener(std::shared_ptr<detail::listener_state> state) noexcept;
    listener(listener&& other) noexcept = default;
    listener& operator=(listener&& other) noexcept = default;
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() = default;

    /// Waits for the next notification, and opens the connection again when it is lost.
    ///
    /// @return A notification; or, once after a lost connection, a `heard` whose
    ///         `may_have_missed()` is true.
    /// @throws state_error  `errc::closed`: the engine was closed, before or during the wait.
    /// @throws error        `errc::cancelled`.
    ///
    /// Cancellation: total. No notification is lost; the next call goes on.
    [[nodiscard]] awaitable<heard> next();

    /// Closes the connection. A later `next()` would open another one.
    [[nodiscard]] awaitable<void> close();

private:
    std::shared_ptr<detail::listener_state> state_;
};

namespace detail {

/// Opens a listener on at least one channel; see `gino::listen()`.
[[nodiscard]] awaitable<listener> listen(engine on, std::vector<std::string> channels);

}  // namespace detail

/// Opens a connection and listens on channels: `gino::listen(engine, "jobs", "news")`.
///
/// Notifications that are sent before it returns are not received.
///
/// @param on        Its connection timeout applies. Copied.
/// @param channels  Their names as NOTIFY uses them; special characters and capital letters are
///                  quoted. Copied.
/// @throws argument_error    A name is empty or too long, or the database has no LISTEN.
/// @throws connection_error  No connection can be opened. There is no retry at first.
/// @throws state_error       The engine is closed.
///
/// Cancellation: total. The connection is closed.
template <std::convertible_to<std::string_view>... Channels>
    requires(sizeof...(Channels) > 0)
[[nodiscard]] awaitable<listener> listen(engine on, const Channels&... channels) {
    return detail::listen(
        std::move(on), std::vector<std::string>{std::string(std::string_view(channels))...}
    );
}

/// Returns a statement that sends a notification: `co_await db.all(gino::notify("jobs", "42"))`.
/// PostgreSQL only.
///
/// In a transaction, the server sends the notification at COMMIT; a rollback discards it.
///
/// @param channel  The name as `listen()` takes it. Copied.
/// @param payload  At most 7,999 bytes; the server refuses a longer one. Copied.
[[nodiscard]] text_statement<> notify(std::string_view channel, std::string_view payload = {});

}  // namespace gino
