// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/driver/postgresql/driver.hpp>
#include <gino/engine/engine.hpp>

#include "engine/driver_registry.hpp"

namespace gino::detail {

registered_schemes postgresql_schemes() {
    return {
        {"postgresql", "postgres", "asyncpg"},
        {&postgresql::dialect(), &postgresql::make_driver, &postgresql::read_url}};
}

}  // namespace gino::detail
