// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/server/background_jobs.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace gino::ext::detail {

namespace asio = boost::asio;

namespace {

// An exception that the callback throws before it returns an awaitable is the job's failure, too.
awaitable<void> run_job(const application::life_cycle_callback& callback, application& app) {
    co_await callback(app);
}

}  // namespace

background_jobs::background_jobs(asio::any_io_executor executor, application& app)
    : executor_(std::move(executor)), app_(app), all_ended_(executor_) {}

void background_jobs::start(const std::vector<application::life_cycle_callback>& jobs) {
    for (const auto& callback : jobs) {
        job& begun = *jobs_.emplace_back(std::make_unique<job>());
        ++running_;
        asio::co_spawn(
            executor_,
            run_job(callback, app_),
            asio::bind_cancellation_slot(
                begun.signal.slot(),
                [self = shared_from_this(), &begun](const std::exception_ptr& thrown) {
                    self->end(begun, thrown);
                }
            )
        );
    }
}

awaitable<void> background_jobs::stop(
    std::shared_ptr<background_jobs> self, std::chrono::milliseconds timeout
) {
    // The flag comes first: a cancelled job may end within emit().
    self->is_stopping_ = true;
    for (const auto& one : self->jobs_) {
        if (!one->has_ended) {
            one->signal.emit(asio::cancellation_type::terminal);
        }
    }
    if (self->running_ > 0) {
        self->all_ended_.expires_after(timeout);
        static_cast<void>(co_await self->all_ended_.async_wait(asio::as_tuple(asio::use_awaitable))
        );
    }
}

// The exception of a job that was cancelled is ignored; a job that fails before stops the
// application. Cancelling the timer resumes stop().
void background_jobs::end(job& ended, const std::exception_ptr& failure) {
    ended.has_ended = true;
    if (failure != nullptr && !is_stopping_) {
        failure_ = failure_ != nullptr ? failure_ : failure;
        app_.stop();
    }
    if (--running_ == 0) {
        all_ended_.cancel();
    }
}

}  // namespace gino::ext::detail
