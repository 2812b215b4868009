// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <memory>
#include <string_view>

namespace gino::postgresql {

/// Reads a connection string as libpq does (manual, 34.1.1): a URI, or keywords and values. Parts
/// that a URL has no room for, such as several hosts, become parameters.
///
/// @throws argument_error  `errc::invalid_url`; says what is wrong, and never quotes a value.
[[nodiscard]] url read_url(std::string_view text);

/// Makes the driver for `postgresql://` URLs.
///
/// What `where` does not say comes from where libpq looks for it: a service (the parameter
/// `service`), the variables `PGHOST`, `PGUSER` and so on, and the password file.
///
/// @param where  Host, port, user, password, database; a host that starts with "/" is the folder
///               of a unix socket. The parameters are libpq's (manual, 34.1.2), and
///               `require_auth`, `load_balance_hosts`, `sslnegotiation` of its later versions.
///               Ours are `statement_cache_size` (100; 0: none), `prepared_statements`
///               (`named`; `unnamed` behind PgBouncer in its transaction mode) and `pipeline`
///               (`on`; `off`, the default with unnamed statements: one Sync at a time).
/// @throws argument_error  `errc::invalid_url`; a parameter that nobody knows is named.
[[nodiscard]] std::unique_ptr<driver::driver> make_driver(const url& where);

}  // namespace gino::postgresql
