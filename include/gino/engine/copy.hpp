// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/copy.hpp>
#include <gino/engine/callback.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/loading.hpp>
#include <gino/engine/statement_executor.hpp>
#include <gino/sql/statement.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// Runs `COPY table FROM STDIN` and sends the bytes of a source, in the format that the options of
/// the statement name. PostgreSQL only.
///
/// The source is asked for more bytes only when the server has taken the previous ones. When the
/// source throws, the coroutine is cancelled, or the statement runs out of time, no row is stored.
/// For rows of values see model/copy.hpp.
///
/// @param on    For a COPY in a transaction: `tx.connection()`.
/// @param sql   The program's own text, never data from outside. Moved in.
/// @param from  Must outlive the wait.
/// @return Its `affected_rows` is the number of stored rows.
/// @throws argument_error  The statement is not `COPY ... FROM STDIN`, or the database has no COPY.
/// @throws database_error  The server refused a row; the message names its line.
/// @throws ...             Any exception of `from`; and the errors of statements.
///
/// Cancellation: terminal, as for statements.
[[nodiscard]] awaitable<status> copy_in(connection& on, std::string sql, driver::copy_source& from);

/// Runs `COPY table TO STDOUT` or `COPY (query) TO STDOUT` and passes the bytes to a sink.
/// PostgreSQL only.
///
/// The server waits while the sink does, so memory stays flat. When the sink throws, the server is
/// asked to stop, and the connection can be used again.
///
/// @param on, sql  As for `copy_in()`.
/// @param to       Must outlive the wait.
/// @return Its `affected_rows` is the number of rows.
/// @throws argument_error  The statement is not `COPY ... TO STDOUT`, or the database has no COPY.
/// @throws ...             Any exception of `to`; and the errors of statements.
///
/// Cancellation: terminal, as for statements.
[[nodiscard]] awaitable<status> copy_out(connection& on, std::string sql, driver::copy_sink& to);

/// Runs a COPY as above, and passes the bytes to a function that does not wait:
/// `[&](std::span<const std::byte> bytes) { ... }`. The bytes are valid during the call.
[[nodiscard]] awaitable<status> copy_out(
    connection& on, std::string sql, detail::awaited_function<void(std::span<const std::byte>)> take
);

namespace detail {

/// The columns of a COPY, in order; both lists have the same size.
struct copied_columns {
    std::vector<std::string> names;
    std::vector<sql_type> types;
};

/// Runs `COPY table (columns) FROM STDIN` with rows of values, in the format that suits `types`.
///
/// @param sql   Without options.
/// @param from  Must outlive the wait.
[[nodiscard]] awaitable<status> copy_rows_in(
    connection& on, std::string sql, std::vector<sql_type> types, driver::row_source& from
);
/// Runs `COPY ... TO STDOUT` and passes its rows to a sink.
///
/// @param sql  Without options.
/// @param to   Must outlive the wait.
[[nodiscard]] awaitable<status> copy_rows_out(
    connection& on, std::string sql, copied_columns columns, driver::row_sink& to
);

/// A sink that loads each row and passes its value to `take` at once.
///
/// Lifetime: refers to `take`; the statement must outlive it.
template <class Value, class Take>
class value_taker final : public driver::row_sink {
public:
    template <class Statement>
    value_taker(const Statement& statement, Take& take)
        : rows_(statement.selected(), typed_loader(statement)), take_(take) {}

private:
    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override {
        rows_.columns(columns, decoder);
    }

    void row(std::span<const driver::field_slice> fields) override {
        rows_.row(fields);
        for (auto& one : rows_.values) {
            take_(std::move(one));
        }
        rows_.values.clear();
    }

    value_collector<Value> rows_;
    Take& take_;
};

/// Returns the text `COPY (statement) TO STDOUT`.
///
/// @throws argument_error  The statement has parameters; COPY takes none.
[[nodiscard]] std::string copy_statement_of(const connection& on, const statement_base& statement);
/// Throws `argument_error`: the loader makes one value of several rows.
[[noreturn]] void refuse_merging_copy();
/// Returns the types of the selected expressions, with names for messages: "column 1".
[[nodiscard]] copied_columns columns_of(const std::vector<sql::expression_ref>& selected);

template <class Statement, class Take>
[[nodiscard]] awaitable<status> copy_values_out(connection& on, Statement statement, Take take) {
    const auto* loader = typed_loader(statement);
    if (loader != nullptr && loader->merges_rows()) {
        refuse_merging_copy();
    }
    std::string sql = copy_statement_of(on, statement);
    auto columns = columns_of(statement.selected());
    value_taker<typename Statement::row_type, Take> rows(statement, take);
    auto done = co_await copy_rows_out(on, std::move(sql), std::move(columns), rows);
    co_return std::move(done);
}

}  // namespace detail

/// Runs a select by `COPY (...) TO STDOUT` and passes its values to a function one by one, as they
/// arrive; none is kept. PostgreSQL only.
///
/// @snippet tests/postgresql/copy.cpp rows
///
/// Unlike for a cursor, the server plans for all rows instead of the first ones, and memory is flat
/// without a cursor.
///
/// @param on         For a COPY in a transaction: `tx.connection()`.
/// @param statement  Must have no parameters, because COPY takes none: no values in conditions.
/// @param take       Called with each value: `[&](parcel one) { ... }`. An exception from it ends
///                   COPY; the connection can be used again. Copied, or moved from. With GCC 12, a
///                   lambda that is written in place must not capture objects by value that own
///                   memory (docs/gcc12.md).
/// @return Its `affected_rows` is the number of rows.
/// @throws argument_error  The statement has parameters, or a loader that makes one value of
///                         several rows.
/// @throws data_error      A value cannot be read as the C++ type.
/// @throws ...             Any exception of `take`; and the errors of statements.
///
/// Cancellation: terminal, as for statements.
template <statement Statement, class Take>
    requires std::invocable<Take&, typename Statement::row_type>
[[nodiscard]] awaitable<status> copy_out(connection& on, const Statement& statement, Take&& take) {
    detail::check_has_rows<Statement>();
    detail::check_written_in_place<Take>();
    return detail::copy_values_out<Statement, std::remove_cvref_t<Take>>(
        on, statement, std::forward<Take>(take)
    );
}

}  // namespace gino
