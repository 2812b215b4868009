// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/operators.hpp>
#include <gino/sql/source.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// The name and the type of a column outside of models. Declared once and used as a key:
///
///     const gino::column_name<std::int64_t> id{"id"};
///     const auto legacy = gino::table("app.legacy", id);
///     select(legacy[id]).where(legacy[id] > 7)
///
///     SELECT app.legacy.id FROM app.legacy WHERE app.legacy.id > $1
///
/// @tparam T  The C++ type of its values; `std::optional` if it can be NULL. The database is not
///            asked whether it is right; a wrong type is a `data_error` when a row is read.
template <class T>
class column_name {
    static_assert(
        mapped<T>, "gino: a column of this type has no SQL type: specialise gino::mapping<T> for it"
    );

public:
    using value_type = T;

    /// @param name  As in the database. Copied.
    explicit column_name(std::string_view name) : name_(name) {}

    /// Returns the name in the database.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    std::string name_;
};

/// A column of a source that is no model. `=` makes an assignment for update() and insert() of a
/// `gino::table`.
template <class T>
class named_column : public column<T> {
public:
    using column<T>::column;

    constexpr named_column(const named_column& other) noexcept = default;
    constexpr ~named_column() = default;

    /// Returns the assignment `column = v`; no C++ object is changed.
    ///
    /// @throws argument_error  `v` is an integer outside of the range of the column's type.
    template <class V>
    assignment_of<void> operator=(const V& v) const {
        return assignment_of<void>(detail::make_assignment(*this, detail::assigned<T>(*this, v)));
    }

    /// Returns the assignment `column = other`, of a column to a column.
    assignment_of<void> operator=(const named_column& other) const {
        return assignment_of<void>(detail::make_assignment(*this, other.node()));
    }
};

namespace detail {

/// Returns a column's description for the tree.
template <class T>
[[nodiscard]] sql::column_info column_info_of(const column_name<T>& column) {
    return {
        .name = column.name(),
        .key = column.name(),
        .type = sql_type_of<T>(),
        .nullable = is_nullable<T>};
}

/// Returns a column of a table, an alias, a list of values or a function by its name in the
/// program.
///
/// @throws argument_error  There is no such column, and the message lists those that exist; or the
///                         source is of another kind.
[[nodiscard]] sql::expression_ref column_by_key(const sql::from_ref& source, std::string_view key);

/// Makes a table from its name, "schema.name" or "name".
[[nodiscard]] sql::from_ref make_named_table(
    std::string_view name, std::vector<sql::column_info> columns
);

/// A FROM item whose columns are found by `column_name`.
class named_source {
public:
    explicit named_source(sql::from_ref source) : source_(std::move(source)) {}

    /// Returns the FROM item.
    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    /// Returns a column.
    ///
    /// @throws argument_error  The source has no column of that name; the message lists its
    ///                         columns.
    template <class T>
    [[nodiscard]] named_column<T> operator[](const column_name<T>& wanted) const {
        return named_column<T>(column_by_key(source_, wanted.name()));
    }

protected:
    sql::from_ref source_;
};

}  // namespace detail

/// A table without a model. Made by `gino::table()`.
class named_table : public detail::named_source {
public:
    using named_source::named_source;

    /// Returns the table as update(), insert() and delete_from() take it.
    [[nodiscard]] sql::ref<sql::table_source> table() const {
        return sql::ref<sql::table_source>(static_cast<const sql::table_source*>(source_.get()));
    }
};

/// Makes a table without a model; nothing is created in the database.
///
///     const auto t = gino::table("teams", id, name);
///     gino::update(t).set(t[name] = "x").where(t[id] == 1)
///
///     UPDATE teams SET name=$1 WHERE teams.id = $2
///
/// @param name     As in the database, with a schema if needed: "app.legacy". Copied.
/// @param columns  The columns that the program uses; the table may have more.
template <class... Ts>
[[nodiscard]] named_table table(std::string_view name, const column_name<Ts>&... columns) {
    return named_table(detail::make_named_table(name, {detail::column_info_of(columns)...}));
}

/// Rows of the program as a source to select from. Made by `values_list()`; an immutable value.
template <class... Ts>
class values_list_of : public detail::named_source {
public:
    using named_source::named_source;

    /// Returns the list with another row.
    ///
    /// @param values  A value or an expression per column, of a comparable type; otherwise it does
    ///                not compile.
    /// @throws argument_error  An integer is outside of the range of its column's type.
    template <class... Values>
    [[nodiscard]] values_list_of row(const Values&... values) const {
        static_assert(
            sizeof...(Values) == sizeof...(Ts),
            "gino: a row of values_list() has as many values as there are columns"
        );
        if constexpr (sizeof...(Values) == sizeof...(Ts)) {
            (detail::check_comparable<Ts, Values>(), ...);
        }
        const auto& list = sql::cast_to<sql::values_source>(*source_);
        auto rows = list.rows;
        rows.push_back({cell<Ts>(values)...});
        return values_list_of(
            sql::make<sql::values_source>(list.name, list.columns, std::move(rows))
        );
    }

private:
    template <class T, class V>
    static sql::expression_ref cell(const V& v) {
        if constexpr (expression<V>) {
            return v.node();
        } else {
            return detail::bind_as<T>(v);
        }
    }
};

/// Makes a list of rows to select from; row() adds each of them.
///
///     const auto v = gino::values_list("v", id, name).row(1, "a").row(2, "b");
///     select(user::c.nickname, v[name]).where(user::c.id == v[id])
///
///     ... FROM users, (VALUES ($1, $2), ($3, $4)) AS v (id, name) WHERE users.id = v.id
///
/// A list without rows is an `argument_error` when the statement runs. Take columns from the list
/// with all of its rows: a list with another row is another source.
///
/// @param name  Empty: the dialect makes one, such as `anon_1`. Copied.
template <class... Ts>
    requires(sizeof...(Ts) > 0)
[[nodiscard]] values_list_of<Ts...> values_list(
    std::string_view name, const column_name<Ts>&... columns
) {
    return values_list_of<Ts...>(sql::make<sql::values_source>(
        name,
        std::vector<sql::column_info>{detail::column_info_of(columns)...},
        std::vector<std::vector<sql::expression_ref>>()
    ));
}

/// A function as a source to select from: `function(...) AS name(columns)`. Made by
/// `table_function()`; an immutable value. It may use columns of the items before it in FROM.
class table_function_source : public detail::named_source {
public:
    using named_source::named_source;

    /// Returns the source with `WITH ORDINALITY`: its last column numbers the rows, from 1.
    /// PostgreSQL only.
    [[nodiscard]] table_function_source with_ordinality() const;

    /// Returns the source with the types of its columns, `AS name(a INTEGER)`, as functions that
    /// return records need. PostgreSQL only (PostgreSQL 15, 7.2.1.4).
    [[nodiscard]] table_function_source with_types() const;
};

/// Makes a source of a function that returns rows.
///
///     const gino::column_name<std::int32_t> n("n");
///     const auto numbers =
///         gino::table_function("g", func::call<std::int32_t>("generate_series", 1, 10), n);
///     select(numbers[n])
///
///     SELECT g.n FROM generate_series($1, $2) AS g(n)
///
/// SQLite cannot rename a function's columns: `columns` have the names there that the function
/// gives.
///
/// @param name  Empty: the dialect makes one, such as `anon_1`. Copied.
template <class T, class... Ts>
[[nodiscard]] table_function_source table_function(
    std::string_view name, const expr<T>& call, const column_name<Ts>&... columns
) {
    return table_function_source(sql::make<sql::function_source>(
        call.node(),
        name,
        std::vector<sql::column_info>{detail::column_info_of(columns)...},
        false,
        false
    ));
}

}  // namespace gino
