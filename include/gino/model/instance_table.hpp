// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/row.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

/// How distinct loaders find the objects that they have made.
namespace gino::detail {

/// Finds objects by their owner and by the values of some columns.
///
/// A hash table with open addressing. A key of one field of at most eight bytes lies in the table
/// itself; longer ones in one string behind it.
class instance_table {
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct instance {
        std::uint32_t number = none;  ///< Of the object; `none` when it was added just now.
        std::uint32_t place = none;   ///< Among the values of its owner.
    };

    /// Returns the object whose key is in `from`; the reference is valid until the next call.
    ///
    /// @param places  The columns that make the key.
    [[nodiscard]] instance& find_or_add(
        std::uint32_t owner, const row& from, const std::vector<std::size_t>& places
    );

private:
    struct key {
        std::uint64_t small =
            0;  ///< The bytes of a short key; otherwise the place in `long_keys_`.
        std::uint32_t length = 0;  ///< Of a long key; 0: a short one.
        std::uint32_t owner = 0;
        std::uint32_t form = 0;  ///< Tells short keys of different lengths apart.
    };

    struct slot {
        std::uint64_t hash = 0;
        key stored;
        instance found;
        bool used = false;
    };

    [[nodiscard]] bool equal(const slot& s, const key& wanted) const noexcept;
    void grow();
    [[nodiscard]] instance& insert(std::uint64_t hash, key added);

    std::vector<slot> slots_;
    std::size_t used_ = 0;
    std::string long_keys_;
    std::string scratch_;
};

/// The number of the single object that an owner has.
class owner_numbers {
public:
    void set(std::uint32_t owner, std::uint32_t number);
    [[nodiscard]] std::uint32_t get(std::uint32_t owner) const noexcept;

private:
    std::vector<std::uint32_t> numbers_;  // by owner
};

/// Pairs of an owner and an object that have met.
class seen_pairs {
public:
    /// Returns true the first time.
    bool insert(std::uint32_t owner, const void* object);

private:
    struct hash {
        std::size_t operator()(const std::pair<std::uint32_t, const void*>& p) const noexcept;
    };

    std::unordered_set<std::pair<std::uint32_t, const void*>, hash> seen_;
};

}  // namespace gino::detail
