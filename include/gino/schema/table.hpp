// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gino {

/// What a foreign key does with its rows when the row that they point to changes or goes.
enum class referential_action : std::uint8_t {
    no_action,
    restrict,
    cascade,
    set_null,
    set_default
};

/// A value that the database fills in when an INSERT does not name the column.
///
/// Either a SQL expression (`gino::func::now()`), or hand-written SQL, or a value, which becomes a
/// quoted literal.
struct server_default_definition {
    sql::expression_ref expression;  ///< Bind parameters in it are written as quoted literals.
};

/// A function of the program that makes a value each time it is asked.
class value_maker : public sql::node {
public:
    [[nodiscard]] virtual value make() const = 0;
};

/// A value that create() or update() sends when the program gives none.
struct client_value {
    sql::expression_ref expression;
    sql::ref<value_maker> maker;  ///< Empty: `expression` it is.
};

/// A value that the database computes from the other columns of the row.
struct computed_definition {
    sql::expression_ref expression;
    bool stored = true;  ///< False: computed whenever it is read (SQLite only).
};

/// Who numbers the rows of an identity column when an INSERT says a number.
enum class identity_kind : std::uint8_t {
    none,
    always,      ///< The database: the INSERT fails.
    by_default,  ///< The INSERT.
};

/// A column as CREATE TABLE declares it.
struct column_definition {
    std::string name;
    sql_type type;
    bool nullable = false;
    std::optional<server_default_definition> server_default;
    std::string comment;
    /// The database numbers new rows: the only primary key column, of an integer type, without a
    /// default of its own. BIGSERIAL on PostgreSQL, INTEGER PRIMARY KEY on SQLite.
    bool autoincrement = false;
    /// Of create(), for a member that is NULL, and of INSERT, for what it leaves out.
    std::optional<client_value> default_value;
    std::optional<client_value> onupdate;  ///< Of UPDATE, for what it does not set.
    std::optional<computed_definition> computed;
    identity_kind identity = identity_kind::none;
    std::string collation;  ///< Empty: the database's default.
};

/// UNIQUE over columns.
struct unique_definition {
    std::string name;  ///< Empty: the database makes one.
    std::vector<std::string> columns;
    bool deferrable = false;
    bool initially_deferred = false;
};

/// EXCLUDE USING method (a WITH operator, ...): no two rows for which all operators are true.
struct exclude_definition {
    struct element {
        sql::expression_ref expression;
        std::string with;  ///< The operator. Never from data.
    };

    std::string name;
    std::string method;
    std::vector<element> elements;
    sql::expression_ref where;  ///< Empty: all rows.
};

/// CREATE SEQUENCE: a source of numbers.
struct sequence_definition {
    std::string schema;
    std::string name;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> increment;
};

/// CHECK (condition).
struct check_definition {
    std::string name;
    sql::expression_ref condition;
};

/// What a foreign key of several columns says of rows in which some of them are NULL.
enum class match_type : std::uint8_t {
    simple,  ///< One NULL is enough: the row points to nothing.
    full,    ///< All of them are NULL, or none.
};

/// FOREIGN KEY: columns that point to those of another table, or of the same one.
struct foreign_key_definition {
    std::string name;
    std::vector<std::string> columns;
    std::string target_schema;
    std::string target_table;
    std::vector<std::string> target_columns;
    referential_action on_delete = referential_action::no_action;
    referential_action on_update = referential_action::no_action;
    match_type match = match_type::simple;
    bool deferrable = false;
    bool initially_deferred = false;
};

/// CREATE INDEX over columns or expressions.
struct index_definition {
    std::string name;
    std::vector<sql::order_item> elements;  ///< Columns of the table, or expressions of them.
    bool unique = false;
    std::string method;         ///< "gin"; empty: the database's default.
    sql::expression_ref where;  ///< Empty: all rows.
    /// Of the elements, in their order; empty, or missing at the end: the type's default.
    std::vector<std::string> operator_classes;
    std::vector<std::string> include;  ///< Columns that the index has beside its key.
    bool concurrently = false;         ///< Only when the index is created apart from its table.
};

/// A table with everything that CREATE TABLE says about it.
struct table_definition {
    sql::ref<sql::table_source> source;  ///< Its name, and its columns for expressions.
    std::vector<column_definition> columns;
    std::vector<std::string> primary_key;  ///< Names of columns; empty: none.
    std::string primary_key_name;
    std::vector<unique_definition> unique;
    std::vector<check_definition> checks;
    std::vector<foreign_key_definition> foreign_keys;
    std::vector<index_definition> indexes;
    std::vector<exclude_definition> excludes;
    std::vector<sequence_definition>
        sequences;  ///< Created before the table, if they are not there.
    std::string comment;
    bool sqlite_autoincrement = false;  ///< SQLite never gives a key again.
};

}  // namespace gino
