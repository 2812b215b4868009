// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/statement_executor.hpp>

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace gino::detail {

class connection_state;

/// A cursor of a driver on a connection. It is over when the connection is given back.
class cursor_state : public boost::intrusive::list_base_hook<>,
                     public std::enable_shared_from_this<cursor_state> {
public:
    /// @param timeout  Of each fetch; zero: none.
    cursor_state(
        std::shared_ptr<connection_state> on,
        std::unique_ptr<driver::cursor> opened,
        std::chrono::milliseconds timeout,
        std::string sql
    );
    cursor_state(const cursor_state&) = delete;
    cursor_state& operator=(const cursor_state&) = delete;
    ~cursor_state();

    /// @throws state_error  The connection was given back or lost.
    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink);
    /// Does nothing when it is over.
    [[nodiscard]] awaitable<void> close();

private:
    friend class connection_state;

    const std::shared_ptr<connection_state> on_;
    std::unique_ptr<driver::cursor> opened_;  // null: over
    const std::chrono::milliseconds timeout_;
    const std::string sql_;
};

}  // namespace gino::detail
