// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/row.hpp>
#include <gino/model/model_info.hpp>
#include <gino/sql/expression/operators.hpp>
#include <gino/sql/source.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

template <class Model>
class alias_of;

/// A column of a model, such as `user::c.age`: a constant that finds its node when it is used. `=`
/// makes an `assignment_of<Model>` for update() and insert(), also from another column, and changes
/// no C++ object.
///
/// @tparam Index  The member's place in the description. It makes each column a type of its own, so
///                that subqueries and statements of other models can refuse it at compile time
///                (docs/decisions/0004).
template <class Model, std::uint32_t Index, class T>
class model_column : public column<T> {
public:
    using model_type = Model;
    using source_type = Model;

    using column<T>::column;

    constexpr model_column(const model_column& other) noexcept = default;
    constexpr ~model_column() = default;

    /// Returns the assignment `column = v`.
    ///
    /// @param v  A value or an expression of a comparable type; `gino::null` for a nullable column
    ///           only.
    /// @throws argument_error  `v` is an integer outside of the range of the column's type.
    template <class V>
    assignment_of<Model> operator=(const V& v) const {
        return assignment_of<Model>(detail::make_assignment(*this, detail::assigned<T>(*this, v)));
    }

    /// Returns the assignment `column = other`. Written out, because the template is no assignment
    /// operator, and the compiler's own would be chosen for a column of the same type.
    assignment_of<Model> operator=(const model_column& other) const {
        return assignment_of<Model>(detail::make_assignment(*this, other.node()));
    }
};

namespace detail {

/// The column types of a model itself. `alias_columns` are those of an alias: the same names, other
/// types.
struct own_columns {
    template <class Model, std::uint32_t Index, class T>
    using column = model_column<Model, Index, T>;
};

/// The column types of an alias of a model.
struct alias_columns {
    /// A type of its own per column, so that a subquery can find it.
    template <class Model, std::uint32_t Index, class T>
    class column : public gino::column<T> {
    public:
        using model_type = Model;
        using source_type = alias_of<Model>;

        using gino::column<T>::column;
    };
};

/// A class with `GINO_MODEL` in it, and not only in a base class of it.
template <class T>
concept macro_described = requires {
    typename T::gino_model_type;
    requires std::same_as<typename T::gino_model_type, T>;
};

/// Returns the foreign keys of a model, for joins without ON.
template <class Model>
const std::vector<sql::foreign_key_link>& foreign_keys_of_model();

/// Returns a statement completed by the model's default_() and onupdate() values; null if there are
/// none.
template <class Model>
sql::statement_ref complete_for_model(const sql::statement_node& statement);

/// Returns the type that a column is declared with in CREATE TABLE.
template <class Model>
const sql_type& declared_type_of_model(std::uint32_t column);

/// Returns the columns of a described class; made on first use, and kept until the program ends. It
/// calls nothing of other models, so that models may refer to each other in a circle.
template <class Model>
[[nodiscard]] const model_source& model_source_of() {
    static const model_source source(
        describe<Model>::class_name(),
        describe<Model>::table_name(),
        describe<Model>::members(),
        {.foreign_keys = &foreign_keys_of_model<Model>,
         .complete = &complete_for_model<Model>,
         .declared_type = &declared_type_of_model<Model>}
    );
    return source;
}

/// A described class that has `table_args()`.
template <class Model>
concept has_table_args = requires {
    { describe<Model>::table_args() } -> std::convertible_to<table_args>;
};

/// Returns the complete description: columns, keys, constraints, and the values of a
/// default-constructed object. Made on first use.
///
/// @throws argument_error  `table_args()` does not fit the members, or a server default contradicts
///                         a member's initial value.
template <class Model>
[[nodiscard]] const model_info& model_info_of() {
    static const model_info info = [] {
        const Model initial{};
        if constexpr (has_table_args<Model>) {
            const gino::table_args args = describe<Model>::table_args();
            return make_model_info(model_source_of<Model>(), &args, &initial);
        } else {
            return make_model_info(model_source_of<Model>(), nullptr, &initial);
        }
    }();
    return info;
}

template <class Model>
const std::vector<sql::foreign_key_link>& foreign_keys_of_model() {
    return model_info_of<Model>().links;
}

template <class Model>
sql::statement_ref complete_for_model(const sql::statement_node& statement) {
    return complete_statement(model_info_of<Model>(), statement);
}

template <class Model>
const sql_type& declared_type_of_model(std::uint32_t column) {
    return model_info_of<Model>().table.columns[column].type;
}

/// Returns the node of a column; the finder that `model_column` stores.
template <class Model>
const sql::ref<sql::column_expression>& find_model_column(std::uint32_t index) {
    return model_source_of<Model>().column(index);
}

/// Makes the column of an alias at a position of the model.
[[nodiscard]] sql::expression_ref alias_column(const sql::from_ref& alias, std::uint32_t index);

/// Finds, for each member, the column of a result that it is loaded from; members without one are
/// left out.
[[nodiscard]] member_plan plan_members(const model_source& source, const result_columns& columns);

}  // namespace detail

/// The description of a class with `GINO_MODEL`. A specialisation for another class has the same
/// static functions.
template <detail::macro_described T>
struct describe<T> {
    /// Returns the class's name, for messages.
    static const char* class_name() { return T::gino_class_name(); }

    /// Returns the table's name, "users" or "app.users".
    static std::string_view table_name() { return T::gino_table_name(); }

    /// Returns the members that are columns, in the order of the macro.
    static std::vector<detail::member_info> members() { return T::gino_members(); }

    /// Returns the keys, constraints and defaults; missing for a class without `table_args()`.
    static gino::table_args table_args()
        requires requires { T::table_args(); }
    {
        return T::table_args();
    }

    /// Returns the table as statements refer to it; one node per model.
    static const sql::ref<sql::table_source>& source() {
        return detail::model_source_of<T>().table();
    }

    /// Returns the columns in the order of the members.
    static std::vector<sql::expression_ref> columns() {
        return detail::model_source_of<T>().columns();
    }
};

/// Another name for a model's table within a statement, for joins of a table with itself.
///
///     const auto parent = gino::alias<category>("parent");
///     select(category::c.name, parent.c.name)
///         .outer_join(parent, parent.c.id == category::c.parent_id)
///
///     SELECT categories.name, parent.name FROM categories
///     LEFT OUTER JOIN categories AS parent ON parent.id = categories.parent_id
///
/// Copies are one alias; two calls of `alias()` are two FROM items, also with one name. A class
/// that is described by a specialisation of `describe`, without GINO_MODEL, has no aliases.
///
/// Thread safety: immutable.
template <class Model>
class alias_of {
public:
    using model_type = Model;

    /// @param name    Empty: the dialect makes one, such as "teams_1". Copied.
    /// @param sample  Empty, or the TABLESAMPLE clause.
    explicit alias_of(std::string_view name, sql::table_sample sample = {})
        : source_(sql::make<sql::alias_source>(describe<Model>::source(), name, std::move(sample))),
          c(Model::gino_alias_columns(source_)) {}

    /// Returns the FROM item.
    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

private:
    sql::from_ref source_;

public:
    /// The columns, under the names of the model's members.
    const typename Model::template gino_columns<detail::alias_columns> c;
};

/// Makes an alias of a model's table: `users AS name`.
///
/// @param name  Empty: the dialect makes one, such as "teams_1". Copied.
template <class Model>
[[nodiscard]] alias_of<Model> alias(std::string_view name = {}) {
    return alias_of<Model>(name);
}

/// Makes a source of randomly chosen rows of a table, used as an alias is. PostgreSQL only
/// (PostgreSQL 15, SELECT, "TABLESAMPLE").
///
///     gino::tablesample<user>("bernoulli", 10.0, "s", 7.0)
///
///     users AS s TABLESAMPLE bernoulli($1) REPEATABLE ($2)
///
/// @param method   "bernoulli" chooses rows, the cheaper "system" whole pages; extensions have
///                 others. Must not come from outside of the program. Copied.
/// @param percent  Of the rows, 0 to 100.
/// @param name     As for alias().
/// @param seed     The same seed chooses the same rows while the table does not change. By default
///                 another choice each time.
template <class Model>
[[nodiscard]] alias_of<Model> tablesample(
    std::string_view method,
    double percent,
    std::string_view name = {},
    std::optional<double> seed = std::nullopt
) {
    return alias_of<Model>(
        name,
        {.method = std::string(method),
         .percent = detail::bind(percent),
         .seed = seed ? detail::bind(*seed) : sql::expression_ref()}
    );
}

}  // namespace gino

/// Describes a class as a model: the table, and the members that are its columns.
///
///     struct user {
///         std::int64_t id{};
///         std::string nickname = "noname";
///
///         GINO_MODEL(user, "users", id, (nickname, "name"))
///
///         static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
///     };
///
///     select(user::c.id).where(user::c.nickname == "x")
///
///     SELECT users.id FROM users WHERE users.name = $1
///
/// The macro is written after the members, in a class at namespace or class scope. The class may
/// have bases, private members, and members that are no columns; no member may be called `c`. It
/// has to be default-constructible. The macro adds static members and types only, so an aggregate
/// stays one, and the object does not grow.
///
/// `(member, "column")` names the column where it differs from the member. A member of type
/// `std::optional` is a nullable column. A type without a `gino::mapping` does not compile.
/// `type::c` has the columns; the static function `table_args()` declares keys, constraints and
/// defaults.
///
/// @param type   The class.
/// @param table  A literal: "users", or with a schema "app.users".
#define GINO_MODEL(type, table, ...)                                                \
    using gino_model_type = type;                                                   \
    enum class gino_member : std::uint32_t {                                        \
        GINO_DETAIL_FOR_EACH(GINO_DETAIL_ENUMERATOR, type, __VA_ARGS__)             \
    };                                                                              \
    template <class GinoKind>                                                       \
    struct gino_columns {                                                           \
        GINO_DETAIL_FOR_EACH(GINO_DETAIL_COLUMN, type, __VA_ARGS__)                 \
    };                                                                              \
    [[maybe_unused]] static constexpr gino_columns<::gino::detail::own_columns> c{  \
        GINO_DETAIL_FOR_EACH(GINO_DETAIL_OWN_COLUMN, type, __VA_ARGS__)};           \
    static gino_columns<::gino::detail::alias_columns> gino_alias_columns(          \
        const ::gino::sql::from_ref& gino_alias                                     \
    ) {                                                                             \
        return {GINO_DETAIL_FOR_EACH(GINO_DETAIL_ALIAS_COLUMN, type, __VA_ARGS__)}; \
    }                                                                               \
    static const char* gino_class_name() {                                          \
        return #type;                                                               \
    }                                                                               \
    static const char* gino_table_name() {                                          \
        return table;                                                               \
    }                                                                               \
    static ::std::vector<::gino::detail::member_info> gino_members() {              \
        return {GINO_DETAIL_FOR_EACH(GINO_DETAIL_MEMBER, type, __VA_ARGS__)};       \
    }

/// Each of these macros writes one part of the description for one field.
#define GINO_DETAIL_ENUMERATOR(type, field) GINO_DETAIL_NAME(field),
#define GINO_DETAIL_INDEX(type, field) \
    static_cast<std::uint32_t>(gino_member::GINO_DETAIL_NAME(field))
#define GINO_DETAIL_COLUMN(type, field)          \
    typename GinoKind::template column<          \
        type,                                    \
        GINO_DETAIL_INDEX(type, field),          \
        decltype(type::GINO_DETAIL_NAME(field))> \
        GINO_DETAIL_NAME(field);
#define GINO_DETAIL_OWN_COLUMN(type, field) \
    {&::gino::detail::find_model_column<type>, GINO_DETAIL_INDEX(type, field)},
#define GINO_DETAIL_ALIAS_COLUMN(type, field)                                                  \
    ::gino::detail::alias_columns::                                                            \
        column<type, GINO_DETAIL_INDEX(type, field), decltype(type::GINO_DETAIL_NAME(field))>( \
            ::gino::detail::alias_column(gino_alias, GINO_DETAIL_INDEX(type, field))           \
        ),
#define GINO_DETAIL_MEMBER(type, field)                                             \
    ::gino::detail::make_member<&type::GINO_DETAIL_NAME(field), type>(              \
        GINO_DETAIL_STRING(GINO_DETAIL_NAME(field)), GINO_DETAIL_COLUMN_NAME(field) \
    ),

// `field` or `(field, "column")`: the name of the member, and that of the column.
#define GINO_DETAIL_STRING(text) GINO_DETAIL_STRING_OF(text)
#define GINO_DETAIL_STRING_OF(text) #text
#define GINO_DETAIL_NAME(field) GINO_DETAIL_JOIN(GINO_DETAIL_NAME_, GINO_DETAIL_FORM(field))(field)
#define GINO_DETAIL_NAME_plain(field) field
#define GINO_DETAIL_NAME_pair(field) GINO_DETAIL_FIRST field
#define GINO_DETAIL_COLUMN_NAME(field) \
    GINO_DETAIL_JOIN(GINO_DETAIL_COLUMN_NAME_, GINO_DETAIL_FORM(field))(field)
#define GINO_DETAIL_COLUMN_NAME_plain(field) #field
#define GINO_DETAIL_COLUMN_NAME_pair(field) GINO_DETAIL_SECOND field
#define GINO_DETAIL_FIRST(first, second) first
#define GINO_DETAIL_SECOND(first, second) second
#define GINO_DETAIL_JOIN(a, b) GINO_DETAIL_JOIN_OF(a, b)
#define GINO_DETAIL_JOIN_OF(a, b) a##b
// "pair" if the field is in parentheses, otherwise "plain".
#define GINO_DETAIL_FORM(field) GINO_DETAIL_SECOND_OF(GINO_DETAIL_PROBE field, plain, ~)
#define GINO_DETAIL_PROBE(...) ~, pair
#define GINO_DETAIL_SECOND_OF(...) GINO_DETAIL_SECOND_OF_LIST(__VA_ARGS__)
#define GINO_DETAIL_SECOND_OF_LIST(first, second, ...) second

// Applies `macro(type, field)` to each field; up to 256 of them.
#define GINO_DETAIL_FOR_EACH(macro, type, ...) \
    __VA_OPT__(GINO_DETAIL_EXPAND(GINO_DETAIL_STEP(macro, type, __VA_ARGS__)))
#define GINO_DETAIL_STEP(macro, type, field, ...) \
    macro(type, field)                            \
        __VA_OPT__(GINO_DETAIL_AGAIN GINO_DETAIL_PARENTHESES(macro, type, __VA_ARGS__))
#define GINO_DETAIL_AGAIN() GINO_DETAIL_STEP
#define GINO_DETAIL_PARENTHESES ()
#define GINO_DETAIL_EXPAND(...) \
    GINO_DETAIL_EXPAND4(GINO_DETAIL_EXPAND4(GINO_DETAIL_EXPAND4(GINO_DETAIL_EXPAND4(__VA_ARGS__))))
#define GINO_DETAIL_EXPAND4(...) \
    GINO_DETAIL_EXPAND3(GINO_DETAIL_EXPAND3(GINO_DETAIL_EXPAND3(GINO_DETAIL_EXPAND3(__VA_ARGS__))))
#define GINO_DETAIL_EXPAND3(...) \
    GINO_DETAIL_EXPAND2(GINO_DETAIL_EXPAND2(GINO_DETAIL_EXPAND2(GINO_DETAIL_EXPAND2(__VA_ARGS__))))
#define GINO_DETAIL_EXPAND2(...) \
    GINO_DETAIL_EXPAND1(GINO_DETAIL_EXPAND1(GINO_DETAIL_EXPAND1(GINO_DETAIL_EXPAND1(__VA_ARGS__))))
#define GINO_DETAIL_EXPAND1(...) __VA_ARGS__
