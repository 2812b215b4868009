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

/// The JSON documents that this service sends and receives.
namespace json {

/// Writes a part of the packages that a search has found.
[[nodiscard]] boost::json::object write_packages(
    const std::vector<package>& packages, std::int64_t total, queries::slice part
);

/// Writes a part of the dependents of a package.
[[nodiscard]] boost::json::object write_dependents(
    const std::vector<dependency>& dependents, std::int64_t total
);

/// Writes a package with its maintainer and its notes.
[[nodiscard]] boost::json::object write_package(
    const package& shown,
    const std::vector<dependency>& dependencies,
    boost::json::object dependents
);

/// Writes a maintainer with all packages.
[[nodiscard]] boost::json::object write_maintainer(const maintainer& shown);

[[nodiscard]] boost::json::object write_note(const note& shown);

/// The changes of a note that a client requests. A member that is not named keeps its value.
struct note_change {
    std::optional<std::string> text;
    std::optional<std::optional<std::string>> author;  ///< Nothing inside: no author.
};

/// Reads `{"text": "...", "author": "..."}`.
///
/// @throws gino::ext::http_error  400: names the wrong member and the expected value.
[[nodiscard]] note_change read_note(const boost::json::value& body);

}  // namespace json
