// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// The kind of a relationship between two packages.
enum class dependency_kind : std::uint8_t {
    pre_depends,
    depends,
    recommends,
    suggests,
    enhances,
    breaks,
    conflicts,
    replaces
};

struct dependency_kind_names {
    dependency_kind kind;
    std::string_view field;  ///< In Debian's files.
    std::string_view name;   ///< In the database and in JSON.
};

inline constexpr std::array<dependency_kind_names, 8> dependency_kinds{{
    {dependency_kind::pre_depends, "Pre-Depends", "pre_depends"},
    {dependency_kind::depends, "Depends", "depends"},
    {dependency_kind::recommends, "Recommends", "recommends"},
    {dependency_kind::suggests, "Suggests", "suggests"},
    {dependency_kind::enhances, "Enhances", "enhances"},
    {dependency_kind::breaks, "Breaks", "breaks"},
    {dependency_kind::conflicts, "Conflicts", "conflicts"},
    {dependency_kind::replaces, "Replaces", "replaces"},
}};

[[nodiscard]] constexpr std::string_view to_string(dependency_kind kind) noexcept {
    return dependency_kinds[static_cast<std::size_t>(kind)].name;
}
