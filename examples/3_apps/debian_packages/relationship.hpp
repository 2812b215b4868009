// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// One element of a field such as Depends: `libc6:any (>= 2.36) [amd64] | libc6-udeb`.
struct relationship {
    std::string name;                         ///< The first alternative's: "libc6".
    std::optional<std::string> architecture;  ///< "any", or "amd64".
    std::optional<std::string> version;       ///< ">= 2.36"
    std::optional<std::string> alternatives;  ///< "libc6-udeb": the text behind the first "|".

    friend bool operator==(const relationship&, const relationship&) = default;
};

class relationship_error : public std::runtime_error {
public:
    relationship_error(std::size_t place, const std::string& problem)
        : std::runtime_error(problem), place_(place) {}

    /// Returns the place of the problem in the text.
    [[nodiscard]] std::size_t place() const noexcept { return place_; }

private:
    std::size_t place_;
};

/// Reads the value of a relationship field, as in section 7.1 of the Debian Policy Manual. Build
/// profiles (`<!nocheck>`) are allowed and left out.
///
/// @throws relationship_error  The text has another syntax.
[[nodiscard]] std::vector<relationship> parse_relationships(std::string_view text);
