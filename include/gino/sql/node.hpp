// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// The tree that expressions and statements are: no text, no database.
///
/// Programs never touch it: they hold typed handles (`expr<T>`, `select_statement<Row>`). Dialects
/// read it. A node never changes once a second handle holds it, so statements can be shared between
/// threads.
namespace gino::sql {

/// The base of everything in the tree; counts its owners.
class node {
public:
    node() = default;

    node(const node& /*other*/) noexcept {}

    node& operator=(const node&) = delete;
    virtual ~node() = default;

    /// True when exactly one handle holds the node: it may then be changed in place.
    [[nodiscard]] bool is_unique() const noexcept {
        return owners_.load(std::memory_order_acquire) == 1;
    }

private:
    friend class node_owner;

    mutable std::atomic<std::uint32_t> owners_{0};
};

/// Shared ownership of a node of any class. Copying and destroying are compiled once, in node.cpp:
/// inlining them into every program would cost most of the compile time that this design saves.
class node_owner {
public:
    constexpr node_owner() noexcept = default;
    explicit node_owner(const node* owned) noexcept;

    constexpr node_owner(const node_owner& other) noexcept : node_(other.node_) {
        if (node_ != nullptr) {
            acquire();
        }
    }

    constexpr node_owner(node_owner&& other) noexcept
        : node_(std::exchange(other.node_, nullptr)) {}

    node_owner& operator=(const node_owner& other) noexcept;
    node_owner& operator=(node_owner&& other) noexcept;

    constexpr ~node_owner() {
        if (node_ != nullptr) {
            release();
        }
    }

    explicit operator bool() const noexcept { return node_ != nullptr; }

protected:
    [[nodiscard]] const node* held() const noexcept { return node_; }

private:
    void acquire() const noexcept;
    void release() noexcept;

    const node* node_ = nullptr;
};

/// Shared ownership of a node of one class, or of classes derived from it.
template <class Node>
class ref : public node_owner {
public:
    constexpr ref() noexcept = default;

    explicit ref(const Node* owned) noexcept : node_owner(owned) {}

    template <class Derived>
        requires std::is_base_of_v<Node, Derived>
    ref(const ref<Derived>& other) noexcept : node_owner(other) {}

    template <class Derived>
        requires std::is_base_of_v<Node, Derived>
    ref(ref<Derived>&& other) noexcept : node_owner(std::move(other)) {}

    [[nodiscard]] const Node* get() const noexcept { return static_cast<const Node*>(held()); }

    const Node& operator*() const noexcept { return *get(); }

    const Node* operator->() const noexcept { return get(); }
};

// Expressions.

/// What an expression is; tells which class it is of.
enum class expression_kind : std::uint8_t {
    column,
    bind_parameter,
    literal,
    unary,
    binary,
    conjunction,
    between,
    in_list,
    in_array,
    in_select,
    function,
    label,
    cast,
    case_,
    scalar_subquery,
    exists,
    tuple,
    text,
    over,
    filter,
};

/// Anything that has a value.
class expression : public node {
public:
    expression(expression_kind k, sql_type t) noexcept : kind(k), type(t) {}

    const expression_kind kind;
    const sql_type type;
};

using expression_ref = ref<expression>;

class from_item;
class select_node;
using from_ref = ref<from_item>;
using select_ref = ref<select_node>;

/// A column of a table, an alias or a subquery.
class column_expression final : public expression {
public:
    column_expression(from_ref from, std::string_view column_name, sql_type t, std::uint32_t i)
        : expression(expression_kind::column, t),
          source(std::move(from)),
          name(column_name),
          index(i) {}

    const from_ref source;
    const std::string name;     ///< As in the database.
    const std::uint32_t index;  ///< Among the columns of the source.
};

/// A value that is sent apart from the text.
class bind_parameter final : public expression {
public:
    bind_parameter(value v, sql_type t)
        : expression(expression_kind::bind_parameter, t), bound(std::move(v)) {}

    const value bound;
};

enum class literal_kind : std::uint8_t { null, true_, false_, default_, star };

/// NULL, TRUE, FALSE, DEFAULT, *.
class literal final : public expression {
public:
    explicit literal(literal_kind which, sql_type t = {}) noexcept
        : expression(expression_kind::literal, t), literal_value(which) {}

    const literal_kind literal_value;
};

enum class unary_operator : std::uint8_t { not_, negate, is_null, is_not_null };

/// `NOT a`, `-a`, `a IS NULL`.
class unary final : public expression {
public:
    unary(unary_operator o, expression_ref e, sql_type t)
        : expression(expression_kind::unary, t), op(o), operand(std::move(e)) {}

    const unary_operator op;
    const expression_ref operand;
};

/// Operators with two operands.
enum class binary_operator : std::uint8_t {
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    concatenate,
    like,
    not_like,
    ilike,
    not_ilike,
    is_distinct_from,
    is_not_distinct_from,
    custom,  ///< `binary::symbol`, as written by `op("...")`.
};

/// `a = b`, `a + b`, `a LIKE b ESCAPE c`.
class binary final : public expression {
public:
    binary(binary_operator o, expression_ref l, expression_ref r, sql_type t)
        : expression(expression_kind::binary, t), op(o), left(std::move(l)), right(std::move(r)) {}

    const binary_operator op;
    const expression_ref left;
    const expression_ref right;
    std::string symbol;  ///< Of a custom operator. Never from data.
    char escape = 0;     ///< Of like: the ESCAPE character; 0: none.
};

enum class conjunction_kind : std::uint8_t { and_, or_ };

/// `a AND b AND c`, `a OR b OR c`: flat, never nested in its own kind, at least two operands.
class conjunction final : public expression {
public:
    conjunction(conjunction_kind k, std::vector<expression_ref> o)
        : expression(expression_kind::conjunction, {.kind = type_kind::boolean}),
          joined_by(k),
          operands(std::move(o)) {}

    const conjunction_kind joined_by;
    const std::vector<expression_ref> operands;
};

/// `a BETWEEN b AND c`.
class between final : public expression {
public:
    between(expression_ref e, expression_ref l, expression_ref h, bool n)
        : expression(expression_kind::between, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          low(std::move(l)),
          high(std::move(h)),
          negated(n) {}

    const expression_ref operand;
    const expression_ref low;
    const expression_ref high;
    const bool negated;
};

/// `a IN (b, c)`; an empty list is written as a comparison that is never (always) true.
class in_list final : public expression {
public:
    in_list(expression_ref e, std::vector<expression_ref> i, bool n)
        : expression(expression_kind::in_list, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          items(std::move(i)),
          negated(n) {}

    const expression_ref operand;
    const std::vector<expression_ref> items;
    const bool negated;
};

/// `a = ANY (array)`: any number of values in one bind parameter, one shape for all of them.
class in_array final : public expression {
public:
    in_array(expression_ref e, ref<bind_parameter> a, bool n)
        : expression(expression_kind::in_array, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          array(std::move(a)),
          negated(n) {}

    const expression_ref operand;
    const ref<bind_parameter> array;  ///< `value::array` of values of the operand's type.
    const bool negated;
};

/// `a IN (SELECT ...)`.
class in_select final : public expression {
public:
    in_select(expression_ref e, select_ref s, bool n)
        : expression(expression_kind::in_select, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          select(std::move(s)),
          negated(n) {}

    const expression_ref operand;
    const select_ref select;
    const bool negated;
};

/// `name(a, b)`; `*` is a literal.
class function_call final : public expression {
public:
    function_call(std::string_view n, std::vector<expression_ref> a, sql_type t)
        : expression(expression_kind::function, t), name(n), arguments(std::move(a)) {}

    const std::string name;  ///< As the program wrote it; "schema.function" is allowed.
    const std::vector<expression_ref> arguments;
    bool distinct = false;  ///< `count(DISTINCT x)`.
};

/// `expression AS name`.
class label final : public expression {
public:
    label(std::string_view n, expression_ref e)
        : expression(expression_kind::label, e->type), name(n), labelled(std::move(e)) {}

    const std::string name;
    const expression_ref labelled;
};

/// `CAST(a AS type)`.
class cast final : public expression {
public:
    cast(expression_ref e, sql_type t)
        : expression(expression_kind::cast, t), operand(std::move(e)) {}

    const expression_ref operand;
};

/// `CASE a WHEN b THEN c ELSE d END`.
class case_expression final : public expression {
public:
    struct branch {
        expression_ref when;
        expression_ref then;
    };

    case_expression(expression_ref s, std::vector<branch> b, expression_ref otherwise, sql_type t)
        : expression(expression_kind::case_, t),
          subject(std::move(s)),
          branches(std::move(b)),
          else_(std::move(otherwise)) {}

    const expression_ref subject;  ///< May be empty: `CASE WHEN condition THEN ...`.
    const std::vector<branch> branches;
    const expression_ref else_;  ///< May be empty.
};

/// `(SELECT ...)` as a value.
class scalar_subquery final : public expression {
public:
    scalar_subquery(select_ref s, sql_type t)
        : expression(expression_kind::scalar_subquery, t), select(std::move(s)) {}

    const select_ref select;
};

/// `EXISTS (SELECT ...)`.
class exists_expression final : public expression {
public:
    explicit exists_expression(select_ref s)
        : expression(expression_kind::exists, {.kind = type_kind::boolean}), select(std::move(s)) {}

    const select_ref select;
};

/// `(a, b)`.
class tuple_expression final : public expression {
public:
    explicit tuple_expression(std::vector<expression_ref> i)
        : expression(expression_kind::tuple, {}), items(std::move(i)) {}

    const std::vector<expression_ref> items;
};

/// A piece of hand-written SQL: only from `literal_column()`, never from data.
class text_expression final : public expression {
public:
    text_expression(std::string_view s, sql_type t)
        : expression(expression_kind::text, t), sql(s) {}

    const std::string sql;
};

enum class sort_direction : std::uint8_t { unspecified, ascending, descending };
enum class nulls_order : std::uint8_t { unspecified, first, last };

/// `a DESC NULLS LAST`.
struct order_item {
    expression_ref by;
    sort_direction direction = sort_direction::unspecified;
    nulls_order nulls = nulls_order::unspecified;
};

/// `f(x) OVER (PARTITION BY a ORDER BY b)`.
class over_expression final : public expression {
public:
    over_expression(expression_ref f, std::vector<expression_ref> p, std::vector<order_item> o)
        : expression(expression_kind::over, f->type),
          function(std::move(f)),
          partition_by(std::move(p)),
          order_by(std::move(o)) {}

    const expression_ref function;
    const std::vector<expression_ref> partition_by;
    const std::vector<order_item> order_by;
};

/// `f(x) FILTER (WHERE condition)`.
class filter_expression final : public expression {
public:
    filter_expression(expression_ref f, expression_ref w)
        : expression(expression_kind::filter, f->type),
          function(std::move(f)),
          where(std::move(w)) {}

    const expression_ref function;
    const expression_ref where;
};

// What stands in FROM.

enum class from_kind : std::uint8_t { table, alias, subquery, join };

/// The base of what stands in FROM.
class from_item : public node {
public:
    explicit from_item(from_kind k) noexcept : kind(k) {}

    const from_kind kind;
};

/// A column as its table declares it to expressions; the rest of a declaration is in
/// `gino::table_definition`.
struct column_info {
    std::string name;  ///< As in the database.
    std::string key;   ///< As the program calls it.
    sql_type type;
    bool nullable = false;
};

/// Where a foreign key leads, for joins that are given no ON.
struct foreign_key_link {
    std::vector<std::string> columns;
    std::string target_schema;
    std::string target_table;
    std::vector<std::string> target_columns;
};

/// A table of the database.
class table_source final : public from_item {
public:
    /// Finds a table's foreign keys when a join asks for them: they may point in a circle, so they
    /// cannot be known when the table is made.
    using foreign_key_finder = const std::vector<foreign_key_link>& (*)();

    table_source(
        std::string_view s,
        std::string_view n,
        std::vector<column_info> c,
        foreign_key_finder keys = nullptr
    )
        : from_item(from_kind::table),
          schema(s),
          name(n),
          columns(std::move(c)),
          foreign_keys(keys) {}

    const std::string schema;  ///< Empty: the connection's search path decides.
    const std::string name;
    const std::vector<column_info> columns;
    const foreign_key_finder foreign_keys;  ///< May be null: none.
};

/// `table AS name`.
class alias_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "teams_1".
    alias_source(ref<table_source> t, std::string_view n)
        : from_item(from_kind::alias), table(std::move(t)), name(n) {}

    const ref<table_source> table;
    const std::string name;
};

/// `(SELECT ...) AS name`.
class subquery_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "anon_1".
    subquery_source(select_ref s, std::string_view n)
        : from_item(from_kind::subquery), select(std::move(s)), name(n) {}

    const select_ref select;
    const std::string name;
};

enum class join_kind : std::uint8_t { inner, left_outer, full_outer, cross };

/// `a JOIN b ON c`.
class join final : public from_item {
public:
    join(from_ref l, from_ref r, join_kind k, expression_ref o)
        : from_item(from_kind::join),
          left(std::move(l)),
          right(std::move(r)),
          join_type(k),
          on(std::move(o)) {}

    const from_ref left;
    const from_ref right;
    const join_kind join_type;
    const expression_ref on;  ///< Empty for a cross join only.
};

// Statements.

enum class statement_kind : std::uint8_t { select, insert, update, delete_, text };

/// The base of statements. Unlike expressions they may be changed while they have one owner.
class statement_node : public node {
public:
    explicit statement_node(statement_kind k) noexcept : kind(k) {}

    const statement_kind kind;
};

using statement_ref = ref<statement_node>;

/// SELECT.
class select_node final : public statement_node {
public:
    select_node() noexcept : statement_node(statement_kind::select) {}

    std::vector<expression_ref> columns;
    /// What the program put into FROM. Sources of `columns` and `where` that are in none of these
    /// are added behind them by the compiler, each once, in order of use; in a subquery, those of
    /// the enclosing statement are left out (correlation), unless none would remain.
    std::vector<from_ref> from;
    expression_ref where;
    std::vector<expression_ref> group_by;
    expression_ref having;
    std::vector<order_item> order_by;
    expression_ref limit;
    expression_ref offset;
    bool distinct = false;
};

/// `column = expression`.
struct assignment_node {
    ref<column_expression> column;
    expression_ref to;
};

enum class conflict_action : std::uint8_t { fail, do_nothing, do_update };

/// `ON CONFLICT (columns) WHERE index_where DO UPDATE SET assignments WHERE where`.
struct conflict_clause {
    conflict_action action = conflict_action::fail;
    std::vector<ref<column_expression>> columns;  ///< Empty: whatever conflicts.
    std::string constraint;                       ///< Instead of columns.
    expression_ref index_where;                   ///< Of a partial index.
    std::vector<assignment_node> assignments;
    expression_ref where;
};

/// INSERT.
class insert_node final : public statement_node {
public:
    explicit insert_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::insert), into(std::move(t)) {}

    ref<table_source> into;
    std::vector<ref<column_expression>> columns;    ///< Empty: DEFAULT VALUES.
    std::vector<std::vector<expression_ref>> rows;  ///< Each as long as `columns`.
    select_ref select;                              ///< Instead of rows.
    conflict_clause on_conflict;
    std::vector<expression_ref> returning;
};

/// UPDATE.
class update_node final : public statement_node {
public:
    explicit update_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::update), table(std::move(t)) {}

    ref<table_source> table;
    std::vector<assignment_node> assignments;
    expression_ref where;
    std::vector<expression_ref> returning;
};

/// DELETE.
class delete_node final : public statement_node {
public:
    explicit delete_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::delete_), from(std::move(t)) {}

    ref<table_source> from;
    expression_ref where;
    std::vector<expression_ref> returning;
};

/// Hand-written SQL. `:name` stands for a bind parameter, `\:` for a colon, `::` for a cast; names
/// within quotes, dollar quotes and comments are left alone.
class text_node final : public statement_node {
public:
    struct named_parameter {
        std::string name;
        ref<bind_parameter> bound;
    };

    explicit text_node(std::string_view s) : statement_node(statement_kind::text), sql(s) {}

    std::string sql;
    std::vector<named_parameter> parameters;
    std::vector<expression_ref> columns;  ///< What `columns()` says about the result; may be empty.
};

/// Casts down by kind: `cast_to<label>(e)`. REQUIRES: the kind fits.
template <class Node, class Base>
[[nodiscard]] const Node& cast_to(const Base& base) noexcept {
    return static_cast<const Node&>(base);
}

/// Makes a node and its first owner: `make<label>("n", e)`.
template <class Node, class... Arguments>
[[nodiscard]] ref<Node> make(Arguments&&... arguments) {
    return ref<Node>(new Node(std::forward<Arguments>(arguments)...));
}

}  // namespace gino::sql
