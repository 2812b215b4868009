// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
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

/// Runs `COPY table FROM STDIN`, in whichever format its options say.
///
/// The server holds the source up when it cannot take more. When the source throws, the coroutine
/// is cancelled, or the statement runs out of time, nothing of it is stored. For rows of values see
/// model/copy.hpp. PostgreSQL only.
///
/// @param on    Of a transaction: its connection().
/// @param sql   The program's own text, never data from outside.
/// @param from  Must outlive the wait.
/// @return Its `affected_rows` are the rows that were stored.
/// @throws argument_error  The statement is no COPY ... FROM STDIN, or the database has none.
/// @throws database_error  The server refused a row; the message says which.
[[nodiscard]] awaitable<status> copy_in(connection& on, std::string sql, driver::copy_source& from);

/// Runs `COPY table TO STDOUT` or `COPY (query) TO STDOUT`.
///
/// What the sink has not taken yet waits at the server. When the sink throws, the server is asked
/// to stop, and the connection lives on. PostgreSQL only.
///
/// @param on, sql  As above.
/// @param to       Must outlive the wait.
[[nodiscard]] awaitable<status> copy_out(connection& on, std::string sql, driver::copy_sink& to);

/// As above, for a function that does not wait: `[&](std::span<const std::byte> bytes) { ... }`.
[[nodiscard]] awaitable<status> copy_out(
    connection& on, std::string sql, detail::awaited_function<void(std::span<const std::byte>)> take
);

namespace detail {

/// A table's columns, for COPY.
struct copied_columns {
    std::vector<std::string> names;
    std::vector<sql_type> types;
};

[[nodiscard]] awaitable<status> copy_rows_in(
    connection& on, std::string sql, std::vector<sql_type> types, driver::row_source& from
);
[[nodiscard]] awaitable<status> copy_rows_out(
    connection& on, std::string sql, copied_columns columns, driver::row_sink& to
);

/// Hands the values of rows over, one by one.
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

/// `COPY (statement) TO STDOUT`.
///
/// @throws argument_error  The statement has parameters, which COPY has not.
[[nodiscard]] std::string copy_statement_of(const connection& on, const statement_base& statement);
[[noreturn]] void refuse_merging_copy();
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

/// Runs a select by `COPY (...) TO STDOUT` and hands its values over one by one, as they come: none
/// is kept.
///
/// @snippet tests/postgresql/copy.cpp rows
///
/// Like a query, but the server does not plan for the first rows, and no cursor is needed for flat
/// memory. Loaders that make one value of several rows are refused. PostgreSQL only.
///
/// @param on         Of a transaction: its connection().
/// @param statement  Without parameters: COPY has none, so there can be no values in it.
/// @param take       Called with each value: `[&](parcel one) { ... }`. What it throws ends COPY,
///                   and the connection lives on.
/// @return Its `affected_rows` are the rows.
/// @throws argument_error  The statement has parameters, or a loader that merges rows.
/// @throws data_error      A value cannot be read as the C++ type.
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
