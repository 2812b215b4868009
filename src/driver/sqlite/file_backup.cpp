// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/file_backup.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace gino::sqlite {

using namespace std::chrono_literals;

namespace {

// One step keeps a shared lock on the source: few pages per step let writers in between.
constexpr int pages_per_step = 256;
constexpr auto pause = 10ms;

}  // namespace

file_backup::~file_backup() {
    // In this order: finishing rolls an unfinished copy back, and needs the destination open. Both
    // functions accept null.
    sqlite3_backup_finish(copy_);
    sqlite3_close_v2(file_);
}

fault file_backup::refused(int code) const {
    fault why = describe_error(file_, code, {});
    why.fields.message = "cannot back up to \"" + to_ + "\": " + why.fields.message;
    return why;
}

outcome file_backup::open(sqlite3* from, const std::string& from_path, std::string to) {
    to_ = std::move(to);
    // equivalent() fails, and returns false, when the file does not exist yet.
    std::error_code unknown;
    if (!from_path.empty() && std::filesystem::equivalent(from_path, to_, unknown)) {
        return bad_argument(
            errc::invalid_argument, "cannot back up to \"" + to_ + "\": that is the database itself"
        );
    }
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(to_.c_str(), &file_, flags, nullptr);
    if (code != SQLITE_OK) {
        return refused(code);
    }
    sqlite3_extended_result_codes(file_, 1);
    copy_ = sqlite3_backup_init(file_, "main", from, "main");
    if (copy_ == nullptr) {
        // sqlite3_backup_init() reports its error in the destination's handle.
        code = sqlite3_extended_errcode(file_);
        return refused(code);
    }
    return {};
}

outcome file_backup::step() {
    const auto end = std::chrono::steady_clock::now() + lock_timeout_;
    for (;;) {
        if (by_.is_requested()) {
            return interrupted({});
        }
        const int code = sqlite3_backup_step(copy_, pages_per_step);
        const int kind = code & 0xff;
        if (code == SQLITE_DONE) {
            is_done_ = true;
        }
        if (code == SQLITE_DONE || code == SQLITE_OK) {
            return {};
        }
        // Both codes leave the copy as it is: the step may be repeated.
        const bool is_busy = kind == SQLITE_BUSY || kind == SQLITE_LOCKED;
        if (!is_busy || std::chrono::steady_clock::now() >= end) {
            return refused(code);
        }
        if (!by_.wait(pause)) {
            return interrupted({});
        }
    }
}

driver::backup_progress file_backup::progress() const noexcept {
    return {
        .pages_left = static_cast<std::uint64_t>(sqlite3_backup_remaining(copy_)),
        .pages = static_cast<std::uint64_t>(sqlite3_backup_pagecount(copy_))};
}

}  // namespace gino::sqlite
