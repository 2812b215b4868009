// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino::postgresql {

/// The server's description of a type that is not built in.
struct described_type {
    std::string name;           ///< As format_type() writes it: "mood", "app.address[]".
    std::uint32_t same_as = 0;  ///< The built-in type with the same binary format; 0: none.
};

/// The enumerations, domains, composites and types of extensions, by their numbers (OIDs). The
/// sessions of a driver share one catalogue, so that each type is looked up once.
///
/// Thread safety: any thread.
class type_catalog {
public:
    /// The query for types by an array of their numbers; its rows are for `collected_types`.
    static const std::string_view question;
    static constexpr std::size_t columns_of_answer = 4;
    /// The longest name of a type, in bytes; PostgreSQL's have 259 at most.
    static constexpr std::size_t longest_name = 1024;
    /// A catalogue with more types is cleared before others are added.
    static constexpr std::size_t most_types = 10'000;
    /// The largest number of levels: domains of domains, arrays of domains.
    static constexpr int deepest = 32;

    [[nodiscard]] std::optional<described_type> find(std::uint32_t type) const;

    /// True for a type that has to be looked up.
    [[nodiscard]] bool is_unknown(std::uint32_t type) const;

    void add(std::uint32_t type, described_type said);

    /// Clears the catalogue if it has more than `most_types`.
    void make_room();

    /// Clears the catalogue, because a statement may have dropped or changed a type.
    void note_change();

    /// Returns the number of `note_change()` calls. A statement that was prepared before the last
    /// one may refer to types that no longer exist.
    [[nodiscard]] std::uint64_t changes() const noexcept {
        return changes_.load(std::memory_order_acquire);
    }

private:
    mutable std::mutex mutex_;
    std::map<std::uint32_t, described_type> types_;
    std::atomic<std::uint64_t> changes_ = 0;
};

/// True for the command tags of statements that may change a type, or the type of a column.
[[nodiscard]] bool may_change_types(std::string_view tag);

/// The answers to a lookup of types: one query for the types themselves, then one for each level
/// of their base and element types.
///
/// Errors: `data_error` for a type that was not requested, or whose name is too long.
class collected_types final : public driver::row_sink {
public:
    explicit collected_types(std::vector<std::uint32_t> asked)
        : first_asked_(asked), asked_(std::move(asked)) {}

    /// Returns the types for the next query; empty: all are known.
    [[nodiscard]] const std::vector<std::uint32_t>& asked() const noexcept { return asked_; }

    /// Replaces the requested types by the unknown base and element types of the last answer.
    void next_level();

    /// Adds the types that were requested first. A type that was dropped meanwhile is added without
    /// a name, so that it is not looked up again.
    void add_to(type_catalog& catalog) const;

private:
    struct row_of_catalog {
        std::string name;
        std::string category;     ///< "domain", "array", "text"; "" for other types.
        std::uint32_t inner = 0;  ///< The base type of a domain, the element type of an array.
    };

    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override;
    void row(std::span<const driver::field_slice> fields) override;
    [[nodiscard]] std::uint32_t built_in(std::uint32_t type, int depth) const;

    std::vector<std::uint32_t> first_asked_;
    std::vector<std::uint32_t> asked_;
    std::span<const column_description> columns_;
    const field_decoder* decoder_ = nullptr;
    std::map<std::uint32_t, row_of_catalog> rows_;
};

}  // namespace gino::postgresql
