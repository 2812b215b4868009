// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/engine_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <exception>
#include <memory>
#include <source_location>
#include <string_view>
#include <vector>

#include "engine/compiled_cache.hpp"
#include "engine/pool/pool.hpp"
#include "engine/timing/statement_guard.hpp"

namespace gino::detail {

/// A statement that is ready to be sent: its text, and what its parameters point to.
struct prepared_execution {
    std::shared_ptr<const compiled> text;
    sql::statement_ref completed;  ///< The statement with the values of its model, if it has any.
    std::vector<driver::parameter> parameters;
    driver::request request;
};

/// Everything that the handles of one engine share.
///
/// Thread safety: any thread.
class engine_state {
public:
    engine_state(const dialect& by, engine_options options);

    /// Makes the pool and opens its first connections. Called once, before the state is shared.
    ///
    /// @param clock  Null: the real one.
    [[nodiscard]] awaitable<void> open(
        boost::asio::any_io_executor executor,
        std::unique_ptr<driver::driver> opener,
        std::unique_ptr<alarm_clock> clock = nullptr
    );

    [[nodiscard]] const dialect& written_by() const noexcept { return by_; }

    [[nodiscard]] const engine_options& options() const noexcept { return options_; }

    [[nodiscard]] const std::shared_ptr<pool>& connections() const noexcept { return pool_; }

    /// Compiles a statement, or finds its text. What it returns points into `statement`.
    [[nodiscard]] prepared_execution prepare(const execution& what);

    /// When a statement with these options has to be done.
    [[nodiscard]] time_limit limit_of(const execution_options& options) const;

    /// Borrows a connection for a statement.
    ///
    /// @param sql  For messages. Empty: it is no statement that needs it.
    /// @throws statement_timeout  The time was over. See `pool::acquire()` for the rest.
    [[nodiscard]] awaitable<lease> borrow(
        time_limit limit, std::source_location where, std::string_view sql
    ) const;

    /// Sends a statement over a connection that the caller has for itself.
    ///
    /// @throws statement_timeout  The time was over.
    [[nodiscard]] awaitable<gino::status> execute(
        driver::connection& on,
        const driver::request& what,
        driver::row_sink& sink,
        const time_limit& limit
    ) const;

private:
    const dialect& by_;
    engine_options options_;
    compiled_cache cache_;
    std::shared_ptr<pool> pool_;
};

/// True when it is an error of ours with this code; null is none.
[[nodiscard]] bool has_code(const std::exception_ptr& failure, errc code);

/// True when the connection that it came over cannot be used any more.
[[nodiscard]] bool is_connection_lost(const std::exception_ptr& failure);

}  // namespace gino::detail
