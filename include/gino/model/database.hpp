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

/// "users", or "app.users" in a schema, of each model.
template <class... Models>
[[nodiscard]] std::vector<std::string> names_of_tables() {
    std::vector<std::string> names;
    (names.push_back(name_of_table(*describe<Models>::source())), ...);
    return names;
}

}  // namespace detail

/// The models of an application, bound to an engine: what Python's GINO calls `Gino`.
///
/// It has every verb of an engine; before `set_bind()` they throw `uninitialized_error`. Within a
/// scope (`with_connection()`, a callback transaction, a web request) they use its connection.
///
/// Thread safety: verbs may be used from several threads; binding must not overlap with them.
/// Lifetime: must outlive what its verbs return.
///
/// @snippet examples/1_tutorial/01_tutorial.cpp tutorial
class database : public statement_executor {
public:
    /// A database without tables: for programs that only use statements.
    database() = default;

    /// @param list  `gino::models<user, team>`. Metadata is built on first use, so that models may
    ///              be described further down.
    /// @param names  For keys and constraints that were given none.
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
    /// @return The engine.
    /// @throws argument_error    The URL is malformed or has an unknown scheme or parameter.
    /// @throws connection_error  `options.pool.min_size` connections cannot be opened.
    /// @throws state_error       An engine is bound already: `close()` it, or `pop_bind()`.
    [[nodiscard]] awaitable<engine> set_bind(std::string where, engine_options options = {});
    [[nodiscard]] awaitable<engine> set_bind(url where, engine_options options = {});

    /// Binds an engine that is open already.
    void set_bind(engine bound);

    /// Unbinds and returns the engine, which stays open.
    ///
    /// @throws uninitialized_error  There is none.
    [[nodiscard]] engine pop_bind();

    [[nodiscard]] bool is_bound() const noexcept { return engine_.has_value(); }

    /// @throws uninitialized_error  `set_bind()` was not called.
    [[nodiscard]] engine& bind();

    /// Unbinds the engine and closes it, once its connections have come back. Does nothing when
    /// there is none.
    [[nodiscard]] awaitable<void> close();

    /// The tables of the models.
    ///
    /// @throws argument_error  They do not fit together: see `metadata`.
    [[nodiscard]] const gino::metadata& metadata();

    /// Creates what is missing: tables in the order of their foreign keys, indexes, comments.
    [[nodiscard]] awaitable<void> create_all(schema_options options = {});

    /// Drops the tables of the models that are there, in the reverse order.
    [[nodiscard]] awaitable<void> drop_all(schema_options options = {});

    /// As `create_all()`, the tables of these models alone: `db.create_all<user, team>()`.
    template <class First, class... Models>
    [[nodiscard]] awaitable<void> create_all(schema_options options = {}) {
        return create_tables(detail::names_of_tables<First, Models...>(), options);
    }

    /// As `drop_all()`, the tables of these models alone.
    template <class First, class... Models>
    [[nodiscard]] awaitable<void> drop_all(schema_options options = {}) {
        return drop_tables(detail::names_of_tables<First, Models...>(), options);
    }

    /// See `engine::acquire()`.
    [[nodiscard]] awaitable<connection> acquire(
        acquire_options options = {}, std::source_location where = std::source_location::current()
    ) {
        return bind().acquire(options, where);
    }

    /// Begins a transaction, as an object: its own verbs alone are in it. See `engine::begin()`.
    [[nodiscard]] awaitable<gino::transaction> begin(
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    ) {
        return bind().begin(options, where);
    }

    /// Runs `f` in a transaction, which all verbs of this database within `f` join; see
    /// `engine::transaction(f)`.
    template <class F>
        requires(!std::convertible_to<F, transaction_options>)
    [[nodiscard]] auto transaction(
        F&& f,
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    ) {
        return bind().transaction(std::forward<F>(f), options, where);
    }

    /// Does not compile: it has no callback. For an object, see begin().
    template <class Never = void>
    void transaction(transaction_options = {}) {
        detail::refuse_transaction_without_callback<Never>();
    }

    /// Runs `f` in a transaction, and again when it could not be serialized; see
    /// `engine::retry_serialization()`.
    template <class F>
    [[nodiscard]] auto retry_serialization(
        std::size_t attempts,
        F&& f,
        transaction_options options = {.isolation = isolation_level::serializable},
        std::source_location where = std::source_location::current()
    ) {
        return bind().retry_serialization(attempts, std::forward<F>(f), options, where);
    }

    /// Runs `f` in a scope with a connection of its own; see `engine::with_connection()`.
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
    std::optional<engine> engine_;
};

}  // namespace gino
