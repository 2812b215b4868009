// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/connection.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/schema.hpp>
#include <gino/engine/statement_executor.hpp>
#include <gino/engine/transaction.hpp>
#include <gino/model/crud.hpp>
#include <gino/model/models.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// Returns the table's name of each model, "users" or "app.users".
template <class... Models>
[[nodiscard]] std::vector<std::string> names_of_tables() {
    std::vector<std::string> names;
    (names.push_back(name_of_table(*describe<Models>::source())), ...);
    return names;
}

}  // namespace detail

/// The models of an application, bound to an engine: `Gino` in Python's GINO.
///
/// It has the verbs of an engine; before set_bind() they throw `uninitialized_error`. Within a
/// scope (`with_connection()`, a transaction with a callback, a web request) they use the scope's
/// connection.
///
/// Thread safety: verbs may be used from several threads; binding must not overlap with them.
/// Lifetime: must outlive the objects that its verbs return.
///
/// @snippet examples/1_tutorial/01_tutorial.cpp tutorial
class database : public statement_executor {
public:
    /// Makes a database without tables, for programs that only run statements.
    database() = default;

    /// Makes a database of models, without an engine.
    ///
    /// @param list   `gino::models<user, team>`. Metadata is made on first use, so that models may
    ///               be described further down.
    /// @param names  The names of keys and constraints that have none of their own.
    template <class... Models>
    explicit database(model_list<Models...> list, naming_convention names = {})
        : tables_([list] { return list.tables(); }), names_(names) {}

    database(const database&) = delete;
    database& operator=(const database&) = delete;
    ~database() override = default;

    /// Opens an engine for a URL and binds it.
    ///
    /// @param where    "sqlite:///app.db", "postgresql://me@localhost/app". Copied.
    /// @param options  Copied.
    /// @return The engine; a copy shares it with the database.
    /// @throws argument_error    The URL is malformed or has an unknown scheme or parameter.
    /// @throws connection_error  `options.pool.min_size` connections cannot be opened.
    /// @throws state_error       An engine is bound already: `close()` it, or `pop_bind()`.
    [[nodiscard]] awaitable<engine> set_bind(std::string where, engine_options options = {});
    /// Opens an engine for a parsed URL and binds it; otherwise as with a string.
    [[nodiscard]] awaitable<engine> set_bind(url where, engine_options options = {});

    /// Binds an engine that is open.
    ///
    /// @throws state_error  An engine is bound already.
    void set_bind(engine bound);

    /// Unbinds and returns the engine, which stays open.
    ///
    /// @throws uninitialized_error  There is none.
    [[nodiscard]] engine pop_bind();

    /// Returns true while an engine is bound.
    [[nodiscard]] bool is_bound() const noexcept { return engine_.has_value(); }

    /// Returns the bound engine; valid until it is unbound.
    ///
    /// @throws uninitialized_error  `set_bind()` was not called.
    [[nodiscard]] engine& bind();

    /// Unbinds the engine and closes it, once its connections have come back. Does nothing without
    /// an engine. See `engine::close()`.
    [[nodiscard]] awaitable<void> close();

    /// Returns the tables of the models; made on first use, valid as long as the database.
    ///
    /// @throws argument_error  The tables do not fit together: see `metadata`.
    [[nodiscard]] const gino::metadata& metadata();

    /// Creates the tables, indexes and comments that do not exist, in the order of their foreign
    /// keys. Tables that exist are not compared or changed.
    ///
    /// @throws uninitialized_error  There is no engine.
    [[nodiscard]] awaitable<void> create_all(schema_options options = {});

    /// Drops the tables of the models that exist, in the reverse order.
    ///
    /// @throws uninitialized_error  There is no engine.
    [[nodiscard]] awaitable<void> drop_all(schema_options options = {});

    /// Creates the tables of these models alone: `db.create_all<user, team>()`.
    template <class First, class... Models>
    [[nodiscard]] awaitable<void> create_all(schema_options options = {}) {
        return create_tables(detail::names_of_tables<First, Models...>(), options);
    }

    /// Drops the tables of these models alone.
    template <class First, class... Models>
    [[nodiscard]] awaitable<void> drop_all(schema_options options = {}) {
        return drop_tables(detail::names_of_tables<First, Models...>(), options);
    }

    /// Borrows a connection from the engine's pool. See `engine::acquire()`.
    ///
    /// @param where  The caller's position in the source, for messages about connections in use.
    [[nodiscard]] awaitable<connection> acquire(
        acquire_options options = {}, std::source_location where = std::source_location::current()
    ) {
        return bind().acquire(options, where);
    }

    /// Begins a transaction as an object. Only the verbs of that object are in it. See
    /// `engine::begin()`.
    [[nodiscard]] awaitable<gino::transaction> begin(
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    ) {
        return bind().begin(options, where);
    }

    /// Runs `f` in a transaction, which all verbs of this database within `f` join. Commits when
    /// `f` returns, rolls back when it throws. See `engine::transaction(f)`.
    template <class F>
        requires(!std::convertible_to<F, transaction_options>)
    [[nodiscard]] auto transaction(
        F&& f,
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    ) {
        return bind().transaction(std::forward<F>(f), options, where);
    }

    /// Does not compile, because the callback is missing. For a transaction as an object, see
    /// begin().
    template <class Never = void>
    void transaction(transaction_options = {}) {
        detail::refuse_transaction_without_callback<Never>();
    }

    /// Runs `f` in a transaction, and again if the database could not serialize it. See
    /// `engine::retry_serialization()`.
    ///
    /// @param attempts  The largest number of runs.
    template <class F>
    [[nodiscard]] auto retry_serialization(
        std::size_t attempts,
        F&& f,
        transaction_options options = {.isolation = isolation_level::serializable},
        std::source_location where = std::source_location::current()
    ) {
        return bind().retry_serialization(attempts, std::forward<F>(f), options, where);
    }

    /// Runs `f` in a scope with a connection of its own. See `engine::with_connection()`.
    template <class F>
    [[nodiscard]] auto with_connection(
        F&& f, std::source_location where = std::source_location::current()
    ) {
        return bind().with_connection(std::forward<F>(f), where);
    }

    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
    [[nodiscard]] const gino::capabilities& capabilities() const override;
    [[nodiscard]] awaitable<detail::open_cursor> open_cursor(const statement_base& statement
    ) override;

private:
    [[nodiscard]] awaitable<void> create_tables(
        std::vector<std::string> names, schema_options options
    );
    [[nodiscard]] awaitable<void> drop_tables(
        std::vector<std::string> names, schema_options options
    );

    std::function<std::vector<table_definition>()> tables_;
    naming_convention names_;
    std::unique_ptr<const gino::metadata> metadata_;
    void check_bound() const;

    std::optional<engine> engine_;
};

}  // namespace gino
