// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/demoted_hosts.hpp"

namespace gino::postgresql {

void demoted_hosts::note(const std::string& host) {
    const std::lock_guard lock(mutex_);
    ++times_[host];
    // The count before the flag: a reader that sees the flag finds the count under the mutex.
    has_any_.store(true, std::memory_order_release);
}

std::uint64_t demoted_hosts::times(const std::string& host) const {
    if (!has_any()) {
        return 0;
    }
    const std::lock_guard lock(mutex_);
    const auto found = times_.find(host);
    return found == times_.end() ? 0 : found->second;
}

}  // namespace gino::postgresql
