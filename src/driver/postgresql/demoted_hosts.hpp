// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace gino::postgresql {

/// The hosts that have become standbys, as refused writes have shown (docs/decisions/0034). The
/// sessions of a driver share one object, so that all sessions with such a host are closed.
///
/// Thread safety: any thread.
class demoted_hosts {
public:
    /// Notes that a host has become a standby.
    void note(const std::string& host);

    /// Returns how often that was noted. A session compares the number with the one at its
    /// creation: if they differ, its host has become a standby.
    [[nodiscard]] std::uint64_t times(const std::string& host) const;

    /// True when a host was noted. The next host search prefers a server that accepts writes.
    [[nodiscard]] bool has_any() const noexcept { return has_any_.load(std::memory_order_acquire); }

private:
    std::atomic<bool> has_any_ = false;  // read without the mutex, whenever a pool hands out
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> times_;
};

}  // namespace gino::postgresql
