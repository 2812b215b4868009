// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <span>

namespace gino::sqlite {

/// Runs statements one after the other: in this process a round trip costs nothing. A batch runs in
/// a savepoint, which works within a transaction and without one (SQLite's page "Savepoints").
///
/// See `driver::connection::execute_pipeline()`.
[[nodiscard]] awaitable<void> run_pipeline(
    driver::connection& on, std::span<driver::pipelined> statements, driver::pipeline_sync sync
);

}  // namespace gino::sqlite
