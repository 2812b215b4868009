// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/url.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace gino::postgresql {

/// What a `postgresql://` URL says.
///
/// | parameter | default | meaning |
/// | --- | --- | --- |
/// | `host` | `localhost` | instead of the URL's; a folder of a unix socket begins with "/" |
/// | `port` | 5432 | instead of the URL's |
/// | `application_name` | `gino` | as pg_stat_activity shows it |
/// | `options` | none | command-line options of the server's process |
/// | `statement_cache_size` | 100 | prepared statements kept per connection; 0: none |
/// | `sslmode` | `prefer` | `disable`, `allow` or `prefer`: TLS is not there yet |
struct connect_options {
    std::string host = "localhost";
    std::uint16_t port = 5432;
    std::string user;  ///< Default: that of the process.
    std::string password;
    std::string database;  ///< Default: the user.
    std::string application_name = "gino";
    std::string options;
    std::size_t statement_cache_size = 100;

    [[nodiscard]] bool is_unix_socket() const noexcept { return host.starts_with('/'); }

    /// Host and port, or the socket's path, for people.
    [[nodiscard]] std::string address() const;

    /// @throws argument_error  A parameter that nobody knows, or a value that it cannot have.
    [[nodiscard]] static connect_options parse(const url& where);
};

}  // namespace gino::postgresql
