// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <memory>
#include <string_view>

namespace gino::postgresql {

/// Reads a connection string as libpq does (manual, 34.1.1): a URI, or keywords and values. Parts
/// that a URL has no place for, such as several hosts, become parameters of the result.
///
/// A keyword that occurs twice is an error here. The scheme `asyncpg://` is read as
/// `postgresql://`.
///
/// @return A URL with the scheme `postgresql`. Keywords that gino does not know are kept as
///         parameters; `make_driver()` refuses them.
/// @throws argument_error  `errc::invalid_url`: the text is malformed. The message describes the
///                         fault and never quotes a value.
[[nodiscard]] url read_url(std::string_view text);

/// Makes the driver for `postgresql://` URLs. It opens no connection.
///
/// Settings that `where` lacks come from the places where libpq looks for them: a service (the
/// parameter `service`), environment variables such as `PGHOST` and `PGUSER`, and the password
/// file.
///
/// @param where  Host, port, user, password, database; a host that begins with "/" is the folder of
///               a Unix socket. The parameters are libpq's (manual, 34.1.2), and `require_auth`,
///               `load_balance_hosts`, `sslnegotiation` of its later versions. gino adds
///               `statement_cache_size` (100; 0: none), `prepared_statements` (`named`; `unnamed`
///               for PgBouncer in its transaction mode; `simple` for servers that know only the
///               simple protocol, without parameters) and `pipeline` (`on`; `off`, the default with
///               unnamed statements: one Sync at a time).
/// @throws argument_error  `errc::invalid_url`: a parameter is unknown, has a wrong value, or needs
///                         a feature that gino does not have (GSSAPI). The message names it.
[[nodiscard]] std::unique_ptr<driver::driver> make_driver(const url& where);

}  // namespace gino::postgresql
