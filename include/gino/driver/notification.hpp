// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/driver/driver.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

/// LISTEN and NOTIFY: the part of a session with a database that has them (manual, LISTEN).
namespace gino::driver {

/// A message that a session sent by NOTIFY (manual, NOTIFY).
struct notification {
    std::int32_t process = 0;  ///< The process ID of the sending session.
    std::string channel;       ///< The channel's name.
    std::string payload;       ///< Empty if NOTIFY has none.
};

/// Receives a notification. The driver calls it while the session reads something else, or in
/// `notifier::wait_for_notification()`. It must not throw.
using notification_callback = std::function<void(const notification&)>;

/// Receives notifications on the session that hands it out, see `connection::notifications()`.
///
/// Thread safety, errors, cancellation: as the calls of the session, with which these must not
/// overlap.
class notifier {
public:
    notifier() = default;
    notifier(const notifier&) = delete;
    notifier& operator=(const notifier&) = delete;

    /// Sets the callback for notifications; it replaces the one before.
    virtual void on_notification(notification_callback callback) = 0;

    /// Waits for a notification while the session is otherwise idle. The callback of
    /// `on_notification()` receives it.
    ///
    /// @param at_most  The longest time to wait.
    /// @return False: no notification arrived in that time.
    /// @throws connection_error  The session is lost.
    /// @throws error             `errc::cancelled`; the session stays usable.
    [[nodiscard]] virtual awaitable<bool> wait_for_notification(std::chrono::milliseconds at_most
    ) = 0;

protected:
    ~notifier() = default;
};

}  // namespace gino::driver
