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

/// A cursor of a driver on a connection. It ends when the connection is given back or lost.
///
/// The connection's list of cursors links it, without owning it: the handle owns it, and a fetch
/// that runs.
///
/// Thread safety: `opened_` is touched with the lock of the connection held; the list, and taking
/// `opened_` away, also need the connection's mutex.
class cursor_state : public boost::intrusive::list_base_hook<>,
                     public std::enable_shared_from_this<cursor_state> {
public:
    /// @param timeout  The time limit of each fetch; zero: none.
    /// @param sql      For messages.
    cursor_state(
        std::shared_ptr<connection_state> on,
        std::unique_ptr<driver::cursor> opened,
        std::chrono::milliseconds timeout,
        std::string sql
    );
    cursor_state(const cursor_state&) = delete;
    cursor_state& operator=(const cursor_state&) = delete;
    ~cursor_state();

    /// See `open_cursor::fetch()`.
    ///
    /// @throws state_error  The connection was given back or lost.
    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink);
    /// Closes the cursor. Does nothing when it has ended.
    [[nodiscard]] awaitable<void> close();

private:
    friend class connection_state;

    const std::shared_ptr<connection_state> on_;
    std::unique_ptr<driver::cursor> opened_;  // null: the cursor has ended
    const std::chrono::milliseconds timeout_;
    const std::string sql_;
};

}  // namespace gino::detail
