// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <mutex>

#include "driver/one_shot_event.hpp"
#include "driver/postgresql/cancel_request.hpp"
#include "driver/postgresql/sansio/call_state.hpp"

namespace gino::postgresql {

/// Ends the call that a session is in, from any thread: sends the CancelRequest, and cuts the
/// connection when the server does not end the statement in time. `call_state` decides which.
///
/// Thread safety: `interrupt()` from any thread; the rest as the session.
class interrupter : public std::enable_shared_from_this<interrupter> {
public:
    using phase = sansio::call_state::phase;

    /// @param of  Must outlive `detach()`.
    explicit interrupter(net::byte_stream& of)
        : bytes_(&of), executor_(of.executor()), grace_time_(executor_) {}

    void set_target(cancel_target target) { target_ = std::move(target); }

    void enter(phase next);

    /// @return True: the server was asked to end the statement, now or before. False: the session
    ///         is in no call that can be ended so.
    bool interrupt() noexcept;

    /// True when a CancelRequest was sent during this call.
    [[nodiscard]] bool is_requested() noexcept;

    /// Waits until the server has passed the request on.
    [[nodiscard]] awaitable<void> wait_until_passed_on();

    /// The byte stream goes away.
    void detach() noexcept;

private:
    static awaitable<void> send(
        std::shared_ptr<interrupter> self,
        cancel_target target,
        std::shared_ptr<detail::one_shot_event> passed_on,
        std::uint64_t call
    );
    void start_grace_time();
    void cut() noexcept;

    std::mutex mutex_;
    net::byte_stream* bytes_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer grace_time_;
    cancel_target target_;
    sansio::call_state calls_;
    std::shared_ptr<detail::one_shot_event> passed_on_;  // null: no request was sent
};

}  // namespace gino::postgresql
