// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/schema/table.hpp>
#include <gino/sql/expression/expression.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// One thing that a model says about its table: a key, a constraint, an index, a default.
///
/// Made by the functions below; returned from a model's `table_args()`.
class table_arg {
public:
    using change = std::function<void(table_definition&)>;

    explicit table_arg(change apply) : apply_(std::move(apply)) {}

    void apply_to(table_definition& table) const { apply_(table); }

private:
    change apply_;
};

/// What a model's static member function `table_args()` returns:
///
///     static gino::table_args table_args() {
///         return {gino::primary_key(c.id), gino::index("ix_users_nickname", c.nickname)};
///     }
class table_args {
public:
    template <class... Args>
        requires(std::convertible_to<Args, table_arg> && ...)
    table_args(const Args&... args) : args_{static_cast<table_arg>(args)...} {}

    void apply_to(table_definition& table) const;

private:
    std::vector<table_arg> args_;
};

namespace detail {

/// The database's name of a column. @throws argument_error  The expression is no column.
[[nodiscard]] std::string name_of_column(const expression_handle& column);
[[nodiscard]] table_arg make_primary_key(
    std::vector<std::string> columns, std::string_view name = {}
);
[[nodiscard]] table_arg make_default(std::string column, client_value to);
[[nodiscard]] table_arg make_onupdate(std::string column, client_value to);
[[nodiscard]] table_arg make_computed(std::string column, sql::expression_ref e, bool stored);
[[nodiscard]] table_arg make_server_default(std::string column, sql::expression_ref to);

}  // namespace detail

/// PRIMARY KEY. A single integer column without a server_default() numbers new rows by itself.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] table_arg primary_key(const Columns&... columns) {
    return detail::make_primary_key({detail::name_of_column(columns)...});
}

/// PRIMARY KEY with a name of its own.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] table_arg primary_key(std::string_view name, const Columns&... columns) {
    return detail::make_primary_key({detail::name_of_column(columns)...}, name);
}

/// UNIQUE over columns.
class unique_arg {
public:
    explicit unique_arg(unique_definition definition) : definition_(std::move(definition)) {}

    /// DEFERRABLE; checked at the end of the transaction if `initially_deferred`. PostgreSQL only.
    [[nodiscard]] unique_arg deferrable(bool initially_deferred = false) const;

    operator table_arg() const;

private:
    unique_definition definition_;
};

/// UNIQUE with a name of its own: `unique("uq_users_nickname", c.nickname)`.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] unique_arg unique(std::string_view name, const Columns&... columns) {
    return unique_arg({.name = std::string(name), .columns = {detail::name_of_column(columns)...}});
}

template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] unique_arg unique(const Columns&... columns) {
    return unique_arg({.name = {}, .columns = {detail::name_of_column(columns)...}});
}

/// CHECK (condition), with a name.
template <expression Condition>
[[nodiscard]] table_arg check(std::string_view name, const Condition& condition) {
    static_assert(
        detail::is_boolean<typename Condition::value_type>,
        "gino: check() takes a boolean expression, such as c.age >= 0"
    );
    return table_arg([name = std::string(name), node = condition.node()](table_definition& table) {
        table.checks.push_back({.name = name, .condition = node});
    });
}

/// FOREIGN KEY, with what happens when the row that it points to changes or goes.
class foreign_key_arg {
public:
    foreign_key_arg(const sql::expression_ref& column, const sql::expression_ref& target);

    /// Adds a column to a key of several.
    template <expression Column, expression Target>
    [[nodiscard]] foreign_key_arg and_column(const Column& column, const Target& target) const {
        foreign_key_arg changed(*this);
        changed.add(column.node(), target.node());
        return changed;
    }

    [[nodiscard]] foreign_key_arg name(std::string_view constraint) const;
    [[nodiscard]] foreign_key_arg on_delete(referential_action action) const;
    [[nodiscard]] foreign_key_arg on_update(referential_action action) const;
    /// MATCH FULL. PostgreSQL only: SQLite has MATCH SIMPLE alone.
    [[nodiscard]] foreign_key_arg match(match_type type) const;
    /// DEFERRABLE; checked at the end of the transaction if `initially_deferred`.
    [[nodiscard]] foreign_key_arg deferrable(bool initially_deferred = false) const;

    operator table_arg() const;

private:
    void add(const sql::expression_ref& column, const sql::expression_ref& target);

    foreign_key_definition definition_;
};

/// FOREIGN KEY(column) REFERENCES target's table: `foreign_key(c.team_id, team::c.id)`.
///
/// Keys may point in a circle: declare `table_args()` in the class and define it after both.
template <expression Column, expression Target>
[[nodiscard]] foreign_key_arg foreign_key(const Column& column, const Target& target) {
    static_assert(
        detail::comparable<typename Column::value_type, typename Target::value_type>(),
        "gino: a foreign key's column and the column that it points to have different types"
    );
    return {column.node(), target.node()};
}

/// CREATE INDEX over columns or expressions.
class index_arg {
public:
    explicit index_arg(index_definition definition) : definition_(std::move(definition)) {}

    [[nodiscard]] index_arg unique() const;
    /// The access method: "gin".
    [[nodiscard]] index_arg using_(std::string_view method) const;
    /// The operator class of an element: `ops(c.nickname, "text_pattern_ops")`. PostgreSQL only.
    ///
    /// @throws argument_error  The index has no such element.
    [[nodiscard]] index_arg ops(const expression_handle& element, std::string_view name) const;
    /// CONCURRENTLY: writers of the table do not wait. For `index_ddl()`; a table that is created
    /// together with its index has none. PostgreSQL only.
    [[nodiscard]] index_arg concurrently() const;

    /// INCLUDE: columns that the index has beside its key, for scans of the index alone. PostgreSQL
    /// only.
    template <expression... Columns>
    [[nodiscard]] index_arg include(const Columns&... columns) const {
        index_arg changed(*this);
        (changed.definition_.include.push_back(detail::name_of_column(columns)), ...);
        return changed;
    }

    template <expression Condition>
    [[nodiscard]] index_arg where(const Condition& condition) const {
        index_arg changed(*this);
        changed.definition_.where = condition.node();
        return changed;
    }

    operator table_arg() const;

private:
    index_definition definition_;
};

namespace detail {

template <class Element>
[[nodiscard]] sql::order_item index_element(const Element& element) {
    if constexpr (std::derived_from<Element, order_term>) {
        return element.item();
    } else {
        static_assert(expression<Element>, "gino: an index is over columns and expressions");
        return {.by = element.node()};
    }
}

}  // namespace detail

/// CREATE INDEX: `index("ix_users_nickname", c.nickname)`.
template <class... Elements>
    requires(sizeof...(Elements) > 0)
[[nodiscard]] index_arg index(std::string_view name, const Elements&... elements) {
    index_definition definition;
    definition.name = name;
    (definition.elements.push_back(detail::index_element(elements)), ...);
    return index_arg(std::move(definition));
}

/// DEFAULT of a column: a value, or a SQL expression such as `func::now()`.
///
/// An INSERT by create() leaves the column out when its member is an empty `std::optional`.
template <class T, class V>
[[nodiscard]] table_arg server_default(const column<T>& target, const V& to) {
    return detail::make_server_default(
        detail::name_of_column(target),
        detail::assigned<std::optional<detail::without_null<T>>>(target, to)
    );
}

namespace detail {

/// A function that returns something that is stored as a `T`.
template <class T, class F>
class called_value final : public value_maker {
public:
    explicit called_value(const F& function) : function_(function) {}

    [[nodiscard]] value make() const override { return store_value<T>(T(function_())); }

private:
    F function_;
};

/// A value, a SQL expression, or a function that returns a value, for a column.
template <class T, class V>
[[nodiscard]] client_value client_value_of(const column<T>& target, const V& to) {
    using bare = detail::without_null<T>;
    if constexpr (std::is_invocable_v<const V&>) {
        static_assert(
            std::is_convertible_v<std::invoke_result_t<const V&>, bare>,
            "gino: the function returns another type than that of the column"
        );
        return {.expression = {}, .maker = sql::make<called_value<bare, V>>(to)};
    } else {
        return {.expression = assigned<std::optional<bare>>(target, to), .maker = {}};
    }
}

}  // namespace detail

/// What create() sends for the column when its member is an empty `std::optional`, and an
/// `insert<T>()` of rows when it does not name the column: a value, a SQL expression, or a function
/// that is called for each row. The database does not know of it; the object gets it.
template <class T, class V>
[[nodiscard]] table_arg default_(const column<T>& target, const V& to) {
    static_assert(
        is_nullable<T>,
        "gino: default_() is for members that are std::optional; others have their initialiser"
    );
    return detail::make_default(
        detail::name_of_column(target), detail::client_value_of(target, to)
    );
}

/// What `update(object).set(...).apply()` and `update<T>().set(...)` send for the column when set()
/// does not name it, and what `save(object)` sends: a value, a SQL expression such as
/// `func::now()`, or a function. The object gets it. ON CONFLICT DO UPDATE does not send it.
template <class T, class V>
[[nodiscard]] table_arg onupdate(const column<T>& target, const V& to) {
    return detail::make_onupdate(
        detail::name_of_column(target), detail::client_value_of(target, to)
    );
}

/// GENERATED ALWAYS AS (expression): the database computes the column from others of its row.
/// create() and set() leave such a column alone.
///
/// @param stored  False: computed whenever it is read (SQLite only).
template <class T, expression Expression>
[[nodiscard]] table_arg computed(
    const column<T>& target, const Expression& from, bool stored = true
) {
    static_assert(
        detail::comparable<T, typename Expression::value_type>(),
        "gino: a computed column and the expression that it comes from have different types"
    );
    return detail::make_computed(detail::name_of_column(target), from.node(), stored);
}

/// GENERATED ... AS IDENTITY: SQL's own way to number rows; on SQLite as primary_key() alone does.
[[nodiscard]] table_arg identity(
    const expression_handle& target, identity_kind kind = identity_kind::by_default
);

/// COLLATE of a column: how its texts are compared and sorted.
[[nodiscard]] table_arg collation(const expression_handle& target, std::string_view name);

/// EXCLUDE: no two rows for which all operators are true. PostgreSQL only.
class exclude_arg {
public:
    explicit exclude_arg(exclude_definition definition) : definition_(std::move(definition)) {}

    /// An element, and the operator that compares it: `with(c.during, "&&")`.
    template <expression Element>
    [[nodiscard]] exclude_arg with(const Element& element, std::string_view op) const {
        exclude_arg changed(*this);
        changed.definition_.elements.push_back(
            {.expression = element.node(), .with = std::string(op)}
        );
        return changed;
    }

    template <expression Condition>
    [[nodiscard]] exclude_arg where(const Condition& condition) const {
        exclude_arg changed(*this);
        changed.definition_.where = condition.node();
        return changed;
    }

    operator table_arg() const;

private:
    exclude_definition definition_;
};

/// EXCLUDE USING an index method: `exclude("no_overlap", "gist").with(c.during, "&&")`.
[[nodiscard]] exclude_arg exclude(std::string_view name, std::string_view method);

/// A sequence that is created before the table, if it is not there. PostgreSQL only.
///
/// @param name  With a schema if need be.
[[nodiscard]] table_arg sequence(
    std::string_view name,
    std::optional<std::int64_t> start = std::nullopt,
    std::optional<std::int64_t> increment = std::nullopt
);

/// Declares the column as another SQL type than that of its C++ type.
[[nodiscard]] table_arg column_type(const expression_handle& target, sql_type type);

/// A type of the database's own, for a `std::string` member: `native_type("tsvector")`,
/// `native_type("bit(5)")`. Its values go and come as text.
///
/// @param name  A literal, written as it stands: neither copied nor quoted.
[[nodiscard]] constexpr sql_type native_type(std::string_view name) {
    return {.kind = type_kind::named, .name = name};
}

/// VARCHAR(length).
[[nodiscard]] constexpr sql_type varchar(std::uint32_t length) {
    return {.kind = type_kind::varchar, .length = length};
}

/// AUTOINCREMENT: SQLite does not give the key of a row that was deleted to a new one, as
/// PostgreSQL never does. Inserting costs a write to a table more. Other databases: nothing.
///
/// When the table is created, it is a compile_error if the primary key is no integer that the
/// database numbers.
[[nodiscard]] table_arg sqlite_autoincrement();

/// COMMENT ON COLUMN.
[[nodiscard]] table_arg comment(const expression_handle& target, std::string_view text);
/// COMMENT ON TABLE.
[[nodiscard]] table_arg comment(std::string_view text);

}  // namespace gino
