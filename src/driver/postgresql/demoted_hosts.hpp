// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace gino::postgresql {

/// The hosts that have refused to write since their sessions were opened (docs/decisions/0034). The
/// sessions of a driver share one, so that all sessions with such a host are given up.
///
/// Thread safety: any thread.
class demoted_hosts {
public:
    /// Notes that a host has become a standby.
    void note(const std::string& host);

    /// How often that was noted. A session whose number differs is with a host that has changed.
    [[nodiscard]] std::uint64_t times(const std::string& host) const;

    /// True when there was one: the next search prefers a host that writes.
    [[nodiscard]] bool has_any() const noexcept { return has_any_.load(std::memory_order_acquire); }

private:
    std::atomic<bool> has_any_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> times_;
};

}  // namespace gino::postgresql
