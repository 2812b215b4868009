// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/core/gcc12.hpp>
#include <gino/driver/awaitable.hpp>
#include <gino/engine/cursor.hpp>
#include <gino/engine/loading.hpp>
#include <gino/sql/statement.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

class batch;
class statement_executor;
struct capabilities;

/// The result of a finished statement without its rows: the command tag ("INSERT 0 1") and
/// `affected_rows`, the number of rows that were inserted, updated, deleted or selected.
using status = driver::command_result;

namespace detail {

/// A statement to run and a limit on its rows, without the C++ types of its result.
struct execution {
    const statement_base* statement = nullptr;  ///< Must outlive the run.
    std::uint32_t max_rows = 0;                 ///< The most rows to read; 0: all.
};

/// Throws `no_result_found` (`errc::no_result`).
[[noreturn]] void throw_no_result();
/// Throws `multiple_results_found` (`errc::multiple_results`), with the verb's name in the message.
[[noreturn]] void throw_multiple_results(const char* verb);

/// Creates, finds, changes and removes objects of `Model`. Defined in model/crud.hpp: include
/// <gino/gino.hpp>.
template <class Model>
struct crud;

/// Throws the `http_error` of `get_or_404()` and `first_or_404()`. Defined in ext/web.hpp.
template <class Model>
struct not_found;

template <class Loadable>
class executor_with_loader;

/// A function that runs several statements on the executor that it is given.
using together = std::function<awaitable<void>(statement_executor&)>;

/// True for statements that return rows: SELECT, and DML with RETURNING.
template <class Statement>
inline constexpr bool has_rows = !std::is_void_v<typename Statement::row_type>;

/// Does not compile for a statement that returns no rows.
template <class Statement>
consteval void check_has_rows() {
    static_assert(
        has_rows<Statement>,
        "gino: this statement returns no rows; use status(), or add returning(...)"
    );
}

/// Returns the loader that is attached to `statement`, with its type; null: none.
template <class Statement>
const auto* typed_loader(const Statement& statement) {
    return static_cast<const statement_loader<typename Statement::row_type>*>(statement.loader());
}

/// Returns a sink that collects the values of `statement`, which must outlive the sink.
template <class Statement>
auto collector_of(const Statement& statement) {
    return value_collector<typename Statement::row_type>(
        statement.selected(), typed_loader(statement)
    );
}

/// Returns how many rows `first()` reads: 1, or 0 (all) when a loader makes one value of several
/// rows.
template <class Statement>
std::uint32_t rows_of_first(const Statement& statement) {
    const auto* loader = typed_loader(statement);
    return loader != nullptr && loader->merges_rows() ? 0 : 1;
}

// The verbs differ in how they turn the collected values into their result.

/// Returns all values; for `all()`.
struct pick_all {
    template <class Value>
    std::vector<Value> operator()(std::vector<Value> values) const {
        return values;
    }
};

/// Returns the first value, or nothing; for `first()`.
struct pick_first {
    template <class Value>
    std::optional<Value> operator()(std::vector<Value> values) const {
        return values.empty() ? std::nullopt : std::optional<Value>(std::move(values.front()));
    }
};

/// Returns the only value; for `one()`.
///
/// @throws no_result_found         There is no value.
/// @throws multiple_results_found  There are several values.
struct pick_only {
    template <class Value>
    Value operator()(std::vector<Value> values) const {
        if (values.empty()) {
            throw_no_result();
        }
        if (values.size() > 1) {
            throw_multiple_results("one()");
        }
        return std::move(values.front());
    }
};

/// Returns the only value, or nothing; for `one_or_none()`.
///
/// @throws multiple_results_found  There are several values.
struct pick_only_or_none {
    template <class Value>
    std::optional<Value> operator()(std::vector<Value> values) const {
        if (values.size() > 1) {
            throw_multiple_results("one_or_none()");
        }
        return pick_first()(std::move(values));
    }
};

}  // namespace detail

/// The base of every class that runs statements: database, engine, connection and transaction. It
/// gives all of them the same verbs.
///
/// The derived class decides which connection a verb uses: a connection and a transaction use their
/// own; a database and an engine use the connection of the current scope or, outside of a scope,
/// borrow one from the pool for each statement.
///
/// A verb returns an awaitable and does nothing before it is awaited. It compiles the statement (or
/// finds its text in the engine's cache), borrows a connection if it needs one, sends the text and
/// the parameters, and loads the rows. `execution_options::timeout` limits all of this together.
///
/// Errors of every verb:
/// - `compile_error`: the dialect cannot write the statement;
/// - `argument_error`: a parameter exceeds a limit of the driver, or the statement has a `limit()`
///   or `offset()` and a loader that makes one object of several rows;
/// - `database_error` and the classes below it: the database reported an error; `sqlstate()`,
///   `detail()` and `statement()` describe it;
/// - `connection_error`: no connection can be opened, or the connection broke;
/// - `pool_timeout`: no connection came free within the pool's `acquire_timeout`;
/// - `statement_timeout`: the statement did not finish within its own timeout;
/// - `state_error`: the engine is closed, the connection was released, or its scope has ended;
/// - `data_error`: a value cannot be read as the C++ type;
/// - `error` with `errc::cancelled`: the coroutine was cancelled.
///
/// Cancellation: terminal, at any point. The running statement is interrupted. A connection that
/// cannot be drained is closed; nothing leaks.
///
/// Thread safety: see the derived class.
///
/// Lifetime: the executor must outlive the awaitable that a verb returns. Statements are copied in.
class statement_executor {
public:
    /// Runs a statement and returns the values of all of its rows.
    ///
    /// All values are in memory at once. For many rows see `iterate()`.
    ///
    /// @param statement  Must return rows: a SELECT, or DML with `returning(...)`.
    /// @return One value per row, in the order of the result. A loader that is attached to the
    ///         statement may make one value of several rows.
    template <statement Statement>
    [[nodiscard]] awaitable<std::vector<typename Statement::row_type>> all(Statement statement) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        co_await run({.statement = &statement}, rows);
        co_return std::move(rows.values);
    }

    /// Runs a statement and returns its first value, or nothing when it has no row.
    ///
    /// Only one row is read, unless a loader makes one value of several rows: then all rows are
    /// read. The SQL text gets no LIMIT.
    ///
    /// @param statement  Must return rows.
    template <statement Statement>
    [[nodiscard]] awaitable<std::optional<typename Statement::row_type>> first(Statement statement
    ) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        const std::uint32_t max_rows = detail::rows_of_first(statement);
        co_await run({.statement = &statement, .max_rows = max_rows}, rows);
        co_return detail::pick_first()(std::move(rows.values));
    }

    /// Runs a statement and returns its only value. The values are counted after loading, so
    /// several rows that a loader makes one object of are one value.
    ///
    /// @param statement  Must return rows.
    /// @throws no_result_found         The result has no value.
    /// @throws multiple_results_found  The result has several values.
    template <statement Statement>
    [[nodiscard]] awaitable<typename Statement::row_type> one(Statement statement) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        co_await run({.statement = &statement}, rows);
        co_return detail::pick_only()(std::move(rows.values));
    }

    /// Runs a statement and returns its only value, or nothing when it has none. The values are
    /// counted after loading, as by `one()`.
    ///
    /// @param statement  Must return rows.
    /// @throws multiple_results_found  The result has several values.
    template <statement Statement>
    [[nodiscard]] awaitable<std::optional<typename Statement::row_type>> one_or_none(
        Statement statement
    ) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        co_await run({.statement = &statement}, rows);
        co_return detail::pick_only_or_none()(std::move(rows.values));
    }

    /// Runs a statement and returns the first column of its first row.
    ///
    /// @param statement  A loader that is attached to it is ignored.
    /// @return Nothing when there is no row, and when the column is NULL.
    /// @throws data_error  The column cannot be read as the C++ type.
    template <statement Statement>
    [[nodiscard]] auto scalar(Statement statement) -> awaitable<
        std::optional<typename default_loader<typename Statement::selected_type>::scalar_type>> {
        detail::scalar_receiver<
            typename default_loader<typename Statement::selected_type>::scalar_type>
            first_column;
        co_await run({.statement = &statement, .max_rows = 1}, first_column);
        co_return std::move(first_column.scalar);
    }

    /// Runs a statement, discards its rows and returns its command tag and number of affected rows.
    ///
    /// @param statement  Any statement, with or without rows.
    [[nodiscard]] awaitable<gino::status> status(statement_base statement);

    /// Opens a cursor, which fetches rows a batch at a time instead of holding all in memory.
    ///
    /// The timeout of the statement applies to opening and to each fetch separately.
    ///
    /// @param statement  Must return rows.
    /// @return A cursor at the first row. It uses the same connection as this executor.
    /// @throws state_error  An engine or a database is used outside of a scope: a cursor needs a
    ///                      connection that stays borrowed, as a connection, a transaction or a
    ///                      scope has one. Or a PostgreSQL connection is not in a transaction.
    template <statement Statement>
    [[nodiscard]] awaitable<cursor<typename Statement::row_type>> iterate(Statement statement) {
        static_assert(detail::has_rows<Statement>, "gino: this statement returns no rows");
        auto opened = co_await open_cursor(statement);
        co_return cursor<typename Statement::row_type>(std::move(opened), std::move(statement));
    }

    /// Returns an object with the verbs `all`, `first`, `one`, `one_or_none` and `iterate`, which
    /// attach a loader to each statement that has none of its own.
    ///
    /// `load(gino::load<user>())` makes users of rows; `load(gino::row_loader())` makes `gino::row`
    /// of rows that would be objects. These are GINO's execution options `loader` and `model` of a
    /// connection or engine, and its `return_model=False`. A loader of the statement itself takes
    /// precedence. If the type of the statement does not show that loader, and it makes values of
    /// another type than `loadable` does, the verb throws an `argument_error`.
    ///
    /// @param loadable  Anything that a statement's `load()` takes. Copied. With GCC 12, a loader
    ///                  that has something to destroy needs a name (docs/gcc12.md).
    ///
    /// Lifetime: this executor must outlive the returned object.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) {
        detail::check_written_in_place<Loadable>();
        return detail::executor_with_loader<std::remove_cvref_t<Loadable>>(*this, loadable);
    }

    /// Inserts an object as a row and reads back all of its columns, with the values that the
    /// database filled in: generated keys, defaults.
    ///
    /// @param object  An object of a model. Must outlive the wait; changed only on success.
    /// @throws unique_violation  And the other classes of `integrity_error`: a constraint of the
    ///                           table refused the row.
    /// @throws no_such_row       A trigger or a rule of the table kept the database from storing
    ///                           the row.
    /// @snippet examples/1_tutorial/01_tutorial.cpp tutorial
    template <class Model>
    [[nodiscard]] awaitable<void> create(Model& object) {
        return detail::crud<Model>::create(*this, object);
    }

    /// Does not compile: the object would be gone before its new values could be read.
    template <class Model>
        requires(!std::is_lvalue_reference_v<Model>)
    awaitable<void> create(Model&& /*temporary*/) {
        static_assert(
            std::is_lvalue_reference_v<Model>,
            "gino: create() fills in the object that it is given: name it first, as in "
            "`user fantix{...}; co_await db.create(fantix);`"
        );
        return {};
    }

    /// Inserts objects, several per statement, and reads back the values that the database filled
    /// in.
    ///
    /// It stores all of the objects or none: several statements run in a transaction, or in a
    /// savepoint of the open one. When it throws, objects may have keys of rows that were not
    /// stored.
    ///
    /// @param objects  A contiguous container or a span of objects of one model; may be empty. Must
    ///                 outlive the wait.
    /// @throws integrity_error  A constraint of the table refused a row.
    /// @throws no_such_row      A trigger or a rule of the table left out rows or added some, so
    ///                          that objects may have the values of another row.
    template <class Range>
    [[nodiscard]] awaitable<void> create_many(Range& objects) {
        return detail::crud<typename Range::value_type>::create_many(
            *this, {objects.data(), objects.size()}
        );
    }

    /// Finds an object by its primary key: `co_await db.get<user>(7)`.
    ///
    /// @param key  As many values as the key has columns, in their order, or assignments to all of
    ///             these columns: `get<user>(user::c.id = 7)`.
    /// @return Nothing when no row has this key.
    /// @throws argument_error  The number of values is not that of the key's columns, or the type
    ///                         of a value cannot be that of its column.
    /// @throws state_error     The model has no primary key.
    template <class Model, class... Key>
    [[nodiscard]] awaitable<std::optional<Model>> get(Key... key) {
        return detail::crud<Model>::get(*this, std::move(key)...);
    }

    /// Starts a change of an object: `co_await db.update(u).set(user::c.age = 3).apply()`. Nothing
    /// is sent before `apply()` is awaited.
    ///
    /// The row is found by the key that the object has now, so `set()` may change the key.
    ///
    /// @param object  Must outlive the request; changed when `apply()` succeeds.
    /// @return An `update_request`, which uses this executor and must not outlive it.
    /// @throws state_error  The model has no primary key.
    template <class Model>
    [[nodiscard]] auto update(Model& object) {
        return detail::crud<Model>::update(*this, object);
    }

    /// Writes the columns of an object into its row, found by its key, and reads back the values
    /// that the database stored.
    ///
    /// The key, computed columns and `GENERATED ALWAYS` identities are not written. Columns with an
    /// `onupdate()` get the value of that. A model without any other column is read again, as by
    /// `refresh()`.
    ///
    /// @param object  Must outlive the wait; changed only on success.
    /// @throws no_such_row  No row has this key.
    /// @throws state_error  The model has no primary key.
    template <class Model>
    [[nodiscard]] awaitable<void> save(Model& object) {
        return detail::crud<Model>::save(*this, object);
    }

    /// Deletes the row of an object, found by its key. The object is not changed.
    ///
    /// @param object  Must outlive the wait.
    /// @return The status of the DELETE; `affected_rows` is 0 when no row had this key.
    /// @throws state_error  The model has no primary key.
    template <class Model>
    [[nodiscard]] awaitable<gino::status> remove(const Model& object) {
        return detail::crud<Model>::remove(*this, object);
    }

    /// Reads the row of an object again, found by its key, and overwrites all members.
    ///
    /// @param object  Must outlive the wait; changed only when the row is found.
    /// @throws no_such_row  No row has this key.
    /// @throws state_error  The model has no primary key.
    template <class Model>
    [[nodiscard]] awaitable<void> refresh(Model& object) {
        return detail::crud<Model>::refresh(*this, object);
    }

    /// Finds an object by its primary key, as `get()` does, for handlers of web requests. Include
    /// <gino/ext/web.hpp>.
    ///
    /// @param key  As for `get()`.
    /// @throws http_error  404, "user is not found" (with the model's name): no row has this key.
    template <class Model, class... Key>
    [[nodiscard]] awaitable<Model> get_or_404(Key... key) {
        std::optional<Model> found = co_await detail::crud<Model>::get(*this, std::move(key)...);
        if (!found) {
            detail::not_found<Model>::throw_object();
        }
        co_return std::move(*found);
    }

    /// Returns the first value of a statement, as `first()` does, for handlers of web requests.
    /// Include <gino/ext/web.hpp>.
    ///
    /// @param statement  Must return rows.
    /// @throws http_error  404, "No such data": there is no row.
    template <statement Statement>
    [[nodiscard]] awaitable<typename Statement::row_type> first_or_404(Statement statement) {
        auto found = co_await first(std::move(statement));
        if (!found) {
            detail::not_found<typename Statement::row_type>::throw_row();
        }
        co_return std::move(*found);
    }

    /// Sends the statements of a batch and fills in their results.
    ///
    /// The timeout of the batch is the shortest timeout of its statements. An empty batch sends
    /// nothing.
    ///
    /// @param together  Must outlive the wait. Can be sent once.
    /// @throws database_error  A statement has failed, and all of them are undone. With
    ///                         `pipeline_sync::each`, only `batch_result::get()` of the statement
    ///                         that failed throws its error.
    /// @throws state_error     `errc::wrong_state`: the batch was sent before.
    [[nodiscard]] awaitable<void> send(batch& together) { return run_batch(together); }

    /// Runs a statement and passes its rows to `sink`. Every verb for statements calls this.
    ///
    /// For the library; programs use the verbs above.
    ///
    /// @param what  Its statement must outlive the wait.
    /// @param sink  Must outlive the wait.
    [[nodiscard]] virtual awaitable<gino::status> run(
        detail::execution what, driver::row_sink& sink
    ) = 0;

    /// Returns the features of the database, which decide how objects are stored; for the library.
    ///
    /// @throws state_error  There is no database: it is not bound, or was released.
    [[nodiscard]] virtual const gino::capabilities& capabilities() const = 0;

    /// Implements `send()`; for the library.
    [[nodiscard]] virtual awaitable<void> run_batch(batch& together) = 0;

    /// Runs `f` on one connection: in a transaction or, if one is open, in a savepoint. Verbs that
    /// need several statements call this; for the library.
    [[nodiscard]] virtual awaitable<void> run_together(detail::together f) = 0;

    /// Opens an untyped cursor for `iterate()`; for the library.
    [[nodiscard]] virtual awaitable<detail::open_cursor> open_cursor(const statement_base& statement
    ) = 0;

protected:
    statement_executor() = default;
    statement_executor(const statement_executor&) = default;
    statement_executor(statement_executor&&) = default;
    statement_executor& operator=(const statement_executor&) = default;
    statement_executor& operator=(statement_executor&&) = default;
    virtual ~statement_executor() = default;
};

namespace detail {

/// Throws `argument_error`: the loader of a statement makes values of another type than this one.
[[noreturn]] void throw_other_loader();

/// An executor with a loader for statements that have none of their own.
///
/// Whether a statement takes the loader is decided by its type where possible, otherwise when the
/// verb is called.
///
/// Lifetime: refers to the executor, which must outlive it; owns a copy of the loader.
template <class Loadable>
class executor_with_loader {
public:
    executor_with_loader(statement_executor& on, const Loadable& loadable)
        : on_(&on), loadable_(loadable) {}

    /// Runs a statement as the verb of the same name of `statement_executor` does.
    ///
    /// @throws argument_error  When called: the statement's own loader makes values of another
    ///                         type.
    template <statement Statement>
    [[nodiscard]] auto all(const Statement& statement) const {
        return on_->all(loading(statement));
    }

    template <statement Statement>
    [[nodiscard]] auto first(const Statement& statement) const {
        return on_->first(loading(statement));
    }

    template <statement Statement>
    [[nodiscard]] auto one(const Statement& statement) const {
        return on_->one(loading(statement));
    }

    template <statement Statement>
    [[nodiscard]] auto one_or_none(const Statement& statement) const {
        return on_->one_or_none(loading(statement));
    }

    template <statement Statement>
    [[nodiscard]] auto iterate(const Statement& statement) const {
        return on_->iterate(loading(statement));
    }

private:
    /// False for a statement whose type already shows a loader, or that cannot have this one.
    template <class Statement>
    static constexpr bool takes_loader = requires(const Statement& s, const Loadable& l) {
        s.load(l);
        requires std::is_same_v<typename Statement::row_type, typename Statement::selected_type>;
    };

    /// Returns a copy of `statement` with the loader that counts: its own, or this one.
    template <class Statement>
    [[nodiscard]] auto loading(const Statement& statement) const {
        if constexpr (!takes_loader<Statement>) {
            return statement;
        } else if constexpr (std::is_same_v<decltype(statement.load(loadable_)), Statement>) {
            return statement.loader() != nullptr ? statement : statement.load(loadable_);
        } else {
            if (statement.loader() != nullptr) {
                throw_other_loader();
            }
            return statement.load(loadable_);
        }
    }

    statement_executor* on_;
    Loadable loadable_;
};

}  // namespace detail
}  // namespace gino
