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

/// What a listener has heard: a notification, or that some may have been missed.
struct heard {
    std::string channel;  ///< Empty: some may have been missed.
    std::string payload;
    std::int32_t process = 0;  ///< Of the server, that of the sender.

    /// True after the connection was lost and made again: what the notifications tell of has to be
    /// looked up once.
    [[nodiscard]] bool may_have_missed() const noexcept { return channel.empty(); }
};

/// Hears what others say by NOTIFY, on a connection of its own beside the pool; when that is lost,
/// it makes another one. PostgreSQL only.
///
/// What a program does not take waits at the server.
///
/// Thread safety: used by one coroutine at a time.
/// Lifetime: destroying it closes its connection without waiting.
class listener {
public:
    explicit listener(std::shared_ptr<detail::listener_state> state) noexcept;
    listener(listener&& other) noexcept = default;
    listener& operator=(listener&& other) noexcept = default;
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() = default;

    /// Waits for what comes next, over losses of the connection.
    ///
    /// @throws state_error  `errc::closed`: the engine was closed.
    /// @throws error        `errc::cancelled`; nothing is lost: the next call goes on.
    [[nodiscard]] awaitable<heard> next();

    /// Ends the connection.
    [[nodiscard]] awaitable<void> close();

private:
    std::shared_ptr<detail::listener_state> state_;
};

namespace detail {

[[nodiscard]] awaitable<listener> listen(engine on, std::vector<std::string> channels);

}  // namespace detail

/// Opens a connection and listens: `gino::listen(engine, "jobs", "news")`.
///
/// @param channels  Names, quoted if need be.
/// @throws argument_error    A name is empty or too long, or the database has no LISTEN.
/// @throws connection_error  No connection can be opened.
template <std::convertible_to<std::string_view>... Channels>
    requires(sizeof...(Channels) > 0)
[[nodiscard]] awaitable<listener> listen(engine on, const Channels&... channels) {
    return detail::listen(
        std::move(on), std::vector<std::string>{std::string(std::string_view(channels))...}
    );
}

/// Says something on a channel, when the transaction around it is committed:
/// `co_await db.all(gino::notify("jobs", "42"))`.
///
/// @param payload  At most 7,999 bytes.
[[nodiscard]] text_statement<> notify(std::string_view channel, std::string_view payload = {});

}  // namespace gino
