// SPDX-License-Identifier: BSD-3-Clause
#include "engine/timing/deadline_queue.hpp"

#include <algorithm>

namespace gino::detail {

void deadline::arm(
    std::shared_ptr<deadline_queue> queue,
    time_point when,
    std::function<void()> expire,
    waiting how
) {
    when_ = when;
    how_ = how;
    expire_ = std::move(expire);
    queue_ = std::move(queue);
    queue_->insert(*this);
}

// erase() waits for the mutex, under which the function is called: hence the promise of disarm().
void deadline::disarm() noexcept {
    if (queue_ != nullptr) {
        queue_->erase(*this);
        queue_.reset();
    }
}

void deadline_queue::insert(deadline& one) {
    const std::lock_guard lock(mutex_);
    waiting_.insert(one);
    brief_ += one.how_ == deadline::waiting::brief ? 1 : 0;
    if (alarm_ && *alarm_ <= one.when_) {
        return;
    }
    try {
        set_alarm(now());
    } catch (...) {
        take_out(one);
        throw;
    }
}

// REQUIRES: the mutex is held.
void deadline_queue::take_out(deadline& one) noexcept {
    waiting_.erase(waiting_.iterator_to(one));
    brief_ -= one.how_ == deadline::waiting::brief ? 1 : 0;
}

void deadline_queue::erase(deadline& one) noexcept {
    const std::lock_guard lock(mutex_);
    if (!one.is_linked()) {
        return;
    }
    take_out(one);
    // The alarm of a lasting deadline may be far ahead, and the context would have work until then.
    if (waiting_.empty() && one.how_ == deadline::waiting::lasting) {
        unset_alarm();
    }
}

// REQUIRES: the mutex is held, and a deadline is armed.
void deadline_queue::set_alarm(time_point now) {
    const auto earliest = waiting_.begin()->when_;
    alarm_ = brief_ == 0 ? earliest : std::min(earliest, now + tick);
    clock_->set(*alarm_, [weak = weak_from_this()] {
        if (auto alive = weak.lock()) {
            alive->ring();
        }
    });
}

// Takes a deadline out before its function is called: disarm() of it then finds nothing to do.
void deadline_queue::ring() {
    const std::lock_guard lock(mutex_);
    const auto time = now();
    while (!waiting_.empty() && waiting_.begin()->when_ <= time) {
        deadline& due = *waiting_.begin();
        take_out(due);
        due.expire_();
    }
    alarm_.reset();
    if (!waiting_.empty()) {
        set_alarm(time);
    }
}

void deadline_queue::rest() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
        unset_alarm();
    }
}

// REQUIRES: the mutex is held.
void deadline_queue::unset_alarm() noexcept {
    if (alarm_) {
        alarm_.reset();
        clock_->unset();
    }
}

void deadline_queue::stop() noexcept {
    const std::lock_guard lock(mutex_);
    clock_->stop();
}

}  // namespace gino::detail
