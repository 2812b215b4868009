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

/// What the server has said about a type that it does not ship with.
struct described_type {
    std::string name;           ///< As SQL has it: "mood", "app.address[]".
    std::uint32_t same_as = 0;  ///< The built-in type whose binary format it shares; 0: none does.
};

/// The types of enumerations, domains, composites and extensions, by their numbers. The sessions of
/// a driver share one, so that each type is looked up once.
///
/// Thread safety: any thread.
class type_catalog {
public:
    /// Asks for types by an array of their numbers; rows for `collected_types`.
    static const std::string_view question;
    static constexpr std::size_t columns_of_answer = 4;
    /// The longest name of a type, in bytes; PostgreSQL's own are 259 at most.
    static constexpr std::size_t longest_name = 1024;
    /// A catalogue that has more types is forgotten before others are added.
    static constexpr std::size_t most_types = 10'000;
    /// Domains of domains, arrays of domains: the levels that are asked for.
    static constexpr int deepest = 32;

    [[nodiscard]] std::optional<described_type> find(std::uint32_t type) const;

    /// True for a type that has to be asked for.
    [[nodiscard]] bool is_unknown(std::uint32_t type) const;

    void add(std::uint32_t type, described_type said);

    /// Forgets everything if it has more than `most_types`.
    void make_room();

    /// Forgets everything: a statement was run that may have dropped or changed a type.
    void note_change();

    /// How often types were changed. What was prepared before may name types that are gone.
    [[nodiscard]] std::uint64_t changes() const noexcept {
        return changes_.load(std::memory_order_acquire);
    }

private:
    mutable std::mutex mutex_;
    std::map<std::uint32_t, described_type> types_;
    std::atomic<std::uint64_t> changes_ = 0;
};

/// True for the command tags of statements that may change what a type is, or which one a column
/// has.
[[nodiscard]] bool may_change_types(std::string_view tag);

/// The answers to a look-up of types, which is asked once per level of what they are made of.
///
/// Errors: `data_error` for an answer that no question of ours has.
class collected_types final : public driver::row_sink {
public:
    explicit collected_types(std::vector<std::uint32_t> asked)
        : first_asked_(asked), asked_(std::move(asked)) {}

    /// The types to ask for next; empty: everything is known.
    [[nodiscard]] const std::vector<std::uint32_t>& asked() const noexcept { return asked_; }

    /// Goes on to the types that those of the last answer are made of.
    void next_level();

    /// Adds the types that were asked for at first. One that is gone again is a type without a
    /// name.
    void add_to(type_catalog& catalog) const;

private:
    struct row_of_catalog {
        std::string name;
        std::string category;     ///< "domain", "array", "text", "": something else.
        std::uint32_t inner = 0;  ///< What a domain is made of; the elements of an array.
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
