// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/sql/shape.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace gino::detail {

/// The text of statements by their shape; bounded, the least recently used goes first.
///
/// Invariants: a key of the map is a view of the key in the list's entry; keys are compared byte by
/// byte, a hash is never trusted alone.
///
/// Thread safety: any thread.
class compiled_cache {
public:
    explicit compiled_cache(std::size_t capacity) : capacity_(capacity) {}

    /// Returns the statement's text, compiled by `by` if its shape is new.
    ///
    /// @param described  The shape of `statement`.
    [[nodiscard]] std::shared_ptr<const compiled> find_or_compile(
        const dialect& by, const sql::statement_node& statement, const sql::shape& described
    );

private:
    struct entry {
        std::string key;
        std::shared_ptr<const compiled> text;
    };

    std::mutex mutex_;
    std::size_t capacity_;
    std::list<entry> entries_;  // the most recently used first
    std::unordered_map<std::string_view, std::list<entry>::iterator> by_key_;
};

}  // namespace gino::detail
