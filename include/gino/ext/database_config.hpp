// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/url.hpp>
#include <gino/engine/engine_options.hpp>

#include <boost/json/fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gino::ext {

/// How a web application reaches its database: what `init_app()` reads from a JSON object.
///
/// | key | default | meaning |
/// | --- | --- | --- |
/// | `dsn` | none | a URL; replaces the six keys below it |
/// | `driver` | `"postgresql"` | also `"postgres"`, `"asyncpg"`, `"sqlite"` |
/// | `host` | `"localhost"` | |
/// | `port` | `5432` | |
/// | `user` | `"postgres"` | |
/// | `password` | `""` | |
/// | `database` | `"postgres"` | for SQLite: the file |
/// | `pool_min_size` | `5`, or `pool_max_size` if that is less | connections opened at start |
/// | `pool_max_size` | `10` | the most connections |
/// | `echo` | `false` | pass each statement to `engine_options::echo`, or to standard error |
/// | `ssl` | none | `false`, `true`, one of PostgreSQL's sslmode words, or an object (below) |
/// | `kwargs` | `{}` | parameters of the URL by name: the driver's, and `pool_...` |
/// | `retry_limit` | `1` | further attempts to connect at start-up |
/// | `retry_interval` | `1` | seconds between them; fractions count |
///
/// A key whose value is `null` has its default. `ssl` as an object has the driver's options of TLS
/// by name: `{"sslmode": "verify-full", "sslrootcert": "authority.crt"}`. A `pool_max_size` in the
/// URL counts more than this one, and than `pool_min_size`: see `create_engine()`.
struct database_config {
    std::string driver = "postgresql";
    std::string host = "localhost";
    std::uint16_t port = 5432;
    std::string user = "postgres";
    std::string password;
    std::string database = "postgres";
    std::optional<std::string> dsn;
    std::size_t pool_min_size = 5;
    std::size_t pool_max_size = 10;
    bool echo = false;
    std::optional<std::string> ssl;  ///< An sslmode word; `true` is "require", `false` "disable".
    std::vector<std::pair<std::string, std::string>> ssl_options;  ///< What an object `ssl` has.
    std::vector<std::pair<std::string, std::string>> kwargs;
    std::uint32_t retry_limit = 1;
    std::chrono::milliseconds retry_interval{1000};

    /// Reads a configuration. Keys that are missing have their defaults.
    ///
    /// @throws argument_error  `errc::invalid_option`: a key that nobody knows, or a value of the
    ///                         wrong type or range; names the key, never a value.
    [[nodiscard]] static database_config parse(const boost::json::object& config);

    /// The URL to connect to: `dsn`, or made of the parts; `ssl`, `ssl_options` and `kwargs` are
    /// its parameters.
    ///
    /// @throws argument_error  The dsn is malformed, or two of them name the same parameter.
    [[nodiscard]] gino::url url() const;
};

}  // namespace gino::ext
