// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "driver/sqlite/statement/statement.hpp"

namespace gino::sqlite {

/// The prepared statements of a session that were used last, by their text.
///
/// Invariants: each key of `by_text_` refers to the text of its statement, so an entry is removed
/// from the map before the statement is destroyed; a statement that is in use is never evicted.
class statement_cache {
public:
    explicit statement_cache(std::size_t capacity) noexcept : capacity_(capacity) {}

    /// Returns the statement of this text if it is cached and not in use, otherwise null. The cache
    /// still owns it; the caller sets `in_use`.
    [[nodiscard]] statement* find(std::string_view sql);

    /// Adds a statement, and evicts the least recently used one when the cache is full.
    ///
    /// @return  False when the cache has a statement of this text, or all are in use: the caller
    ///          still owns `fresh`.
    [[nodiscard]] bool keep(std::unique_ptr<statement>& fresh);

    /// Finalizes all statements. REQUIRES: none is in use.
    void clear() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return by_text_.size(); }

private:
    using order = std::list<std::unique_ptr<statement>>;  ///< The most recently used one first.

    /// Evicts the least recently used statement that is not in use; false when all are in use.
    [[nodiscard]] bool evict_one();

    std::size_t capacity_;
    order by_use_;
    std::unordered_map<std::string_view, order::iterator> by_text_;  ///< Keys: the statements' own.
};

}  // namespace gino::sqlite
