// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/gcc12.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/statement.hpp>

#include <chrono>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace gino {

class row;

namespace detail {

/// The untyped part of hand-written SQL.
class text_clauses : public statement_base {
public:
    explicit text_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

    text_clauses(const statement_base& other, const std::shared_ptr<const loader_base>& loader)
        : statement_base(other) {
        loader_ = loader;
    }

protected:
    /// Adds a named parameter. A name that is bound twice is an error when the statement is
    /// compiled.
    void add_parameter(std::string_view name, const sql::expression_ref& bound);
    /// Adds the parameter of the next position: "$1", "$2".
    void add_place(const sql::expression_ref& bound);
    void set_columns(std::vector<sql::expression_ref> columns);
};

}  // namespace detail

/// Hand-written SQL, as an immutable value. Made by `text()`.
///
///     gino::text("SELECT id, name FROM users WHERE age > :age").bind("age", 18)
///
///     SELECT id, name FROM users WHERE age > $1
///
/// Its rows are `gino::row`, whose types the server sends, unless columns() or load() gives another
/// type. Text with columns() can be a part of other statements, as selects can: `in()`, subquery(),
/// cte().
///
/// Errors, when the statement runs: `argument_error` if a name or position of the text has no
/// value, or a value has no name or position; `database_error` if the database refuses the text.
///
/// @tparam Row       The result of a row.
/// @tparam Selected  The type of a row without a loader.
/// @tparam Columns   A tuple of the columns' types that columns() gave.
///
/// Thread safety: copies may be used from different threads.
template <class Row = row, class Selected = Row, class Columns = std::tuple<>>
class text_statement : public detail::query_of<detail::text_clauses, Selected, Columns> {
    using base = detail::query_of<detail::text_clauses, Selected, Columns>;

public:
    using row_type = Row;

    using base::base;

    /// Copies the text, parameters and options of a statement, and attaches a loader to the copy.
    text_statement(const statement_base& other, const std::shared_ptr<const loader_base>& loader)
        : base(other, loader) {}

    /// Binds a value to `:name`, as the SQL type of its C++ type. A name that the text has several
    /// times has one value; on PostgreSQL it is one parameter.
    ///
    /// @param name  Without the colon. Copied.
    /// @param v     Copied.
    /// @throws argument_error  `v` is unsigned and does not fit into 64 bits with a sign. When the
    ///                         statement runs: the name is bound twice, or the text does not have
    ///                         it.
    template <class V>
    [[nodiscard]] text_statement bind(std::string_view name, const V& v) const {
        text_statement changed(*this);
        changed.add_parameter(name, detail::bind(v));
        return changed;
    }

    /// Binds a value as bind() does, as the SQL type that `As` is stored as:
    /// `bind<std::int64_t>("id", 7)`. If `As` is a `std::optional`, the value may be NULL.
    ///
    /// @throws argument_error  `v` is an integer outside of the type's range.
    template <mapped As, class V>
    [[nodiscard]] text_statement bind(std::string_view name, const V& v) const {
        static_assert(
            (detail::null_like<V> ? is_nullable<As> : detail::comparable_with_value<As, V>()),
            "gino: this value is not of the type that it is bound as; convert it"
        );
        text_statement changed(*this);
        changed.add_parameter(name, detail::bind_as<As>(v));
        return changed;
    }

    /// Binds values to `$1`, `$2` and so on, in this order, instead of bind(). The text then has
    /// PostgreSQL's positions instead of names, on every database.
    ///
    /// @throws argument_error  When the statement runs: the text has a position without a value, or
    ///                         a value has no position.
    template <class... Values>
        requires(sizeof...(Values) > 0)
    [[nodiscard]] text_statement bind_all(const Values&... values) const {
        text_statement changed(*this);
        (changed.add_place(detail::bind(values)), ...);
        return changed;
    }

    /// Declares the columns of the result, in their order, and so the types that rows are read as.
    ///
    ///     gino::text("SELECT id, name FROM users").columns(user::c.id, user::c.nickname)
    ///
    /// @param expressions  Only their types and names are used. The database is not asked whether
    ///                     they are right; a wrong type is a `data_error` when a row is read.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto columns(const Expressions&... expressions) const {
        using selected_row = typename detail::row_of<Expressions...>::type;
        text_statement<selected_row, selected_row, std::tuple<Expressions...>> changed(
            *this, nullptr
        );
        changed.set_columns({expressions.node()...});
        return changed;
    }

    /// Declares that the columns of the result are the columns of a model, in the order of its
    /// description. Rows are loaded as objects.
    template <class Model>
    [[nodiscard]] text_statement<Model> columns() const {
        text_statement<Model> changed(*this, nullptr);
        changed.set_columns(detail::columns_of_model<Model>());
        return changed;
    }

    /// Attaches a loader, or any value that has one. Its columns are found in the result by name.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) const {
        detail::check_written_in_place<Loadable>();
        using traits = detail::loader_of<std::remove_cvref_t<Loadable>>;
        return text_statement<typename traits::value_type, Selected, Columns>(
            *this, traits::attach(loadable)
        );
    }

    /// Sets the longest time that running the statement may take, from the call of a verb to the
    /// last row, including the wait for a connection. Zero: no limit.
    [[nodiscard]] text_statement timeout(std::chrono::milliseconds limit) const {
        text_statement changed(*this);
        changed.options_.timeout = limit;
        return changed;
    }

private:
    template <class, class, class>
    friend class text_statement;
};

/// Makes a statement of hand-written SQL.
///
/// `:name` is a parameter, `::` is a cast, and `\:` writes a colon. Names within quotes, dollar
/// quotes and comments are no parameters.
///
/// @param sql  The program's own text, never data from outside: bind() takes data. Copied.
[[nodiscard]] text_statement<> text(std::string_view sql);

}  // namespace gino
