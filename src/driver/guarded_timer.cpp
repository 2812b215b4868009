// SPDX-License-Identifier: BSD-3-Clause
#include "driver/guarded_timer.hpp"

#include <mutex>
#include <utility>

namespace gino::detail {

struct guarded_timer::bell {
    std::mutex mutex;
    std::function<void()> ring;  // empty: the timer is destroyed
    bool has_rung = false;
};

guarded_timer::guarded_timer(
    const boost::asio::any_io_executor& executor,
    std::chrono::steady_clock::time_point when,
    std::function<void()> ring
)
    : bell_(std::make_shared<bell>()), timer_(executor, when) {
    bell_->ring = std::move(ring);
    timer_.async_wait([bell = bell_](const boost::system::error_code& failure) {
        // Held while the function runs, so that the destructor waits for its end.
        const std::lock_guard lock(bell->mutex);
        if (!failure && bell->ring) {
            bell->has_rung = true;
            bell->ring();
        }
    });
}

guarded_timer::~guarded_timer() {
    const std::lock_guard lock(bell_->mutex);
    bell_->ring = nullptr;
}

bool guarded_timer::has_rung() const {
    const std::lock_guard lock(bell_->mutex);
    return bell_->has_rung;
}

}  // namespace gino::detail
