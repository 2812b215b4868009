// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models.hpp"

/// The statements of this service, written in the expression language: they use the models'
/// columns, and load the results into models.
namespace queries {

/// A part of a long list.
struct slice {
    std::int64_t limit;
    std::int64_t offset;
};

/// A statement that returns a number of rows.
using count_statement =
    gino::select_statement<std::int64_t, std::int64_t, std::tuple<gino::expr<std::int64_t>>>;

/// Selects the packages whose name contains `text`; names that begin with it come first. Loads
/// name, version, section and summary.
[[nodiscard]] gino::select_statement<package> search(std::string_view text, slice wanted);
[[nodiscard]] count_statement count_found(std::string_view text);

/// Selects one package, with its maintainer and its notes.
[[nodiscard]] gino::select_statement<package> package_by_name(std::string_view name);

/// Selects only the key of a package.
[[nodiscard]] gino::select_statement<package> package_key(std::string_view name);

/// Selects the dependencies of a package, each with its target.
[[nodiscard]] gino::select_statement<dependency> dependencies_of(std::int64_t package_id);

/// Selects the dependents of a package, each with its source.
[[nodiscard]] gino::select_statement<dependency> dependents_of(
    std::int64_t package_id, slice wanted
);
[[nodiscard]] count_statement count_dependents(std::int64_t package_id);

/// Selects one maintainer, with all packages.
[[nodiscard]] gino::select_statement<maintainer> maintainer_by_id(std::int64_t id);

/// True for the note `id` of the package `name`.
[[nodiscard]] gino::expr<std::optional<bool>> is_note(std::string_view name, std::int64_t id);

}  // namespace queries
