// SPDX-License-Identifier: BSD-3-Clause
#include <gino/model/instance_table.hpp>

#include <cstring>
#include <string_view>

namespace gino::detail {

namespace {

// The finalizer of splitmix64: every bit of the input changes half of the bits of the output. Keys
// are mostly consecutive numbers, which would fill neighbouring slots otherwise.
std::uint64_t mix(std::uint64_t x) noexcept {
    x ^= x >> 30U;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27U;
    x *= 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

// The length goes first, so that ("a", "bc") and ("ab", "c") differ; no field has the length that
// marks NULL.
void append_field(std::string& key, const field_view& field) {
    const auto raw = field.raw();
    const auto length = field.is_null() ? UINT32_MAX : static_cast<std::uint32_t>(raw.size());
    key.append(reinterpret_cast<const char*>(&length), sizeof length);
    if (!field.is_null()) {
        key.append(reinterpret_cast<const char*>(raw.data()), raw.size());
    }
}

}  // namespace

bool instance_table::equal(const slot& s, const key& wanted) const noexcept {
    if (s.stored.owner != wanted.owner || s.stored.form != wanted.form) {
        return false;
    }
    // The form is the length of a short key, so that a short key never equals a long one.
    if (wanted.form != none) {
        return s.stored.small == wanted.small;
    }
    return std::string_view(long_keys_).substr(s.stored.small, s.stored.length) == scratch_;
}

instance_table::instance& instance_table::insert(std::uint64_t hash, key added) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].used) {
        at = (at + 1) & mask;
    }
    slots_[at] = {.hash = hash, .stored = added, .found = {}, .used = true};
    ++used_;
    return slots_[at].found;
}

// Keys are moved with their hashes: long ones stay where they are in `long_keys_`.
void instance_table::grow() {
    std::vector<slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const auto& s : old) {
        if (s.used) {
            insert(s.hash, s.stored) = s.found;
        }
    }
}

instance_table::instance& instance_table::find_or_add(
    std::uint32_t owner, const row& from, const std::vector<std::size_t>& places
) {
    // Grows before the search, so that the insertion below always finds a free slot.
    if (used_ * 2 >= slots_.size()) {
        grow();
    }
    key wanted{.owner = owner};
    std::uint64_t hash = 0;
    const field_view first = from.field(places.front());
    if (places.size() == 1 && !first.is_null() && first.raw().size() <= sizeof wanted.small) {
        // The rest of `small` is zero, so that equal bytes are equal numbers.
        std::memcpy(&wanted.small, first.raw().data(), first.raw().size());
        wanted.form = static_cast<std::uint32_t>(first.raw().size());
        hash = mix(wanted.small + (std::uint64_t{owner} << 32U) + wanted.form);
    } else {
        scratch_.clear();
        for (const auto place : places) {
            append_field(scratch_, from.field(place));
        }
        wanted.form = none;
        hash = mix(std::hash<std::string_view>()(scratch_) + owner);
    }
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at].used; at = (at + 1) & mask) {
        if (slots_[at].hash == hash && equal(slots_[at], wanted)) {
            return slots_[at].found;
        }
    }
    if (wanted.form == none) {
        wanted.small = long_keys_.size();
        wanted.length = static_cast<std::uint32_t>(scratch_.size());
        // Positions and not pointers: the string moves as it grows.
        long_keys_ += scratch_;
    }
    return insert(hash, wanted);
}

void owner_numbers::set(std::uint32_t owner, std::uint32_t number) {
    if (owner >= numbers_.size()) {
        numbers_.resize(owner + std::size_t{1}, instance_table::none);
    }
    numbers_[owner] = number;
}

std::uint32_t owner_numbers::get(std::uint32_t owner) const noexcept {
    return owner < numbers_.size() ? numbers_[owner] : instance_table::none;
}

bool seen_pairs::insert(std::uint32_t owner, const void* object) {
    return seen_.emplace(owner, object).second;
}

std::size_t seen_pairs::hash::operator()(const std::pair<std::uint32_t, const void*>& p
) const noexcept {
    return mix(reinterpret_cast<std::uintptr_t>(p.second) + p.first);
}

}  // namespace gino::detail
