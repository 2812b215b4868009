// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dependency_kind.hpp"
#include "relationship.hpp"

/// The value of a field such as "Debian Vim Maintainers <team+vim@tracker.debian.org>".
struct maintainer_entry {
    std::string name;
    std::string email;

    friend bool operator==(const maintainer_entry&, const maintainer_entry&) = default;
};

struct dependency_entry {
    dependency_kind kind{};
    relationship target;
};

/// A package of dpkg's status file or of a package index.
struct package_entry {
    std::string name;
    std::string version;
    std::string architecture;
    std::optional<std::string> section;
    std::optional<std::string> priority;
    std::optional<std::int64_t> installed_size;  ///< In KiB.
    std::string summary;
    std::string description;  ///< A line per paragraph; lines with a leading blank are verbatim.
    std::optional<std::string> homepage;
    std::optional<maintainer_entry> maintainer;
    std::vector<dependency_entry> dependencies;
};

/// Reads the packages of dpkg's status file (/var/lib/dpkg/status), or of a package index
/// (Packages).
///
/// Packages that are not installed are left out. When a name comes twice (another architecture,
/// another version) the first one counts.
///
/// @param file  The text's name in messages.
/// @throws input_error  The text is damaged, cut off, or has no package.
[[nodiscard]] std::vector<package_entry> parse_dpkg_status(
    std::string_view text, const std::string& file
);

/// Reads the file and its packages.
///
/// @throws std::runtime_error  The file cannot be read, or see above. Names the file.
[[nodiscard]] std::vector<package_entry> read_dpkg_status(const std::string& file);
