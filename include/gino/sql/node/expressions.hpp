// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/sql/node/ownership.hpp>
#include <gino/types/sql_type.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The expressions of the tree. Each class is one construct of SQL; the dialects write it, and
/// docs/reference/sql shows the result per database. Constructors check nothing: the typed handles
/// and the functions of `gino::detail` (expression/operand.hpp) do that before.
///
/// A new class needs a kind, a case in the cache key (src/sql/cache_key.cpp), in the walk over used
/// sources (src/dialect/used_sources.cpp) and in the compiler
/// (src/dialect/sql_compiler_expressions.cpp).
namespace gino::sql {

/// The kind of an expression; it decides the class that `cast_to` may be called with. Its number is
/// part of cache keys, which live only within a process.
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
    over,
    filter,
    collate,
    extract,
    date_trunc,
    quantified,
    array,
    subscript,
    grouping,
    next_value,
};

/// The base of expressions: a kind, and the SQL type of the values.
class expression : public node {
public:
    expression(expression_kind k, sql_type t) noexcept : kind(k), type(t) {}

    const expression_kind kind;
    /// Of the values; kind `unknown` if it is not known, as for a tuple.
    const sql_type type;
};

using expression_ref = ref<expression>;

class from_item;
class statement_node;
using from_ref = ref<from_item>;
using statement_ref = ref<statement_node>;

/// A column of a table, an alias, a subquery or another FROM item: `users.age`.
class column_expression final : public expression {
public:
    /// @param from  The FROM item; it has to be the very node in FROM, not an equal one.
    /// @param i     The column's position in `from`.
    column_expression(from_ref from, std::string_view column_name, sql_type t, std::uint32_t i)
        : expression(expression_kind::column, t),
          source(std::move(from)),
          name(column_name),
          index(i) {}

    const from_ref source;
    const std::string name;     ///< As in the database.
    const std::uint32_t index;  ///< Among the columns of the source.
};

/// A value that is sent apart from the text: `$1`, `?`. The same node in two places is one
/// parameter with one placeholder on PostgreSQL (docs/decisions/0030).
class bind_parameter final : public expression {
public:
    bind_parameter(value v, sql_type t)
        : expression(expression_kind::bind_parameter, t), bound(std::move(v)) {}

    /// The value; not part of the cache key.
    const value bound;
};

/// The words that are written into the text.
enum class literal_kind : std::uint8_t { null, true_, false_, default_, star };

/// `NULL`, `TRUE`, `FALSE`, `DEFAULT`, `*`. SQLite's dialect writes the booleans as 1 and 0 and
/// refuses DEFAULT.
class literal final : public expression {
public:
    explicit literal(literal_kind which, sql_type t = {}) noexcept
        : expression(expression_kind::literal, t), literal_value(which) {}

    const literal_kind literal_value;
};

/// The operators with one operand.
enum class unary_operator : std::uint8_t { not_, negate, is_null, is_not_null };

/// `NOT a`, `-a`, `a IS NULL`, `a IS NOT NULL`.
class unary final : public expression {
public:
    unary(unary_operator o, expression_ref e, sql_type t)
        : expression(expression_kind::unary, t), op(o), operand(std::move(e)) {}

    const unary_operator op;
    const expression_ref operand;
};

/// The operators with two operands. The dialects decide their symbols and whether they exist.
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
    /// `~`. The operators from here to `has_all_keys` exist on PostgreSQL only, except for the
    /// elements of JSON.
    regexp,
    not_regexp,      ///< `!~`
    iregexp,         ///< `~*`
    not_iregexp,     ///< `!~*`
    contains,        ///< `@>`: of arrays, JSON, ranges.
    contained,       ///< `<@`
    overlaps,        ///< `&&`
    matches,         ///< `@@`: full text.
    json_get,        ///< `->`
    json_text,       ///< `->>`
    json_path,       ///< `#>`
    json_path_text,  ///< `#>>`
    has_key,         ///< `?`
    has_any_key,     ///< `?|`
    has_all_keys,    ///< `?&`
    /// Written by `op("...")`, with the symbol in `binary::symbol`.
    custom,
};

/// `a = b`, `a + b`, `a LIKE b ESCAPE c`. Parentheses are not in the tree: the compiler writes them
/// by precedence. The type is the result's; SQLite's dialect chooses functions by the operands'
/// types, such as `decimal_add(a, b)`.
class binary final : public expression {
public:
    binary(binary_operator o, expression_ref l, expression_ref r, sql_type t)
        : expression(expression_kind::binary, t), op(o), left(std::move(l)), right(std::move(r)) {}

    const binary_operator op;
    const expression_ref left;
    const expression_ref right;
    /// The symbol of a custom operator. Never from data.
    std::string symbol;
    /// The ESCAPE character of LIKE; 0: the database's default.
    char escape = 0;
};

/// The operators that join conditions.
enum class conjunction_kind : std::uint8_t { and_, or_ };

/// `a AND b AND c`, `a OR b OR c`.
///
/// Invariants: at least two operands, none of which is a conjunction of the same kind.
class conjunction final : public expression {
public:
    conjunction(conjunction_kind k, std::vector<expression_ref> o)
        : expression(expression_kind::conjunction, {.kind = type_kind::boolean}),
          joined_by(k),
          operands(std::move(o)) {}

    const conjunction_kind joined_by;
    const std::vector<expression_ref> operands;
};

/// `a BETWEEN b AND c`; negated: `a NOT BETWEEN b AND c`.
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
    /// True: `NOT BETWEEN`.
    const bool negated;
};

/// `a IN (b, c)`, with an operand per value. An empty list is written as `1 != 1`, negated as
/// `1 = 1`, because SQL has no empty list.
class in_list final : public expression {
public:
    in_list(expression_ref e, std::vector<expression_ref> i, bool n)
        : expression(expression_kind::in_list, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          items(std::move(i)),
          negated(n) {}

    const expression_ref operand;
    const std::vector<expression_ref> items;
    /// True: `NOT IN`.
    const bool negated;
};

/// Any number of values in one bind parameter, so that all lengths have one cache key.
///
/// | database   | `a IN`                                    | negated                     |
/// | ---------- | ----------------------------------------- | --------------------------- |
/// | PostgreSQL | `a = ANY ($1)`                            | `a != ALL ($1)`             |
/// | SQLite     | `a IN (SELECT value FROM json_each(?))`   | `a NOT IN (SELECT ...)`     |
class in_array final : public expression {
public:
    in_array(expression_ref e, ref<bind_parameter> a, bool n)
        : expression(expression_kind::in_array, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          array(std::move(a)),
          negated(n) {}

    const expression_ref operand;
    /// A `value::array` of values of the operand's type.
    const ref<bind_parameter> array;
    const bool negated;
};

/// `a IN (SELECT ...)`; negated: `a NOT IN (SELECT ...)`, which is never true if the query has a
/// NULL.
class in_select final : public expression {
public:
    in_select(expression_ref e, statement_ref s, bool n)
        : expression(expression_kind::in_select, {.kind = type_kind::boolean}),
          operand(std::move(e)),
          select(std::move(s)),
          negated(n) {}

    const expression_ref operand;
    /// A SELECT, a set operation, or text with columns.
    const statement_ref select;
    const bool negated;
};

/// The direction of an ORDER BY term; `unspecified` writes nothing, which is ascending.
enum class sort_direction : std::uint8_t { unspecified, ascending, descending };
/// The place of NULL in an order. `unspecified`: PostgreSQL's default, which SQLite's dialect
/// writes.
enum class nulls_order : std::uint8_t { unspecified, first, last };

/// `a DESC NULLS LAST`.
struct order_item {
    expression_ref by;
    sort_direction direction = sort_direction::unspecified;
    nulls_order nulls = nulls_order::unspecified;
};

/// `name(a, b)`. For `count(*)` the argument is the literal `*`. A dialect may write another name:
/// SQLite's calls `string_agg` `group_concat`.
class function_call final : public expression {
public:
    function_call(std::string_view n, std::vector<expression_ref> a, sql_type t)
        : expression(expression_kind::function, t), name(n), arguments(std::move(a)) {}

    /// As the program wrote it; "schema.function" is allowed.
    const std::string name;
    /// In their order. `*` is a literal.
    const std::vector<expression_ref> arguments;
    /// `count(DISTINCT x)`: each value counts once.
    bool distinct = false;
    /// `array_agg(x ORDER BY y)`, or the order of WITHIN GROUP.
    std::vector<order_item> order_by;
    /// `f(x) WITHIN GROUP (ORDER BY y)`, where y is `order_by`.
    bool within_group = false;
};

/// `expression AS name` in a select list; its name in ORDER BY; its expression in GROUP BY, where
/// PostgreSQL would take the name for a column of that name (docs/decisions/0030).
class label final : public expression {
public:
    label(std::string_view n, expression_ref e)
        : expression(expression_kind::label, e->type), name(n), labelled(std::move(e)) {}

    const std::string name;
    const expression_ref labelled;
};

/// `CAST(a AS type)`; the type is the expression's own.
class cast final : public expression {
public:
    cast(expression_ref e, sql_type t)
        : expression(expression_kind::cast, t), operand(std::move(e)) {}

    const expression_ref operand;
};

/// `CASE a WHEN b THEN c ELSE d END`. At least one branch. Values of an enumeration in THEN and
/// ELSE are written with a cast, because PostgreSQL could not infer their type.
class case_expression final : public expression {
public:
    /// `WHEN when THEN then`.
    struct branch {
        expression_ref when;
        expression_ref then;
    };

    case_expression(expression_ref s, std::vector<branch> b, expression_ref otherwise, sql_type t)
        : expression(expression_kind::case_, t),
          subject(std::move(s)),
          branches(std::move(b)),
          else_(std::move(otherwise)) {}

    /// Empty: `CASE WHEN condition THEN ...`.
    const expression_ref subject;
    /// Tried in this order.
    const std::vector<branch> branches;
    /// Empty: NULL where no branch fits.
    const expression_ref else_;
};

/// `(SELECT ...)` as a value: the only column of the only row, NULL without a row. Tables of the
/// enclosing statement are visible in it.
class scalar_subquery final : public expression {
public:
    scalar_subquery(statement_ref s, sql_type t)
        : expression(expression_kind::scalar_subquery, t), select(std::move(s)) {}

    const statement_ref select;
};

/// `EXISTS (SELECT ...)`: true or false, never NULL.
class exists_expression final : public expression {
public:
    explicit exists_expression(statement_ref s)
        : expression(expression_kind::exists, {.kind = type_kind::boolean}), select(std::move(s)) {}

    const statement_ref select;
};

/// `(a, b)`, a row that is compared as one; also a set within GROUPING SETS.
class tuple_expression final : public expression {
public:
    explicit tuple_expression(std::vector<expression_ref> i)
        : expression(expression_kind::tuple, {}), items(std::move(i)) {}

    const std::vector<expression_ref> items;
};

/// The unit of a window's frame; `none`: SQL's default frame.
enum class frame_unit : std::uint8_t { none, rows, range, groups };
/// The beginning or the end of a frame.
enum class frame_edge : std::uint8_t {
    unbounded_preceding,
    preceding,
    current_row,
    following,
    unbounded_following,
};

/// One end of a window's frame: `UNBOUNDED PRECEDING`, `$1 PRECEDING`, `CURRENT ROW`, and so on.
struct frame_bound {
    frame_edge edge = frame_edge::current_row;
    /// The distance of `preceding` and `following`; otherwise empty.
    expression_ref offset;
};

/// `ROWS BETWEEN start AND end`. Both ends are always written.
struct window_frame {
    /// `none`: no frame is written.
    frame_unit unit = frame_unit::none;
    frame_bound start;
    frame_bound end;
};

/// The content of OVER: a partition, an order, a frame. Any of them may be empty.
struct window_definition {
    /// Empty: all rows are one partition.
    std::vector<expression_ref> partition_by;
    std::vector<order_item> order_by;
    window_frame frame;
};

/// `f(x) OVER (PARTITION BY a ORDER BY b ROWS BETWEEN ...)`. The type is the function's.
class over_expression final : public expression {
public:
    over_expression(expression_ref f, window_definition w)
        : expression(expression_kind::over, f->type),
          function(std::move(f)),
          window(std::move(w)) {}

    /// A call, or a call with FILTER.
    const expression_ref function;
    const window_definition window;
};

/// `f(x) FILTER (WHERE condition)`: an aggregate of the rows for which the condition is true.
class filter_expression final : public expression {
public:
    filter_expression(expression_ref f, expression_ref w)
        : expression(expression_kind::filter, f->type),
          function(std::move(f)),
          where(std::move(w)) {}

    const expression_ref function;
    const expression_ref where;
};

/// `a COLLATE "name"`. An operator within `a` is written in parentheses.
class collate_expression final : public expression {
public:
    collate_expression(expression_ref e, std::string_view c)
        : expression(expression_kind::collate, e->type), operand(std::move(e)), collation(c) {}

    const expression_ref operand;
    /// Written as an identifier: "C", "NOCASE".
    const std::string collation;
};

/// The parts of dates and times that both databases have (PostgreSQL 15, 9.9.1).
enum class date_part : std::uint8_t {
    year,
    quarter,
    month,
    week,  ///< Of ISO 8601.
    day,
    day_of_week,  ///< 0: Sunday.
    day_of_year,
    hour,
    minute,
    second,  ///< With its fraction.
    epoch,   ///< Seconds since 1970, with their fraction.
};

/// `EXTRACT(part FROM a)`, cast to the expression's type: PostgreSQL's own result is numeric. On
/// SQLite a function of the driver, `date_part('year', a)`.
class extract_expression final : public expression {
public:
    extract_expression(date_part p, expression_ref e, sql_type t)
        : expression(expression_kind::extract, t), part(p), operand(std::move(e)) {}

    /// Written as a word, `year`, and as a literal in date_trunc().
    const date_part part;
    const expression_ref operand;
};

/// `date_trunc('part', a)`. The part is a literal, so that the call is the same expression in GROUP
/// BY. SQLite has a function of that name from the driver.
class date_trunc_expression final : public expression {
public:
    date_trunc_expression(date_part p, expression_ref e, sql_type t)
        : expression(expression_kind::date_trunc, t), part(p), operand(std::move(e)) {}

    const date_part part;
    const expression_ref operand;
};

/// `ANY (array)`, `ALL (SELECT ...)`: the right side of a comparison. It has an array or a select,
/// and the type of an element. PostgreSQL only; SQLite's dialect throws `compile_error`.
class quantified_expression final : public expression {
public:
    quantified_expression(bool every, expression_ref a, statement_ref s, sql_type t)
        : expression(expression_kind::quantified, t),
          all(every),
          array(std::move(a)),
          select(std::move(s)) {}

    /// True: ALL; false: ANY.
    const bool all;
    /// Empty: `select` is there instead.
    const expression_ref array;
    /// Empty: `array` is there instead.
    const statement_ref select;
};

/// `ARRAY[a, b]`. PostgreSQL only; SQLite's dialect throws `compile_error`.
class array_expression final : public expression {
public:
    array_expression(std::vector<expression_ref> i, sql_type t)
        : expression(expression_kind::array, t), items(std::move(i)) {}

    const std::vector<expression_ref> items;
};

/// `a[index]`, `a[low:high]`. PostgreSQL only. Anything but a column or another subscript is
/// written in parentheses, `(f(x))[1]`, as PostgreSQL's grammar wants it (PostgreSQL 15, 4.2.3).
class subscript final : public expression {
public:
    subscript(expression_ref a, expression_ref l, expression_ref h, sql_type t)
        : expression(expression_kind::subscript, t),
          array(std::move(a)),
          low(std::move(l)),
          high(std::move(h)) {}

    const expression_ref array;
    const expression_ref low;
    /// Empty: one element, at `low`.
    const expression_ref high;
};

/// The kinds of grouping items.
enum class grouping_kind : std::uint8_t { rollup, cube, sets };

/// `ROLLUP(a, b)`, `CUBE(a, b)`, `GROUPING SETS((a, b), (a))`, in GROUP BY. It has no value.
/// PostgreSQL only.
class grouping_expression final : public expression {
public:
    grouping_expression(grouping_kind k, std::vector<expression_ref> i)
        : expression(expression_kind::grouping, {}), groups(k), items(std::move(i)) {}

    const grouping_kind groups;
    /// Of GROUPING SETS: tuples.
    const std::vector<expression_ref> items;
};

/// `nextval('schema.sequence')`: a new number in each evaluation. PostgreSQL only.
class next_value_expression final : public expression {
public:
    next_value_expression(std::string_view s, std::string_view n)
        : expression(expression_kind::next_value, {.kind = type_kind::bigint}),
          schema(s),
          sequence(n) {}

    /// Empty: the connection's search path decides.
    const std::string schema;
    const std::string sequence;
};

}  // namespace gino::sql
