// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/interrupter.hpp"

namespace gino::sqlite {

void interrupter::begin_call() noexcept {
    const std::lock_guard lock(mutex_);
    in_call_ = true;
    requested_ = stopped_;
}

void interrupter::end_call() noexcept {
    const std::lock_guard lock(mutex_);
    in_call_ = false;
    requested_ = stopped_;
}

void interrupter::interrupt() noexcept {
    const std::lock_guard lock(mutex_);
    if (in_call_) {
        raise_flag();
    }
}

void interrupter::stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    cursors_ = 0;  // cursors end with the session, so sqlite3_interrupt() may end them too
    raise_flag();
}

// With an open cursor, the flag alone ends the call: sqlite3_interrupt() would end every statement
// of the connection, the cursor's among them. The wait of the busy handler is woken in any case.
//
// REQUIRES: the mutex is held.
void interrupter::raise_flag() noexcept {
    requested_ = true;
    if (database_ != nullptr && cursors_ == 0) {
        sqlite3_interrupt(database_);
    }
    changed_.notify_all();
}

bool interrupter::wait(std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, duration, [this] { return is_requested(); });
}

void interrupter::attach(sqlite3* database) noexcept {
    const std::lock_guard lock(mutex_);
    database_ = database;
}

void interrupter::detach() noexcept {
    const std::lock_guard lock(mutex_);
    database_ = nullptr;
}

void interrupter::count_cursors(int change) noexcept {
    const std::lock_guard lock(mutex_);
    cursors_ += change;
}

}  // namespace gino::sqlite
