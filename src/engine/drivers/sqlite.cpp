// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/driver/sqlite/driver.hpp>
#include <gino/engine/engine.hpp>

#include "engine/driver_registry.hpp"

namespace gino::detail {

registered_schemes sqlite_schemes() {
    return {{"sqlite"}, {&sqlite::dialect(), &sqlite::make_driver, {}}};
}

}  // namespace gino::detail
