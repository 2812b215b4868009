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

/// Ends the running call of a session: sends a CancelRequest, and cuts the connection when the
/// server does not end the statement within `connect_options::cancel_timeout`. `call_state` decides
/// between the two.
///
/// Lifetime: shared by the session, the timer's handler and the coroutine that sends the request,
/// which may outlive the session. `detach()` separates it from the byte stream.
///
/// Thread safety: `interrupt()` from any thread; the other functions as the session. Lock order:
/// this mutex, then the one of `byte_stream`.
class interrupter : public std::enable_shared_from_this<interrupter> {
public:
    using phase = sansio::call_state::phase;

    /// @param of  Must be alive until `detach()`.
    explicit interrupter(net::byte_stream& of)
        : bytes_(&of), executor_(of.executor()), grace_time_(executor_) {}

    /// REQUIRES: the phase is `closing`, in which interrupt() does not read the target.
    void set_target(cancel_target target) { target_ = std::move(target); }

    /// Begins the next phase. Stops the timer of the call that has ended.
    void enter(phase next);

    /// Ends the running call, as `call_state` describes.
    ///
    /// @return True: a CancelRequest is under way, for this interruption or an earlier one. False:
    ///         no statement is running.
    bool interrupt() noexcept;

    /// True when this call was interrupted by a CancelRequest.
    [[nodiscard]] bool is_requested() noexcept;

    /// Waits until the server has delivered the request to the session's process, or the request
    /// could not be sent. Returns at once if there is none.
    ///
    /// Cancellation: ignored. The next statement must not be sent earlier.
    [[nodiscard]] awaitable<void> wait_until_passed_on();

    /// Forgets the byte stream, which is about to be destroyed.
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

    std::mutex mutex_;         // guards all members but executor_ and target_
    net::byte_stream* bytes_;  // null: detached
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer grace_time_;
    cancel_target target_;
    sansio::call_state calls_;
    std::shared_ptr<detail::one_shot_event> passed_on_;  // null: no request in this call
};

}  // namespace gino::postgresql
