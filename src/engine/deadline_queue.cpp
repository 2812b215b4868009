// SPDX-License-Identifier: BSD-3-Clause
#include "engine/deadline_queue.hpp"

#include <vector>

namespace gino::detail {

deadline_queue::entry_id deadline_queue::add(clock::time_point when, std::function<void()> expire) {
    const std::lock_guard lock(mutex_);
    const entry_id entry{when, next_++};
    entries_.emplace(entry, std::move(expire));
    if (entries_.begin()->first == entry) {
        wait_for_first();
    }
    return entry;
}

void deadline_queue::remove(const entry_id& entry) {
    const std::lock_guard lock(mutex_);
    const bool was_first = !entries_.empty() && entries_.begin()->first == entry;
    if (entries_.erase(entry) == 0 || !was_first) {
        return;
    }
    if (entries_.empty()) {
        timer_.cancel();
    } else {
        wait_for_first();
    }
}

// REQUIRES: the mutex is held and there is an entry.
void deadline_queue::wait_for_first() {
    timer_.expires_at(entries_.begin()->first.first);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& failure) {
        auto alive = weak.lock();
        if (alive != nullptr && !failure) {
            alive->expire_due();
        }
    });
}

void deadline_queue::expire_due() {
    std::vector<std::function<void()>> due;
    {
        const std::lock_guard lock(mutex_);
        const auto now = clock::now();
        while (!entries_.empty() && entries_.begin()->first.first <= now) {
            due.push_back(std::move(entries_.begin()->second));
            entries_.erase(entries_.begin());
        }
        if (!entries_.empty()) {
            wait_for_first();
        }
    }
    for (const auto& expire : due) {
        expire();
    }
}

}  // namespace gino::detail
