// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino {

/// Where a database is and how to reach it: `postgresql://me@localhost:5432/app?sslmode=disable`,
/// `sqlite:///app.db` (relative), `sqlite:////var/app.db` (absolute), `sqlite://` (in memory).
///
/// Parts are decoded ("%40" is "@"). Which schemes and parameters exist is the drivers' business.
class url {
public:
    /// @param text  `scheme://[user[:password]@][host][:port][/database][?name=value&...]`. Copied.
    /// @throws argument_error  `errc::invalid_url`; names the part that is wrong, never the
    /// password.
    explicit url(std::string_view text);

    std::string scheme;
    std::string user;
    std::optional<std::string> password;
    std::string host;                   ///< Empty: the driver's default. IPv6 without brackets.
    std::optional<std::uint16_t> port;  ///< Nothing: the driver's default.
    std::string database;               ///< What follows the host's "/", without it.
    /// In the order of the text; a name stands at most once.
    std::vector<std::pair<std::string, std::string>> parameters;

    /// Returns the value of a parameter, or nothing.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;

    /// Writes the URL for people: the password is `***`.
    [[nodiscard]] std::string redacted() const;
};

}  // namespace gino
