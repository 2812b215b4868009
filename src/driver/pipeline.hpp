// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <span>

namespace gino::driver::detail {

/// Forgets what an earlier run has filled in.
void forget_results(std::span<pipelined> statements);

/// Says of the statements of a batch that have not failed themselves that nothing of them is left.
void abort_others(std::span<pipelined> batch);

}  // namespace gino::driver::detail
