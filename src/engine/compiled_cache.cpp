// SPDX-License-Identifier: BSD-3-Clause
#include "engine/compiled_cache.hpp"

namespace gino::detail {

std::shared_ptr<const compiled> compiled_cache::find_or_compile(
    const dialect& by, const sql::statement_node& statement, const sql::shape& described
) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = by_key_.find(described.key);
        if (found != by_key_.end()) {
            entries_.splice(entries_.begin(), entries_, found->second);
            return found->second->text;
        }
    }
    auto text = std::make_shared<const compiled>(by.compile(statement));
    if (capacity_ == 0) {
        return text;
    }
    const std::lock_guard lock(mutex_);
    if (by_key_.contains(described.key)) {
        return text;  // somebody else was faster
    }
    entries_.push_front({described.key, text});
    by_key_.emplace(entries_.front().key, entries_.begin());
    if (entries_.size() > capacity_) {
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
    return text;
}

}  // namespace gino::detail
