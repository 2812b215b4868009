// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/application.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <vector>

namespace gino::ext::detail {

/// The background jobs of one run of an application; see `application::spawn()`.
///
/// Lifetime: every running job holds this object. A job that does not end in time is left running,
/// and is destroyed with its io_context at the latest.
///
/// Thread safety: used on the executor of the run only.
class background_jobs : public std::enable_shared_from_this<background_jobs> {
public:
    background_jobs(boost::asio::any_io_executor executor, application& app);

    /// Starts all jobs; called once.
    void start(const std::vector<application::life_cycle_callback>& jobs);

    /// Cancels the jobs and waits until they have ended, but not longer than `timeout`.
    [[nodiscard]] static awaitable<void> stop(
        std::shared_ptr<background_jobs> self, std::chrono::milliseconds timeout
    );

    /// Returns the exception of the first job that failed before `stop()`; null: none has.
    [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

private:
    struct job {
        boost::asio::cancellation_signal signal;
        bool has_ended = false;
    };

    void end(job& ended, const std::exception_ptr& failure);

    boost::asio::any_io_executor executor_;
    application& app_;
    boost::asio::steady_timer all_ended_;
    std::vector<std::unique_ptr<job>> jobs_;
    std::size_t running_ = 0;
    bool is_stopping_ = false;
    std::exception_ptr failure_;
};

}  // namespace gino::ext::detail
