// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models.hpp"
#include "queries.hpp"

/// What this service says and understands in JSON.
namespace json {

/// A part of a list of packages: what a search found.
[[nodiscard]] boost::json::object write_packages(
    const std::vector<package>& packages, std::int64_t total, queries::slice part
);

/// What needs a package, a part of it.
[[nodiscard]] boost::json::object write_dependents(
    const std::vector<dependency>& dependents, std::int64_t total
);

/// A package with its maintainer and its notes.
[[nodiscard]] boost::json::object write_package(
    const package& shown,
    const std::vector<dependency>& dependencies,
    boost::json::object dependents
);

/// A maintainer with all packages.
[[nodiscard]] boost::json::object write_maintainer(const maintainer& shown);

[[nodiscard]] boost::json::object write_note(const note& shown);

/// What a client wants a note to be. A member that it did not name is left as it is.
struct note_change {
    std::optional<std::string> text;
    std::optional<std::optional<std::string>> author;  ///< Nothing inside: no author.
};

/// Reads `{"text": "...", "author": "..."}`.
///
/// @throws gino::ext::http_error  400: says which member is wrong and what was expected.
[[nodiscard]] note_change read_note(const boost::json::value& body);

}  // namespace json
