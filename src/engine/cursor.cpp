// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/cursor.hpp>

#include "engine/connection_state.hpp"

namespace gino::detail {

awaitable<std::size_t> open_cursor::fetch(std::size_t count, driver::row_sink& sink) const {
    auto state = state_;
    const std::size_t fetched = co_await state->fetch(count, sink);
    co_return fetched;
}

awaitable<void> open_cursor::close() const {
    auto state = state_;
    co_await state->close();
}

}  // namespace gino::detail
