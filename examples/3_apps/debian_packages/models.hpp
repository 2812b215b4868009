// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/gino.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dependency_kind.hpp"

/// Stores a kind as its name.
template <>
struct gino::mapping<dependency_kind> {
    using stored_type = std::string;

    static dependency_kind load(const std::string& name) {
        for (const auto& names : dependency_kinds) {
            if (names.name == name) {
                return names.kind;
            }
        }
        throw std::runtime_error("\"" + name + "\" is no kind of dependency");
    }

    static std::string store(dependency_kind kind) { return std::string(to_string(kind)); }
};

struct package;
struct note;

/// A person or team that maintains packages.
struct maintainer {
    std::int64_t id{};
    std::string name{};
    std::string email{};

    std::vector<package> packages;  // filled by a loader

    GINO_MODEL(maintainer, "maintainers", id, name, email)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id), gino::unique("uq_maintainers_name_email", c.name, c.email)};
    }
};

struct package {
    std::int64_t id{};
    std::string name{};
    std::string version{};
    std::string architecture{};
    std::optional<std::string> section{};
    std::optional<std::string> priority{};
    std::optional<std::int64_t> installed_size{};  // in KiB
    std::string summary{};
    std::string description{};
    std::optional<std::string> homepage{};
    std::optional<std::int64_t> maintainer_id{};

    std::optional<maintainer> maintained_by;  // these two are filled by loaders
    std::vector<note> notes;

    GINO_MODEL(
        package,
        "packages",
        id,
        name,
        version,
        architecture,
        section,
        priority,
        installed_size,
        summary,
        description,
        homepage,
        maintainer_id
    )

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::unique("uq_packages_name", c.name),
            gino::foreign_key(c.maintainer_id, maintainer::c.id)
                .on_delete(gino::referential_action::set_null),
            gino::index("ix_packages_maintainer_id", c.maintainer_id)};
    }
};

/// A user's note about a package.
struct note {
    std::int64_t id{};
    std::int64_t package_id{};
    std::optional<std::string> author{};
    std::string text{};
    gino::timestamptz created_at{};  // the database's clock

    GINO_MODEL(note, "notes", id, package_id, author, text, created_at)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.package_id, package::c.id)
                .on_delete(gino::referential_action::cascade),
            gino::index("ix_notes_package_id", c.package_id),
            gino::server_default(c.created_at, gino::func::now())};
    }
};

/// A relationship of a package to another one. The target may be missing in the database: virtual
/// packages have no entry, and dpkg's status file has only installed packages.
struct dependency {
    std::int64_t id{};
    std::int64_t package_id{};
    dependency_kind kind{};
    std::string name{};
    std::optional<std::int64_t> target_id{};
    std::optional<std::string> version{};       // ">= 1.2"
    std::optional<std::string> architecture{};  // "any"
    std::optional<std::string> alternatives{};  // "b (<< 2) | c"

    std::shared_ptr<package> source{};  // these two are filled by loaders
    std::shared_ptr<package> target{};

    GINO_MODEL(
        dependency,
        "dependencies",
        id,
        package_id,
        kind,
        name,
        target_id,
        version,
        architecture,
        alternatives
    )

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.package_id, package::c.id)
                .on_delete(gino::referential_action::cascade),
            gino::foreign_key(c.target_id, package::c.id)
                .on_delete(gino::referential_action::set_null),
            gino::index("ix_dependencies_package_id", c.package_id),
            gino::index("ix_dependencies_target_id", c.target_id)};
    }
};

inline constexpr auto all_models = gino::models<maintainer, package, note, dependency>;
