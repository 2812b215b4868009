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
/// | `pool_min_size` | `5` | connections opened at start |
/// | `pool_max_size` | `10` | the most connections |
/// | `echo` | `false` | pass each statement to `engine_options::echo` |
/// | `ssl` | none | `false`, `true`, or one of PostgreSQL's sslmode words |
/// | `kwargs` | `{}` | parameters of the driver and settings of the pool, by name |
/// | `retry_limit` | `1` | further attempts to connect at start-up |
/// | `retry_interval` | `1` | seconds between them; fractions count |
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
    std::vector<std::pair<std::string, std::string>> kwargs;
    std::uint32_t retry_limit = 1;
    std::chrono::milliseconds retry_interval{1000};

    /// Reads a configuration. Keys that are missing have their defaults.
    ///
    /// @throws argument_error  `errc::invalid_option`: a key that nobody knows, or a value of the
    ///                         wrong type or range; names the key, never a value.
    [[nodiscard]] static database_config parse(const boost::json::object& config);

    /// The URL to connect to: `dsn`, or made of the parts; `ssl` and `kwargs` are its parameters.
    ///
    /// @throws argument_error  The dsn is malformed, or names a parameter that `kwargs` has too.
    [[nodiscard]] gino::url url() const;
};

}  // namespace gino::ext
