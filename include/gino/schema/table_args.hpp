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

/// One part of a table's declaration: a key, a constraint, an index, a default.
///
/// The functions below make them; a model's `table_args()` returns them. A part takes effect when
/// the model is first used; that is also when a column that the table does not have is reported, by
/// an `argument_error`.
class table_arg {
public:
    /// A change of a table's definition.
    using change = std::function<void(table_definition&)>;

    /// Makes a part of the program's own.
    ///
    /// @param apply  Called once for each table definition. Moved in.
    explicit table_arg(change apply) : apply_(std::move(apply)) {}

    /// Applies the change.
    void apply_to(table_definition& table) const { apply_(table); }

private:
    change apply_;
};

/// The result of a model's static member function `table_args()`:
///
///     static gino::table_args table_args() {
///         return {gino::primary_key(c.id), gino::index("ix_users_nickname", c.nickname)};
///     }
///
/// If two parts set the same property, such as the primary key, the last one counts; constraints
/// and indexes are added.
class table_args {
public:
    /// @param args  Copied, in their order.
    template <class... Args>
        requires(std::convertible_to<Args, table_arg> && ...)
    table_args(const Args&... args) : args_{static_cast<table_arg>(args)...} {}

    /// Applies all parts, in their order.
    void apply_to(table_definition& table) const;

private:
    std::vector<table_arg> args_;
};

namespace detail {

/// Returns the database's name of a column. @throws argument_error  The expression is no column.
[[nodiscard]] std::string name_of_column(const expression_handle& column);
[[nodiscard]] table_arg make_primary_key(
    std::vector<std::string> columns, std::string_view name = {}
);
[[nodiscard]] table_arg make_default(std::string column, client_value to);
[[nodiscard]] table_arg make_onupdate(std::string column, client_value to);
[[nodiscard]] table_arg make_computed(std::string column, sql::expression_ref e, bool stored);
[[nodiscard]] table_arg make_server_default(std::string column, sql::expression_ref to);

}  // namespace detail

/// PRIMARY KEY.
///
/// The database numbers new rows if the key is a single integer column without a `server_default()`
/// and without a foreign key of its own.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] table_arg primary_key(const Columns&... columns) {
    return detail::make_primary_key({detail::name_of_column(columns)...});
}

/// PRIMARY KEY with a name.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] table_arg primary_key(std::string_view name, const Columns&... columns) {
    return detail::make_primary_key({detail::name_of_column(columns)...}, name);
}

/// UNIQUE over columns; `unique()` makes it. The functions return changed copies.
class unique_arg {
public:
    explicit unique_arg(unique_definition definition) : definition_(std::move(definition)) {}

    /// DEFERRABLE (PostgreSQL's manual, SET CONSTRAINTS). PostgreSQL only: SQLite throws a
    /// `compile_error` when the table is created.
    ///
    /// @param initially_deferred  True: checked at the end of the transaction by default. False:
    ///                            checked at the end of each statement, unless SET CONSTRAINTS
    ///                            defers it.
    [[nodiscard]] unique_arg deferrable(bool initially_deferred = false) const;

    operator table_arg() const;

private:
    unique_definition definition_;
};

/// UNIQUE with a name: `unique("uq_users_nickname", c.nickname)`.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] unique_arg unique(std::string_view name, const Columns&... columns) {
    return unique_arg({.name = std::string(name), .columns = {detail::name_of_column(columns)...}});
}

/// UNIQUE whose name comes from the naming convention, or from the database.
template <expression... Columns>
    requires(sizeof...(Columns) > 0)
[[nodiscard]] unique_arg unique(const Columns&... columns) {
    return unique_arg({.name = {}, .columns = {detail::name_of_column(columns)...}});
}

/// CHECK (condition), with a name. Values in the condition are written as literals.
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

/// FOREIGN KEY, with its actions when the row that it refers to is updated or deleted;
/// `foreign_key()` makes it. The functions return changed copies.
class foreign_key_arg {
public:
    /// Makes a key of one column.
    ///
    /// @throws argument_error  `errc::invalid_argument`: one of them is no column, or the target is
    ///                         a column of an alias or a subquery.
    foreign_key_arg(const sql::expression_ref& column, const sql::expression_ref& target);

    /// Adds a column to a key of several: `foreign_key(c.a, other::c.a).and_column(c.b,
    /// other::c.b)`. All targets have to be columns of the same table; of this one only the name is
    /// kept.
    template <expression Column, expression Target>
    [[nodiscard]] foreign_key_arg and_column(const Column& column, const Target& target) const {
        foreign_key_arg changed(*this);
        changed.add(column.node(), target.node());
        return changed;
    }

    /// Names the constraint. A key that is part of a cycle needs a name if PostgreSQL's own name
    /// for it would be longer than 63 bytes.
    [[nodiscard]] foreign_key_arg name(std::string_view constraint) const;
    /// ON DELETE. The default is NO ACTION.
    [[nodiscard]] foreign_key_arg on_delete(referential_action action) const;
    /// ON UPDATE. The default is NO ACTION.
    [[nodiscard]] foreign_key_arg on_update(referential_action action) const;
    /// MATCH FULL, or MATCH SIMPLE, the default. SQLite has MATCH SIMPLE alone and throws a
    /// `compile_error` for the other.
    [[nodiscard]] foreign_key_arg match(match_type type) const;
    /// DEFERRABLE, on both databases.
    ///
    /// @param initially_deferred  True: checked at the end of the transaction by default.
    [[nodiscard]] foreign_key_arg deferrable(bool initially_deferred = false) const;

    operator table_arg() const;

private:
    void add(const sql::expression_ref& column, const sql::expression_ref& target);

    foreign_key_definition definition_;
};

/// FOREIGN KEY (column) REFERENCES the target's table: `foreign_key(c.team_id, team::c.id)`.
///
/// Two tables may refer to each other: declare `table_args()` in the class and define it after both
/// classes.
///
/// @param column  A column of the model.
/// @param target  A column of another model or of the same one, of a comparable type.
/// @throws argument_error  See `foreign_key_arg`.
template <expression Column, expression Target>
[[nodiscard]] foreign_key_arg foreign_key(const Column& column, const Target& target) {
    static_assert(
        detail::comparable<typename Column::value_type, typename Target::value_type>(),
        "gino: a foreign key's column and the column that it points to have different types"
    );
    return {column.node(), target.node()};
}

/// CREATE INDEX over columns or expressions; `index()` makes it. The functions return changed
/// copies.
class index_arg {
public:
    explicit index_arg(index_definition definition) : definition_(std::move(definition)) {}

    /// CREATE UNIQUE INDEX.
    [[nodiscard]] index_arg unique() const;
    /// USING: the access method, such as "gin". PostgreSQL only.
    [[nodiscard]] index_arg using_(std::string_view method) const;
    /// Sets the operator class of an element: `ops(c.nickname, "text_pattern_ops")`. PostgreSQL
    /// only.
    ///
    /// @throws argument_error  `errc::invalid_argument`: the index has no such element.
    [[nodiscard]] index_arg ops(const expression_handle& element, std::string_view name) const;
    /// CONCURRENTLY: building the index does not block writers of the table. It affects
    /// `index_ddl()` alone; an index that is created together with its table needs none. PostgreSQL
    /// only, outside a transaction.
    [[nodiscard]] index_arg concurrently() const;

    /// INCLUDE: columns that the index stores besides its key, for index-only scans. PostgreSQL
    /// only.
    template <expression... Columns>
    [[nodiscard]] index_arg include(const Columns&... columns) const {
        index_arg changed(*this);
        (changed.definition_.include.push_back(detail::name_of_column(columns)), ...);
        return changed;
    }

    /// WHERE: a partial index, over the rows for which the condition is true.
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
///
/// @param name      Unique within the schema.
/// @param elements  Columns, expressions (`func::lower(c.nickname)`), or either of them with an
///                  order (`c.age.desc()`).
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
/// `create()` omits the column, so that the database fills it in, when its member is an empty
/// `std::optional` or, if it is none, still has its initial value. For such a member, a default
/// that is a boolean, a number, a text or an enumerator must equal the initial value, because a
/// value that was set on purpose would look like a missing one; otherwise the first use of the
/// model throws an `argument_error`.
template <class T, class V>
[[nodiscard]] table_arg server_default(const column<T>& target, const V& to) {
    return detail::make_server_default(
        detail::name_of_column(target),
        detail::assigned<std::optional<detail::without_null<T>>>(target, to)
    );
}

namespace detail {

/// A function whose result is stored as a `T`.
template <class T, class F>
class called_value final : public value_maker {
public:
    explicit called_value(const F& function) : function_(function) {}

    [[nodiscard]] value make() const override { return store_value<T>(T(function_())); }

private:
    F function_;
};

/// Makes the value of a column from a value, a SQL expression, or a function that returns a value.
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

/// A default that the library sends: the database does not know it, and the object receives it.
///
/// `create()` sends it when the member is an empty `std::optional`, and an `insert<T>()` of rows
/// when it does not name the column.
///
/// @param target  A column whose member is a `std::optional`.
/// @param to      A value, a SQL expression, or a function, which is called for each row.
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

/// A value that the library sends with each UPDATE of the row, such as the time of the change. The
/// object receives it.
///
/// `update(object).set(...).apply()` and `update<T>().set(...)` send it when `set()` does not name
/// the column; `save(object)` always sends it. ON CONFLICT DO UPDATE does not send it.
///
/// @param target  Any column of the model.
/// @param to      A value, a SQL expression such as `func::now()`, or a function.
template <class T, class V>
[[nodiscard]] table_arg onupdate(const column<T>& target, const V& to) {
    return detail::make_onupdate(
        detail::name_of_column(target), detail::client_value_of(target, to)
    );
}

/// GENERATED ALWAYS AS (expression): the database computes the column from other columns of its
/// row. `create()`, `save()` and `set()` do not send such a column.
///
/// @param target  The computed column.
/// @param from    An expression over columns of the same table.
/// @param stored  False: computed when it is read. SQLite only: PostgreSQL throws a `compile_error`
///                when the table is created.
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

/// GENERATED ... AS IDENTITY: the SQL standard's way to number rows. On SQLite it has no effect:
/// `primary_key()` alone numbers rows.
///
/// @param target  An integer column.
/// @param kind    `always`: the INSERT may not have a number; `create()` never sends one.
[[nodiscard]] table_arg identity(
    const expression_handle& target, identity_kind kind = identity_kind::by_default
);

/// COLLATE of a column: how its texts are compared and sorted.
///
/// @param name  A collation of the database; written quoted if need be.
[[nodiscard]] table_arg collation(const expression_handle& target, std::string_view name);

/// EXCLUDE: no two rows exist for which all operators are true; `exclude()` makes it. PostgreSQL
/// only: SQLite throws a `compile_error`. The functions return changed copies.
class exclude_arg {
public:
    explicit exclude_arg(exclude_definition definition) : definition_(std::move(definition)) {}

    /// Adds an element and the operator that compares it: `with(c.during, "&&")`.
    ///
    /// @param op  Written as it is. Never take it from users.
    template <expression Element>
    [[nodiscard]] exclude_arg with(const Element& element, std::string_view op) const {
        exclude_arg changed(*this);
        changed.definition_.elements.push_back(
            {.expression = element.node(), .with = std::string(op)}
        );
        return changed;
    }

    /// Restricts the constraint to the rows for which the condition is true.
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

/// A sequence that `create_all()` creates before the table, unless it exists. PostgreSQL only:
/// SQLite throws a `compile_error`.
///
/// @param name       "name" or "schema.name".
/// @param start      Its first value; by default the database's, 1.
/// @param increment  The distance of its values; by default 1.
[[nodiscard]] table_arg sequence(
    std::string_view name,
    std::optional<std::int64_t> start = std::nullopt,
    std::optional<std::int64_t> increment = std::nullopt
);

/// Declares the column as another SQL type than that of its C++ type: `column_type(c.price,
/// numeric(10, 2))`. The C++ type has to be able to hold its values.
[[nodiscard]] table_arg column_type(const expression_handle& target, sql_type type);

/// Returns a type of the database's own, for a `std::string` member: `native_type("tsvector")`,
/// `native_type("bit(5)")`. Its values are sent and received as text.
///
/// @param name  A string literal, written as it is: neither copied nor quoted.
[[nodiscard]] constexpr sql_type native_type(std::string_view name) {
    return {.kind = type_kind::named, .name = name};
}

/// Returns the type VARCHAR(length), for `column_type()`.
///
/// @param length  In characters; 0: no limit. SQLite checks it as well.
[[nodiscard]] constexpr sql_type varchar(std::uint32_t length) {
    return {.kind = type_kind::varchar, .length = length};
}

/// AUTOINCREMENT of SQLite: the key of a deleted row is never used again, as PostgreSQL never does.
/// Each INSERT then writes to one more table. Other databases ignore it.
///
/// Creating the table throws a `compile_error` if the primary key is not a single integer column
/// that the database numbers.
[[nodiscard]] table_arg sqlite_autoincrement();

/// COMMENT ON COLUMN. SQLite ignores it.
[[nodiscard]] table_arg comment(const expression_handle& target, std::string_view text);
/// COMMENT ON TABLE. SQLite ignores it.
[[nodiscard]] table_arg comment(std::string_view text);

}  // namespace gino
