// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/statement_cache.hpp"

#include <utility>

namespace gino::postgresql {

prepared_statement* statement_cache::find(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        return nullptr;
    }
    // Iterators, and pointers to the statement, stay valid.
    entries_.splice(entries_.begin(), entries_, found->second);
    return &entries_.front();
}

prepared_statement& statement_cache::add(
    prepared_statement fresh, std::vector<std::string>& closed
) {
    entries_.push_front(std::move(fresh));
    // The map's key is a view of the statement's own key: it is erased before the statement.
    by_key_.emplace(entries_.front().key, entries_.begin());
    if (entries_.size() > capacity_) {
        closed.push_back(entries_.back().name);
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
    return entries_.front();
}

void statement_cache::remove(const prepared_statement& stale) {
    const auto found = by_key_.find(stale.key);
    if (found != by_key_.end()) {
        const auto entry = found->second;
        by_key_.erase(found);
        entries_.erase(entry);
    }
}

void statement_cache::remove_other_types(std::vector<std::string>& closed) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        if (entry->has_other_types) {
            closed.push_back(entry->name);
            by_key_.erase(entry->key);
            entry = entries_.erase(entry);
        } else {
            ++entry;
        }
    }
}

}  // namespace gino::postgresql
