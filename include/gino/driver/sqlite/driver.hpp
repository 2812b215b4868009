// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <memory>

namespace gino::sqlite {

/// Makes the driver for `sqlite://` URLs. Each session has a worker thread of its own, named
/// "gino-sqlite", that makes all calls to SQLite.
///
/// @param where  The file, or none for a database in memory; parameters: see `connect_options`.
/// @throws argument_error  `errc::invalid_url`; a parameter that nobody knows is named.
[[nodiscard]] std::unique_ptr<driver::driver> make_driver(const url& where);

}  // namespace gino::sqlite
