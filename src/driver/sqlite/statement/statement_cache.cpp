// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/statement/statement_cache.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gino::sqlite {

statement* statement_cache::find(std::string_view sql) {
    const auto found = by_text_.find(sql);
    if (found == by_text_.end() || (*found->second)->in_use) {
        return nullptr;
    }
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return found->second->get();
}

bool statement_cache::keep(std::unique_ptr<statement>& fresh) {
    if (capacity_ == 0 || by_text_.contains(fresh->sql())) {
        return false;
    }
    if (by_text_.size() >= capacity_ && !evict_one()) {
        return false;
    }
    by_use_.push_front(std::move(fresh));
    by_text_.emplace(by_use_.front()->sql(), by_use_.begin());
    return true;
}

bool statement_cache::evict_one() {
    const auto oldest = std::find_if(by_use_.rbegin(), by_use_.rend(), [](const auto& kept) {
        return !kept->in_use;
    });
    if (oldest == by_use_.rend()) {
        return false;
    }
    by_text_.erase((*oldest)->sql());  // first: its key is the statement's text
    by_use_.erase(std::next(oldest).base());
    return true;
}

void statement_cache::clear() noexcept {
    by_text_.clear();
    by_use_.clear();
}

}  // namespace gino::sqlite
