// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <memory>

namespace gino::postgresql {

/// Makes the driver for `postgresql://` URLs.
///
/// @param where  Host, port, user, password, database; a host that starts with "/" is the folder
///               of a unix socket, also as the parameter `host`. Other parameters: see
///               `connect_options`.
/// @throws argument_error  `errc::invalid_url`; a parameter that nobody knows is named.
[[nodiscard]] std::unique_ptr<driver::driver> make_driver(const url& where);

}  // namespace gino::postgresql
