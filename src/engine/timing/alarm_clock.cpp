// SPDX-License-Identifier: BSD-3-Clause
#include "engine/timing/alarm_clock.hpp"

#include <boost/asio/steady_timer.hpp>

#include <optional>
#include <utility>

namespace gino::detail {

namespace {

/// The real clock. The caller serialises everything but now(): the deadline_queue holds its mutex.
class timer_clock final : public alarm_clock {
public:
    explicit timer_clock(const boost::asio::any_io_executor& executor) { timer_.emplace(executor); }

    [[nodiscard]] time_point now() const noexcept override {
        return std::chrono::steady_clock::now();
    }

    void set(time_point when, std::function<void()> ring) override {
        if (!timer_) {
            return;
        }
        // Setting a new time cancels the wait before; its handler is called with an error and does
        // not ring.
        timer_->expires_at(when);
        timer_->async_wait([ring = std::move(ring)](const boost::system::error_code& failure) {
            if (!failure) {
                ring();
            }
        });
    }

    void unset() noexcept override {
        try {
            if (timer_) {
                timer_->cancel();
            }
        } catch (...) {
            // The alarm rings, and finds no deadline.
        }
    }

    void stop() noexcept override { timer_.reset(); }

private:
    std::optional<boost::asio::steady_timer> timer_;  // empty: stopped for good
};

}  // namespace

std::unique_ptr<alarm_clock> make_alarm_clock(const boost::asio::any_io_executor& executor) {
    return std::make_unique<timer_clock>(executor);
}

}  // namespace gino::detail
