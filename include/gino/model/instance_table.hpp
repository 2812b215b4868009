// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/row.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

/// The tables by which distinct loaders find the objects that they have made.
namespace gino::detail {

/// A hash table of objects, by their owner and by the values of some columns.
///
/// It uses open addressing. A key of one field of at most eight bytes is stored in the table
/// itself, longer ones in one string beside it; so an integer key allocates nothing per object.
///
/// Invariants:
/// - At most half of the slots are used.
/// - Two rows have equal keys if their fields have the same bytes; NULL equals NULL.
class instance_table {
public:
    /// The number and the place of an object that does not exist yet.
    static constexpr std::uint32_t none = UINT32_MAX;

    /// An object: its number in the query, and its place among the values of its owner.
    struct instance {
        std::uint32_t number = none;  ///< Of the object; `none`: new.
        std::uint32_t place = none;   ///< Among the values of its owner.
    };

    /// Returns the object whose key is in a row; a new one has the number `none`, which the caller
    /// replaces.
    ///
    /// @param owner   The number of the object that contains the values.
    /// @param places  The positions of the key's columns; not empty.
    /// @return Valid until the next call.
    [[nodiscard]] instance& find_or_add(
        std::uint32_t owner, const row& from, const std::vector<std::size_t>& places
    );

private:
    /// The key of an object.
    struct key {
        std::uint64_t small =
            0;  ///< The bytes of a short key; otherwise the place in `long_keys_`.
        std::uint32_t length = 0;  ///< Of a long key; 0: a short one.
        std::uint32_t owner = 0;
        std::uint32_t form = 0;  ///< The length of a short key; `none`: a long one.
    };

    /// A place of the table; not used at first.
    struct slot {
        std::uint64_t hash = 0;
        key stored;
        instance found;
        bool used = false;
    };

    /// Compares with a key that find_or_add() has made; a long one is in `scratch_`.
    [[nodiscard]] bool equal(const slot& s, const key& wanted) const noexcept;
    /// Doubles the table. References to instances become invalid.
    void grow();
    /// Adds a key. REQUIRES: it is not there, and a slot is free.
    [[nodiscard]] instance& insert(std::uint64_t hash, key added);

    std::vector<slot> slots_;
    std::size_t used_ = 0;
    std::string long_keys_;
    std::string scratch_;
};

/// The number of the single object of each owner, for members that are one object.
class owner_numbers {
public:
    void set(std::uint32_t owner, std::uint32_t number);
    /// Returns the owner's object; `instance_table::none` if it has none.
    [[nodiscard]] std::uint32_t get(std::uint32_t owner) const noexcept;

private:
    std::vector<std::uint32_t> numbers_;  // by owner
};

/// Pairs of an owner and an object, so that a member function is called once for each.
class seen_pairs {
public:
    /// Adds a pair; returns false if it was there.
    bool insert(std::uint32_t owner, const void* object);

private:
    struct hash {
        std::size_t operator()(const std::pair<std::uint32_t, const void*>& p) const noexcept;
    };

    std::unordered_set<std::pair<std::uint32_t, const void*>, hash> seen_;
};

}  // namespace gino::detail
