// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino {

/// The address of a database and the options to connect with:
/// `postgresql://me@localhost:5432/app?sslmode=disable`, `sqlite:///app.db` (relative path),
/// `sqlite:////var/app.db` (absolute path), `sqlite://` (in memory).
///
/// The parts are percent-decoded ("%40" is "@"). The class checks the grammar alone; the driver of
/// the scheme checks which parameters exist and which values they may have.
class url {
public:
    /// Reads a URL.
    ///
    /// @param text  `scheme://[user[:password]@][host][:port][/database][?name=value&...]`. Copied.
    /// @throws argument_error  `errc::invalid_url`: the text breaks the grammar, has a fragment
    ///                         ("#") or a NUL ("%00"), or names a parameter twice or without a
    ///                         value. The message names the part that is wrong and never has the
    ///                         password.
    explicit url(std::string_view text);

    std::string scheme;                   ///< In lower case.
    std::string user;                     ///< Empty: the driver's default.
    std::optional<std::string> password;  ///< Empty optional: the URL has none.
    std::string host;                     ///< Empty: the driver's default. IPv6 without brackets.
    std::optional<std::uint16_t> port;    ///< Empty optional: the driver's default.
    std::string database;                 ///< The path without its first "/".
    /// The names and values after "?", in the order of the text. Each name occurs at most once.
    std::vector<std::pair<std::string, std::string>> parameters;

    /// Returns the value of a parameter, or an empty optional if the URL does not have it.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;

    /// Writes the URL for logs and messages: the password, and the value of each parameter whose
    /// name contains "password", is `***`.
    [[nodiscard]] std::string redacted() const;
};

}  // namespace gino
