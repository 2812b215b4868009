// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "driver/sqlite/statement/statement.hpp"

namespace gino::sqlite {

/// Keeps the statements that were used last, by their text.
class statement_cache {
public:
    explicit statement_cache(std::size_t capacity) noexcept : capacity_(capacity) {}

    /// Returns the statement of this text if it is kept and not in use, otherwise null. It stays
    /// where it is; the caller marks it.
    [[nodiscard]] statement* find(std::string_view sql);

    /// Keeps a statement, unless there is one of its text already or no room; evicts the one that
    /// was not used for the longest time.
    ///
    /// @return  False: it is not kept and still the caller's.
    [[nodiscard]] bool keep(std::unique_ptr<statement>& fresh);

    void clear() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return by_text_.size(); }

private:
    using order = std::list<std::unique_ptr<statement>>;  ///< The last one used first.

    [[nodiscard]] bool evict_one();

    std::size_t capacity_;
    order by_use_;
    std::unordered_map<std::string_view, order::iterator> by_text_;  ///< Keys: the statements' own.
};

}  // namespace gino::sqlite
