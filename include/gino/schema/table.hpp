// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gino {

/// The action of a foreign key when the row that it refers to is updated or deleted (SQL: ON
/// UPDATE, ON DELETE).
enum class referential_action : std::uint8_t {
    no_action,   ///< An error, at the end of the statement or, if deferred, of the transaction.
    restrict,    ///< An error at once.
    cascade,     ///< The referring rows are deleted or updated too.
    set_null,    ///< The referring columns become NULL.
    set_default  ///< The referring columns get their defaults.
};

/// The DEFAULT of a column: the database fills it in when an INSERT omits the column. It is an
/// expression (`gino::func::now()`), hand-written SQL, or a value.
struct server_default_definition {
    sql::expression_ref expression;  ///< Bind parameters in it are written as quoted literals.
};

/// A function of the program that makes a value for a column. It is called for each row, on the
/// thread that builds the statement.
class value_maker : public sql::node {
public:
    /// Calls the function. An exception from it is thrown by the call that builds the statement.
    [[nodiscard]] virtual value make() const = 0;
};

/// A value that the library sends for a column when the program gives none. The database does not
/// know it.
struct client_value {
    sql::expression_ref expression;
    sql::ref<value_maker> maker;  ///< Empty: `expression` is used.
};

/// A generated column: the database computes it from the other columns of the row.
struct computed_definition {
    sql::expression_ref expression;
    bool stored = true;  ///< False: computed when it is read (SQLite only).
};

/// The kind of an identity column (SQL: GENERATED ... AS IDENTITY).
enum class identity_kind : std::uint8_t {
    none,        ///< Not an identity column.
    always,      ///< The database numbers the rows; an INSERT that has a number fails.
    by_default,  ///< The database numbers the rows for which an INSERT has no number.
};

/// A column, as CREATE TABLE declares it.
struct column_definition {
    std::string name;
    sql_type type;
    bool nullable = false;                                    ///< False: NOT NULL.
    std::optional<server_default_definition> server_default;  ///< Empty: no DEFAULT.
    std::string comment;  ///< Empty: none. SQLite has no comments.
    /// The database numbers new rows. True for the only primary key column if it is of an integer
    /// type, without a default and without a foreign key. SERIAL, SMALLSERIAL or BIGSERIAL on
    /// PostgreSQL, INTEGER PRIMARY KEY on SQLite.
    bool autoincrement = false;
    /// Sent by `create()` for a member that is NULL, and by an INSERT of rows that omits the
    /// column.
    std::optional<client_value> default_value;
    std::optional<client_value> onupdate;  ///< Sent by an UPDATE that does not set the column.
    std::optional<computed_definition> computed;  ///< Empty: the column is stored as it is sent.
    identity_kind identity = identity_kind::none;
    std::string collation;  ///< Empty: the database's default.
};

/// A UNIQUE constraint over columns.
struct unique_definition {
    std::string name;  ///< Empty: the database chooses it.
    std::vector<std::string> columns;
    bool deferrable = false;          ///< PostgreSQL only.
    bool initially_deferred = false;  ///< Checked at COMMIT.
};

/// EXCLUDE USING method (a WITH operator, ...): no two rows exist for which all operators are true
/// (PostgreSQL's manual, CREATE TABLE).
struct exclude_definition {
    struct element {
        sql::expression_ref expression;
        std::string with;  ///< The operator, written unquoted. Never take it from users.
    };

    std::string name;    ///< Empty: the database chooses it.
    std::string method;  ///< The index method, such as "gist".
    std::vector<element> elements;
    sql::expression_ref where;  ///< Empty: all rows.
};

/// CREATE SEQUENCE: a generator of numbers.
struct sequence_definition {
    std::string schema;
    std::string name;
    std::optional<std::int64_t> start;      ///< Empty: the database's default, 1.
    std::optional<std::int64_t> increment;  ///< Empty: 1.
};

/// A CHECK constraint: the condition must not be false for any row.
struct check_definition {
    std::string name;  ///< Empty: the database chooses it.
    sql::expression_ref condition;
};

/// The treatment of NULL in a foreign key of several columns (SQL: MATCH).
enum class match_type : std::uint8_t {
    simple,  ///< If any of them is NULL, the row refers to nothing.
    full,    ///< Either all of them are NULL, or none.
};

/// FOREIGN KEY: columns that refer to columns of another table, or of the same one.
struct foreign_key_definition {
    std::string name;                  ///< Empty: the database chooses it.
    std::vector<std::string> columns;  ///< Of this table.
    std::string target_schema;         ///< Empty: none.
    std::string target_table;
    std::vector<std::string> target_columns;  ///< As many as `columns`, in the same order.
    referential_action on_delete = referential_action::no_action;
    referential_action on_update = referential_action::no_action;
    match_type match = match_type::simple;
    bool deferrable = false;          ///< On both databases.
    bool initially_deferred = false;  ///< Checked at COMMIT.
};

/// CREATE INDEX over columns or expressions.
struct index_definition {
    std::string name;                       ///< Required; unique within the schema.
    std::vector<sql::order_item> elements;  ///< Columns of the table, or expressions over them.
    bool unique = false;
    std::string method;         ///< Such as "gin"; empty: the database's default.
    sql::expression_ref where;  ///< Empty: all rows.
    /// One for each element, in their order. An empty string, or a missing one at the end, is the
    /// type's default.
    std::vector<std::string> operator_classes;
    std::vector<std::string> include;  ///< Columns that the index stores besides its key.
    bool concurrently = false;  ///< Used only when the index is created separately from its table.
};

/// A table, with all that CREATE TABLE declares.
struct table_definition {
    sql::ref<sql::table_source> source;  ///< Its name, and its columns for expressions.
    std::vector<column_definition> columns;
    std::vector<std::string> primary_key;   ///< Names of columns; empty: none.
    std::string primary_key_name;           ///< Empty: the database chooses it.
    std::vector<unique_definition> unique;  ///< Beside the primary key.
    std::vector<check_definition> checks;
    std::vector<foreign_key_definition> foreign_keys;
    std::vector<index_definition> indexes;
    std::vector<exclude_definition> excludes;
    /// Created before the table, if they do not exist.
    std::vector<sequence_definition> sequences;
    std::string comment;                ///< Empty: none. SQLite has no comments.
    bool sqlite_autoincrement = false;  ///< SQLite never reuses the key of a deleted row.
};

}  // namespace gino
