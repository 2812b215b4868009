// SPDX-License-Identifier: BSD-3-Clause
#include "engine/compiled_cache.hpp"

#include <utility>

namespace gino::detail {

std::shared_ptr<const compiled> compiled_cache::find_or_compile(
    const dialect& by, const sql::statement_node& statement, const sql::cache_key& described
) {
    if (auto found = find(described.key)) {
        return found;
    }
    // Outside of the mutex, because compiling is slow: two threads that miss at the same time both
    // compile, and the second text is not kept.
    auto text = std::make_shared<const compiled>(by.compile(statement));
    add(described.key, text);
    return text;
}

std::size_t compiled_cache::bytes_of(const entry& one) noexcept {
    return one.key.size() + one.text->text.size() +
           one.text->parameters.size() * sizeof(std::uint32_t);
}

std::shared_ptr<const compiled> compiled_cache::find(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->text;
}

void compiled_cache::add(std::string_view key, std::shared_ptr<const compiled> text) {
    const std::lock_guard lock(mutex_);
    if (by_key_.contains(key)) {
        return;  // another thread was faster
    }
    entries_.push_front({std::string(key), std::move(text)});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes_of(entries_.front());
    while (!entries_.empty() && (entries_.size() > capacity_ || bytes_ > most_bytes)) {
        bytes_ -= bytes_of(entries_.back());
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

}  // namespace gino::detail
