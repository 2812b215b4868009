// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <span>

namespace gino::driver::detail {

class dropping_sink final : public row_sink {
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const field_slice> /*fields*/) override {}
};

/// Says of the statements of a batch that have not failed themselves that nothing of them is left.
void abort_others(std::span<pipelined> batch);

}  // namespace gino::driver::detail
