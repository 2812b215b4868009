// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gino::postgresql {

/// A statement that the server has parsed, with the description of its result.
struct prepared_statement {
    std::string key;   ///< The types of the parameters and the text.
    std::string name;  ///< Empty: the unnamed statement.
    std::vector<column_description> columns;
    std::vector<std::int16_t> formats;  ///< Of the columns, for Bind: 0 text, 1 binary.
    bool has_other_types = false;  ///< Its parameters or columns have types that may be dropped.
    bool is_text = false;          ///< Its columns are sent as text, whatever their types are.
};

/// The prepared statements of a session. The least recently used one is evicted first.
///
/// Lifetime: the pointers to statements are valid until the statement is evicted or removed.
class statement_cache {
public:
    explicit statement_cache(std::size_t capacity) : capacity_(capacity) {}

    [[nodiscard]] bool is_off() const noexcept { return capacity_ == 0; }

    /// Returns the statement, which becomes the most recently used one, or null.
    [[nodiscard]] prepared_statement* find(std::string_view key);
    /// Adds a statement. REQUIRES: its key is new, and the cache is not off.
    ///
    /// @param closed  Gets the name of the statement that is evicted, for a Close message.
    prepared_statement& add(prepared_statement fresh, std::vector<std::string>& closed);
    /// Removes the statement with the same key, if there is one.
    void remove(const prepared_statement& stale);
    /// Removes the statements with types that may be dropped, and appends their names to `closed`.
    void remove_other_types(std::vector<std::string>& closed);

    void clear() {
        by_key_.clear();
        entries_.clear();
    }

    [[nodiscard]] std::string next_name() { return "gino_" + std::to_string(++made_); }

private:
    std::size_t capacity_;
    std::uint64_t made_ = 0;
    std::list<prepared_statement> entries_;  // the most recently used first
    std::unordered_map<std::string_view, std::list<prepared_statement>::iterator> by_key_;
};

}  // namespace gino::postgresql
