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

/// The configuration of a web application's database, which `init_app()` reads from a JSON object.
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
/// | `echo` | `false` | write each statement to `engine_options::echo`, or to standard error |
/// | `ssl` | none | `false`, `true`, one of PostgreSQL's sslmode words, or an object (below) |
/// | `kwargs` | `{}` | parameters of the URL by name: the driver's, and `pool_...` |
/// | `retry_limit` | `1` | further attempts to connect at start-up |
/// | `retry_interval` | `1` | seconds between them; fractions count |
///
/// A key whose value is `null` has its default. `ssl` as an object has the driver's options of TLS
/// by name: `{"sslmode": "verify-full", "sslrootcert": "authority.crt"}`. A `pool_max_size` in the
/// URL overrides this one, and lowers `pool_min_size` if need be: see `create_engine()`.
struct database_config {
    std::string driver = "postgresql";  ///< The scheme of the URL; ignored with a `dsn`.
    std::string host = "localhost";
    std::uint16_t port = 5432;
    std::string user = "postgres";
    std::string password;               ///< Empty: the URL has none.
    std::string database = "postgres";  ///< For SQLite: the path of the file.
    std::optional<std::string> dsn;     ///< Replaces the six fields above.
    std::size_t pool_min_size = 5;      ///< See `pool_options::min_size`.
    std::size_t pool_max_size = 10;     ///< See `pool_options::max_size`.
    bool echo = false;
    std::optional<std::string> ssl;  ///< An sslmode word; `true` is "require", `false` "disable".
    std::vector<std::pair<std::string, std::string>> ssl_options;  ///< The members of `ssl`.
    std::vector<std::pair<std::string, std::string>> kwargs;  ///< Further parameters of the URL.
    std::uint32_t retry_limit = 1;                            ///< 0: one attempt only.
    std::chrono::milliseconds retry_interval{1000};

    /// Reads a configuration. Missing keys have their defaults.
    ///
    /// @throws argument_error  `errc::invalid_option`: an unknown key, or a value of the wrong type
    ///                         or range; or `pool_max_size` is 0 or less than `pool_min_size`. The
    ///                         message names the key, and never a value.
    [[nodiscard]] static database_config parse(const boost::json::object& config);

    /// Returns the URL to connect to: `dsn`, or a URL of the single fields. `ssl`, `ssl_options`
    /// and `kwargs` become its parameters.
    ///
    /// @throws argument_error  `errc::invalid_url`: the dsn is malformed, or its scheme is unknown.
    ///                         `errc::invalid_option`: a parameter is set twice.
    [[nodiscard]] gino::url url() const;
};

}  // namespace gino::ext
