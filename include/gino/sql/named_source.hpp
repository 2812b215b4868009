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

/// A column of something that is no model: its name and its type. `const
/// gino::column_name<std::int64_t> id{"id"};`
template <class T>
class column_name {
    static_assert(
        mapped<T>, "gino: a column of this type has no SQL type: specialise gino::mapping<T> for it"
    );

public:
    using value_type = T;

    /// @param name  As in the database. Copied.
    explicit column_name(std::string_view name) : name_(name) {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    std::string name_;
};

/// A column of something that is no model. Assigning to it makes an assignment for update() and
/// insert() of a `gino::table`.
template <class T>
class named_column : public column<T> {
public:
    using column<T>::column;

    constexpr named_column(const named_column& other) noexcept = default;
    constexpr ~named_column() = default;

    template <class V>
    assignment_of<void> operator=(const V& v) const {
        return assignment_of<void>(detail::make_assignment(*this, detail::assigned<T>(*this, v)));
    }

    assignment_of<void> operator=(const named_column& other) const {
        return assignment_of<void>(detail::make_assignment(*this, other.node()));
    }
};

namespace detail {

template <class T>
[[nodiscard]] sql::column_info column_info_of(const column_name<T>& column) {
    return {
        .name = column.name(),
        .key = column.name(),
        .type = sql_type_of<T>(),
        .nullable = is_nullable<T>};
}

/// A column of a table, an alias, a list of values or a function, by the name that the program
/// calls it.
///
/// @throws argument_error  There is no such column; lists those that there are.
[[nodiscard]] sql::expression_ref column_by_key(const sql::from_ref& source, std::string_view key);

[[nodiscard]] sql::from_ref make_named_table(
    std::string_view name, std::vector<sql::column_info> columns
);

/// Something in FROM whose columns are found by `column_name`.
class named_source {
public:
    explicit named_source(sql::from_ref source) : source_(std::move(source)) {}

    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    /// Returns a column.
    ///
    /// @throws argument_error  There is none of that name; lists those that there are.
    template <class T>
    [[nodiscard]] named_column<T> operator[](const column_name<T>& wanted) const {
        return named_column<T>(column_by_key(source_, wanted.name()));
    }

protected:
    sql::from_ref source_;
};

}  // namespace detail

/// A table without a model: made by `gino::table()`.
class named_table : public detail::named_source {
public:
    using named_source::named_source;

    [[nodiscard]] sql::ref<sql::table_source> table() const {
        return sql::ref<sql::table_source>(static_cast<const sql::table_source*>(source_.get()));
    }
};

/// A table without a model: `const auto t = gino::table("legacy", id, name); select(t[id])`.
///
/// @param name     As in the database, with a schema if need be: "app.legacy". Copied.
/// @param columns  Those that the program uses.
template <class... Ts>
[[nodiscard]] named_table table(std::string_view name, const column_name<Ts>&... columns) {
    return named_table(detail::make_named_table(name, {detail::column_info_of(columns)...}));
}

/// `(VALUES (1, 'a'), (2, 'b')) AS name (columns)`: rows that the program has. Made by
/// `values_list()`.
template <class... Ts>
class values_list_of : public detail::named_source {
public:
    using named_source::named_source;

    /// Returns the list with another row, of a value or an expression per column.
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

/// A list of rows to select from: `values_list("v", id, name).row(1, "a").row(2, "b")`. Its columns
/// are found by name in the list with all of its rows: `v[id]`.
///
/// @param name  Empty: the dialect makes one. Copied.
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

/// A function in FROM: `function(...) AS name(columns)`. Made by `table_function()`.
class table_function_source : public detail::named_source {
public:
    using named_source::named_source;

    /// `WITH ORDINALITY`: the last column numbers the rows, from 1. PostgreSQL only.
    [[nodiscard]] table_function_source with_ordinality() const;

    /// `AS name(a INTEGER)`: for functions that return records. PostgreSQL only.
    [[nodiscard]] table_function_source with_types() const;
};

/// A function to select from: `table_function("g", func::call<std::int32_t>("generate_series", 1,
/// 10), n)`; `g[n]` is its column.
///
/// SQLite knows no names for a function's columns: there they have those that the function gives.
///
/// @param name  Empty: the dialect makes one. Copied.
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
