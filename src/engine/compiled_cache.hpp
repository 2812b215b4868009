// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/sql/cache_key.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gino::detail {

/// A cache of compiled statements by their cache key. It is bounded in number and in bytes; the
/// least recently used entry is dropped first.
///
/// Invariants: a key of the map is a view of the key in the list's entry, which does not move; keys
/// are compared byte by byte, a hash is never trusted alone; `bytes_` is the sum of `bytes_of()` of
/// all entries.
///
/// Thread safety: any thread.
class compiled_cache {
public:
    static constexpr std::size_t most_bytes = 16'777'216;

    explicit compiled_cache(std::size_t capacity) : capacity_(capacity) {}

    /// Returns the text of a statement, compiled by `by` if its cache key is new. The text stays
    /// valid when its entry is dropped.
    ///
    /// @param described  The cache key of `statement`.
    /// @throws compile_error  The dialect cannot write the statement.
    [[nodiscard]] std::shared_ptr<const compiled> find_or_compile(
        const dialect& by, const sql::statement_node& statement, const sql::cache_key& described
    );

private:
    struct entry {
        std::string key;
        std::shared_ptr<const compiled> text;
    };

    static std::size_t bytes_of(const entry& one) noexcept;
    [[nodiscard]] std::shared_ptr<const compiled> find(std::string_view key);
    void add(std::string_view key, std::shared_ptr<const compiled> text);

    std::mutex mutex_;
    const std::size_t capacity_;
    std::size_t bytes_ = 0;
    std::list<entry> entries_;  // the most recently used first
    std::unordered_map<std::string_view, std::list<entry>::iterator> by_key_;
};

}  // namespace gino::detail
