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

/// What a database says when a statement is done.
using status = driver::command_result;

namespace detail {

/// Everything that running a statement needs, without its types.
struct execution {
    const statement_base* statement = nullptr;  ///< Must outlive the run.
    std::uint32_t max_rows = 0;                 ///< 0: all.
};

[[noreturn]] void throw_no_result();
[[noreturn]] void throw_multiple_results(const char* verb);

/// Creating, finding, changing and removing objects of `Model`. Defined in model/crud.hpp: include
/// <gino/gino.hpp>.
template <class Model>
struct crud;

/// What verbs of the web throw for what is not there. Defined in ext/web.hpp.
template <class Model>
struct not_found;

template <class Loadable>
class executor_with_loader;

/// What a verb does with several statements.
using together = std::function<awaitable<void>(statement_executor&)>;

template <class Statement>
inline constexpr bool has_rows = !std::is_void_v<typename Statement::row_type>;

template <class Statement>
consteval void check_has_rows() {
    static_assert(
        has_rows<Statement>,
        "gino: this statement returns no rows; use status(), or add returning(...)"
    );
}

template <class Statement>
const auto* typed_loader(const Statement& statement) {
    return static_cast<const statement_loader<typename Statement::row_type>*>(statement.loader());
}

/// Collects the rows of a statement, which must outlive it.
template <class Statement>
auto collector_of(const Statement& statement) {
    return value_collector<typename Statement::row_type>(
        statement.selected(), typed_loader(statement)
    );
}

/// How many rows the first value wants; 0: all, because a loader makes one value of several.
template <class Statement>
std::uint32_t rows_of_first(const Statement& statement) {
    const auto* loader = typed_loader(statement);
    return loader != nullptr && loader->merges_rows() ? 0 : 1;
}

// What the verbs make of the values of all rows.

struct pick_all {
    template <class Value>
    std::vector<Value> operator()(std::vector<Value> values) const {
        return values;
    }
};

struct pick_first {
    template <class Value>
    std::optional<Value> operator()(std::vector<Value> values) const {
        return values.empty() ? std::nullopt : std::optional<Value>(std::move(values.front()));
    }
};

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

/// Anything that runs statements: a database, an engine, a connection, a transaction, the
/// connection of a web request. They all have the same verbs.
///
/// Errors of every verb:
/// - `compile_error`: the dialect cannot write the statement;
/// - `database_error` and the classes below it: the database's own words, the statement in it;
/// - `connection_error`: no connection can be opened, or it broke;
/// - `pool_timeout`, `statement_timeout`: out of time;
/// - `state_error`: closed, released, or its scope has ended;
/// - `data_error`: a value cannot be read as the C++ type.
///
/// Cancellation: terminal, at any point. The connection is interrupted and, if it cannot be brought
/// to rest, closed; nothing leaks.
///
/// Lifetime: the executor must outlive what a verb returns. Statements are copied in.
class statement_executor {
public:
    /// Runs a statement and returns all of its rows, loaded.
    template <statement Statement>
    [[nodiscard]] awaitable<std::vector<typename Statement::row_type>> all(Statement statement) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        co_await run({.statement = &statement}, rows);
        co_return std::move(rows.values);
    }

    /// Runs a statement and returns its first value, or nothing. Only one row is read, unless a
    /// loader makes one value of several rows.
    template <statement Statement>
    [[nodiscard]] awaitable<std::optional<typename Statement::row_type>> first(Statement statement
    ) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        const std::uint32_t max_rows = detail::rows_of_first(statement);
        co_await run({.statement = &statement, .max_rows = max_rows}, rows);
        co_return detail::pick_first()(std::move(rows.values));
    }

    /// Runs a statement that has exactly one value, after loading.
    ///
    /// @throws no_result_found         There is none.
    /// @throws multiple_results_found  There are several.
    template <statement Statement>
    [[nodiscard]] awaitable<typename Statement::row_type> one(Statement statement) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        co_await run({.statement = &statement}, rows);
        co_return detail::pick_only()(std::move(rows.values));
    }

    /// Runs a statement that has one value or none, after loading.
    ///
    /// @throws multiple_results_found  There are several.
    template <statement Statement>
    [[nodiscard]] awaitable<std::optional<typename Statement::row_type>> one_or_none(
        Statement statement
    ) {
        detail::check_has_rows<Statement>();
        auto rows = detail::collector_of(statement);
        co_await run({.statement = &statement}, rows);
        co_return detail::pick_only_or_none()(std::move(rows.values));
    }

    /// Runs a statement and returns the first column of its first row; nothing for no row and for
    /// NULL. Loaders are ignored.
    template <statement Statement>
    [[nodiscard]] auto scalar(Statement statement) -> awaitable<
        std::optional<typename default_loader<typename Statement::selected_type>::scalar_type>> {
        detail::scalar_receiver<
            typename default_loader<typename Statement::selected_type>::scalar_type>
            first_column;
        co_await run({.statement = &statement, .max_rows = 1}, first_column);
        co_return std::move(first_column.scalar);
    }

    /// Runs a statement and returns what the database says of it. Rows are discarded.
    [[nodiscard]] awaitable<gino::status> status(statement_base statement);

    /// Opens a cursor: rows are asked for a batch at a time.
    ///
    /// @throws state_error  There is no connection that the cursor could live on: use a connection,
    ///                      a transaction, or a scope. PostgreSQL wants a transaction.
    template <statement Statement>
    [[nodiscard]] awaitable<cursor<typename Statement::row_type>> iterate(Statement statement) {
        static_assert(detail::has_rows<Statement>, "gino: this statement returns no rows");
        auto opened = co_await open_cursor(statement);
        co_return cursor<typename Statement::row_type>(std::move(opened), std::move(statement));
    }

    /// The verbs for statements, with a loader for all that have none of their own: GINO's
    /// execution options `loader` and `model` of a connection or engine. `load(gino::load<user>())`
    /// makes users of rows, `load(gino::row_loader())` makes `gino::row` of what would be objects:
    /// GINO's `return_model=False`.
    ///
    /// @param loadable  Anything that a statement's `load()` takes. Copied.
    ///
    /// Lifetime: this executor must outlive what it returns.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) {
        detail::check_written_in_place<Loadable>();
        return detail::executor_with_loader<std::remove_cvref_t<Loadable>>(*this, loadable);
    }

    /// Inserts an object as a row and reads back what the database filled in: keys, defaults.
    ///
    /// @param object  Must outlive the wait; changed only on success.
    /// @throws no_such_row  A trigger or a rule of the table kept the database from storing it.
    /// @snippet examples/1_tutorial/01_tutorial.cpp tutorial
    template <class Model>
    [[nodiscard]] awaitable<void> create(Model& object) {
        return detail::crud<Model>::create(*this, object);
    }

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

    /// Inserts objects, several per statement, and reads back what the database filled in. It
    /// stores all of them or none; when it throws, objects may have keys of rows that are not
    /// there.
    ///
    /// @param objects  A container or span of a model. Must outlive the wait.
    /// @throws no_such_row  A trigger or a rule of the table left out rows or added some, so that
    ///                      objects may have what belongs to another row.
    template <class Range>
    [[nodiscard]] awaitable<void> create_many(Range& objects) {
        return detail::crud<typename Range::value_type>::create_many(
            *this, {objects.data(), objects.size()}
        );
    }

    /// Finds an object by its primary key, or nothing.
    ///
    /// @param key  As many values as the key has columns, in their order.
    template <class Model, class... Key>
    [[nodiscard]] awaitable<std::optional<Model>> get(Key... key) {
        return detail::crud<Model>::get(*this, std::move(key)...);
    }

    /// Starts a change of an object: `co_await db.update(u).set(user::c.age = 3).apply()`.
    ///
    /// The row is found by the key that the object has now, so that `set()` may change the key.
    ///
    /// @param object  Must outlive the request; changed when `apply()` succeeds.
    template <class Model>
    [[nodiscard]] auto update(Model& object) {
        return detail::crud<Model>::update(*this, object);
    }

    /// Writes all columns of an object into its row, found by its key, and reads back what the
    /// database stored. Columns with an onupdate() get that.
    ///
    /// @param object  Must outlive the wait; changed only on success.
    /// @throws no_such_row  The row is gone.
    /// @throws state_error  The model has no primary key.
    template <class Model>
    [[nodiscard]] awaitable<void> save(Model& object) {
        return detail::crud<Model>::save(*this, object);
    }

    /// Deletes the row of an object, found by its key. The object stays as it is.
    ///
    /// @return `affected_rows` is 0 when the row was gone already.
    template <class Model>
    [[nodiscard]] awaitable<gino::status> remove(const Model& object) {
        return detail::crud<Model>::remove(*this, object);
    }

    /// Reads the row of an object again.
    ///
    /// @throws no_such_row  It is gone.
    template <class Model>
    [[nodiscard]] awaitable<void> refresh(Model& object) {
        return detail::crud<Model>::refresh(*this, object);
    }

    /// As `get()`, for handlers of web requests. Include <gino/ext/web.hpp>.
    ///
    /// @throws http_error  404, "user is not found": there is no such object.
    template <class Model, class... Key>
    [[nodiscard]] awaitable<Model> get_or_404(Key... key) {
        std::optional<Model> found = co_await detail::crud<Model>::get(*this, std::move(key)...);
        if (!found) {
            detail::not_found<Model>::throw_object();
        }
        co_return std::move(*found);
    }

    /// As `first()`, for handlers of web requests. Include <gino/ext/web.hpp>.
    ///
    /// @throws http_error  404, "No such data": there is no row.
    template <statement Statement>
    [[nodiscard]] awaitable<typename Statement::row_type> first_or_404(Statement statement) {
        auto found = co_await first(std::move(statement));
        if (!found) {
            detail::not_found<typename Statement::row_type>::throw_row();
        }
        co_return std::move(*found);
    }

    /// Sends the statements of a batch, which then have their results.
    ///
    /// The time that it may take is the least that its statements are given.
    ///
    /// @param together  Must outlive the wait. Can be sent once.
    /// @throws database_error  One of its statements has failed, and all are undone; with
    ///                         `pipeline_sync::each` only its own result says so.
    /// @throws state_error     `errc::wrong_state`: it was sent before.
    [[nodiscard]] awaitable<void> send(batch& together) { return run_batch(together); }

    /// Runs a statement and feeds its rows to `sink`: what every verb does.
    [[nodiscard]] virtual awaitable<gino::status> run(
        detail::execution what, driver::row_sink& sink
    ) = 0;

    /// What `send()` does.
    [[nodiscard]] virtual awaitable<void> run_batch(batch& together) = 0;

    /// Runs `f` on one connection, in a transaction or, within one, in a savepoint: what a verb
    /// does that needs several statements.
    [[nodiscard]] virtual awaitable<void> run_together(detail::together f) = 0;

    /// Opens an untyped cursor for `iterate()`.
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

[[noreturn]] void throw_other_loader();

/// An executor with a loader. The loader of a statement counts more.
template <class Loadable>
class executor_with_loader {
public:
    executor_with_loader(statement_executor& on, const Loadable& loadable)
        : on_(&on), loadable_(loadable) {}

    /// As `statement_executor::all()`, and so on.
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
    /// False when the type of the statement says that it has a loader, or cannot have one.
    template <class Statement>
    static constexpr bool takes_loader = requires(const Statement& s, const Loadable& l) {
        s.load(l);
        requires std::is_same_v<typename Statement::row_type, typename Statement::selected_type>;
    };

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
