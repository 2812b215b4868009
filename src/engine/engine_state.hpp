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

/// A statement that is ready to be sent, with the memory that its request points into.
///
/// Lifetime: the values of the parameters belong to the statement, or to `completed`. Moving it is
/// safe, copying it is not: the request of a copy points into the original.
struct prepared_execution {
    std::shared_ptr<const compiled> text;
    sql::statement_ref completed;  ///< The statement with the model's defaults; null: as given.
    std::vector<driver::parameter> parameters;
    driver::request request;
};

/// The state that the handles of one engine share.
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

    /// Compiles a statement, or finds its text in the cache. The result points into the statement,
    /// which must outlive it.
    ///
    /// @throws compile_error   The dialect cannot write the statement.
    /// @throws argument_error  A limit would cut the objects of its loader.
    [[nodiscard]] prepared_execution prepare(const execution& what);

    /// Returns the time limit of a statement with these options that begins now.
    [[nodiscard]] time_limit limit_of(const execution_options& options) const;

    /// Borrows a connection, within the limits of the statement and of the pool.
    ///
    /// @param sql  The statement, for messages. Empty: `acquire()` of a program, which may wait for
    ///             longer than the pool's acquire_timeout.
    /// @throws statement_timeout  The time of the statement was over. See `pool::acquire()` for the
    ///                            other errors.
    [[nodiscard]] awaitable<lease> borrow(
        time_limit limit, std::source_location where, std::string_view sql
    ) const;

    /// Runs a statement on a connection that no other coroutine uses, with hooks and time limit.
    ///
    /// @throws statement_timeout  The time was over, and the connection was interrupted.
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

/// True for a `gino::error` with this code; false for null.
[[nodiscard]] bool has_code(const std::exception_ptr& failure, errc code);

/// True for an error after which its connection cannot be used any more. REQUIRES: not null.
[[nodiscard]] bool is_connection_lost(const std::exception_ptr& failure);

}  // namespace gino::detail
