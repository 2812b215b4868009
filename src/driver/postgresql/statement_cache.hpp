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

/// A statement that the server holds, with what it said of its result.
struct prepared_statement {
    std::string key;   ///< The text and the types of the parameters.
    std::string name;  ///< Empty: the unnamed one.
    std::vector<column_description> columns;
    std::vector<std::int16_t> formats;
    bool has_other_types = false;  ///< Its parameters or columns have types that may be dropped.
    bool is_text = false;          ///< Of the simple protocol, which sends nothing else.
};

/// The prepared statements of a session; bounded, the least recently used goes first.
class statement_cache {
public:
    explicit statement_cache(std::size_t capacity) : capacity_(capacity) {}

    [[nodiscard]] bool is_off() const noexcept { return capacity_ == 0; }

    /// Returns the statement, or null.
    [[nodiscard]] prepared_statement* find(std::string_view key);
    /// Keeps a statement. What has to go is named in `closed`, for a Close message.
    prepared_statement& add(prepared_statement fresh, std::vector<std::string>& closed);
    void remove(const prepared_statement& stale);
    /// Forgets the statements with types that may be dropped, and names them in `closed`.
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
