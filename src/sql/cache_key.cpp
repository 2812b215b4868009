// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/cache_key.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace gino::sql {

namespace {

// Appends a number in a self-delimiting form. Numbers below 255 take one byte; nearly all sizes and
// positions are that small. A larger one is the byte 255 and eight more in the machine's byte
// order: keys never leave the process.
void append_number(std::string& key, std::uint64_t n) {
    if (n < 0xff) {
        key += static_cast<char>(n);
        return;
    }
    key += static_cast<char>(0xff);
    char bytes[sizeof n];
    std::memcpy(bytes, &n, sizeof n);
    key.append(bytes, sizeof n);
}

/// Writes a tree into a key, in the order in which the classes list their members.
///
/// Rules:
/// - Everything that can change the compiled text in any dialect has to be in the key: kinds,
///   names, operators, options, the types of parameters and casts.
/// - Values of bind parameters are not. The parameters are collected beside the key in the order of
///   the walk, and the compiled text refers to them by their positions there.
/// - Every string has its length before it, every list its size, and every optional part a flag. So
///   no two trees have the same key because bytes of neighbours run together.
/// - A FROM item is written where it is first used, and as a position afterwards.
///
/// A new member of a node class has to be written here, or a statement gets the text of another
/// one.
class cache_key_writer {
public:
    explicit cache_key_writer(cache_key& out) : out_(out) {}

    void write(const statement_node& s) {
        // See note_sharing(): a subtree without parameters cannot repeat one.
        const std::size_t before = out_.parameters.size();
        go_deeper();
        tag(s.kind);
        // Before everything else, as WITH is written. CTEs that FROM items refer to are found on
        // the way.
        sources(s.ctes);
        switch (s.kind) {
            case statement_kind::select:
                write_select(cast_to<select_node>(s));
                break;
            case statement_kind::compound:
                write_compound(cast_to<compound_node>(s));
                break;
            case statement_kind::insert:
                write_insert(cast_to<insert_node>(s));
                break;
            case statement_kind::update:
                write_update(cast_to<update_node>(s));
                break;
            case statement_kind::delete_:
                write_delete(cast_to<delete_node>(s));
                break;
            case statement_kind::text:
                write_text(cast_to<text_node>(s));
                break;
            case statement_kind::create_as:
                write_create_as(cast_to<create_as_node>(s));
                break;
            case statement_kind::drop:
                tag(cast_to<drop_node>(s).object);
                tag(cast_to<drop_node>(s).if_exists);
                text(cast_to<drop_node>(s).schema);
                text(cast_to<drop_node>(s).name);
                break;
        }
        --depth_;
        note_sharing(s, before);
    }

    /// Returns true if a parameter may occur in several places.
    [[nodiscard]] bool may_repeat_parameters() const noexcept { return may_repeat_parameters_; }

private:
    // A parameter can occur twice only in a subtree that has several owners. Most statements have
    // none, and then the search for repeated parameters is skipped. The statement at depth 0 is an
    // exception: its owners are handles of the program, not other nodes.
    void note_sharing(const node& written, std::size_t parameters_before) noexcept {
        if (depth_ > 0 && out_.parameters.size() > parameters_before && !written.is_unique()) {
            may_repeat_parameters_ = true;
        }
    }

    // The limit is checked here, before any other walk: the compiler's recursion is as deep, and a
    // parser's as well.
    void go_deeper() {
        if (++depth_ > deepest) {
            throw_too_deep();
        }
    }

    // One byte. Enumerations have fewer than 256 values; flags and counts of at most one pass too.
    template <class Enum>
    void tag(Enum e) {
        out_.key += static_cast<char>(e);
    }

    void number(std::uint64_t n) { append_number(out_.key, n); }

    void text(std::string_view t) {
        number(t.size());
        out_.key += t;
    }

    // Returns the name of a type that the program or the database has defined: an enumeration, a
    // composite type, or a native type. Built-in types are identified by their kind alone.
    static std::string_view own_name(const sql_type& t) {
        if (t.composed != nullptr) {
            return t.composed->name;
        }
        return t.enumerated != nullptr ? t.enumerated->name : t.name;
    }

    // PostgreSQL prepares `$1` for one type, and SQLite's dialect writes functions that depend on
    // the types of operands and columns. Most types are their kind alone, which takes one byte.
    void type(const sql_type& t) {
        constexpr unsigned char has_details = 0x80;
        const auto kind = static_cast<unsigned char>(t.kind);
        const bool is_plain = t.element == type_kind::unknown && t.dimensions == 0 &&
                              t.length == 0 && t.precision == 0 && t.scale == 0 &&
                              own_name(t).empty();
        if (is_plain) {
            tag(kind);
            return;
        }
        tag(kind | has_details);
        tag(t.element);
        number(t.dimensions);
        number(t.length);
        text(own_name(t));
        number(t.precision);
        number(t.scale);
    }

    void optional(const expression_ref& e) {
        tag(static_cast<bool>(e) ? 1 : 0);
        if (e) {
            write(*e);
        }
    }

    void optional(const statement_ref& s) {
        tag(static_cast<bool>(s) ? 1 : 0);
        if (s) {
            write(*s);
        }
    }

    void sources(const std::vector<from_ref>& items) {
        number(items.size());
        for (const auto& item : items) {
            source(*item);
        }
    }

    // The columns of a function or of VALUES are written into the text. Those of a table are not.
    void columns(const std::vector<column_info>& infos) {
        number(infos.size());
        for (const auto& info : infos) {
            text(info.name);
            type(info.type);
        }
    }

    void list(const std::vector<expression_ref>& items) {
        number(items.size());
        for (const auto& item : items) {
            write(*item);
        }
    }

    void write(const expression& e) {
        const std::size_t before = out_.parameters.size();
        go_deeper();
        tag(e.kind);
        type(e.type);
        switch (e.kind) {
            case expression_kind::column:
                write_column(cast_to<column_expression>(e));
                break;
            case expression_kind::bind_parameter:
                // The value is left out: that is what makes one text serve all values.
                out_.parameters.push_back(&cast_to<bind_parameter>(e));
                break;
            case expression_kind::literal:
                tag(cast_to<literal>(e).literal_value);
                break;
            case expression_kind::unary:
                tag(cast_to<unary>(e).op);
                write(*cast_to<unary>(e).operand);
                break;
            case expression_kind::binary:
                write_binary(cast_to<binary>(e));
                break;
            case expression_kind::conjunction:
                tag(cast_to<conjunction>(e).joined_by);
                list(cast_to<conjunction>(e).operands);
                break;
            case expression_kind::between:
                write_between(cast_to<between>(e));
                break;
            case expression_kind::in_list:
                tag(cast_to<in_list>(e).negated);
                write(*cast_to<in_list>(e).operand);
                list(cast_to<in_list>(e).items);
                break;
            case expression_kind::in_array:
                tag(cast_to<in_array>(e).negated);
                write(*cast_to<in_array>(e).operand);
                write(*cast_to<in_array>(e).array);
                break;
            case expression_kind::in_select:
                tag(cast_to<in_select>(e).negated);
                write(*cast_to<in_select>(e).operand);
                write(*cast_to<in_select>(e).select);
                break;
            case expression_kind::function:
                write_function(cast_to<function_call>(e));
                break;
            case expression_kind::label:
                text(cast_to<label>(e).name);
                write(*cast_to<label>(e).labelled);
                break;
            case expression_kind::cast:
                write(*cast_to<cast>(e).operand);
                break;
            case expression_kind::case_:
                write_case(cast_to<case_expression>(e));
                break;
            case expression_kind::scalar_subquery:
                write(*cast_to<scalar_subquery>(e).select);
                break;
            case expression_kind::exists:
                write(*cast_to<exists_expression>(e).select);
                break;
            case expression_kind::tuple:
                list(cast_to<tuple_expression>(e).items);
                break;
            case expression_kind::over:
                write_over(cast_to<over_expression>(e));
                break;
            case expression_kind::filter:
                write(*cast_to<filter_expression>(e).function);
                write(*cast_to<filter_expression>(e).where);
                break;
            case expression_kind::collate:
                text(cast_to<collate_expression>(e).collation);
                write(*cast_to<collate_expression>(e).operand);
                break;
            case expression_kind::extract:
                tag(cast_to<extract_expression>(e).part);
                write(*cast_to<extract_expression>(e).operand);
                break;
            case expression_kind::date_trunc:
                tag(cast_to<date_trunc_expression>(e).part);
                write(*cast_to<date_trunc_expression>(e).operand);
                break;
            case expression_kind::quantified:
                tag(cast_to<quantified_expression>(e).all);
                optional(cast_to<quantified_expression>(e).array);
                optional(cast_to<quantified_expression>(e).select);
                break;
            case expression_kind::array:
                list(cast_to<array_expression>(e).items);
                break;
            case expression_kind::subscript:
                write(*cast_to<subscript>(e).array);
                write(*cast_to<subscript>(e).low);
                optional(cast_to<subscript>(e).high);
                break;
            case expression_kind::grouping:
                tag(cast_to<grouping_expression>(e).groups);
                list(cast_to<grouping_expression>(e).items);
                break;
            case expression_kind::next_value:
                text(cast_to<next_value_expression>(e).schema);
                text(cast_to<next_value_expression>(e).sequence);
                break;
        }
        --depth_;
        note_sharing(e, before);
    }

    void write_over(const over_expression& e) {
        write(*e.function);
        list(e.window.partition_by);
        order(e.window.order_by);
        tag(e.window.frame.unit);
        // Without a unit the bounds have no meaning, and no text.
        if (e.window.frame.unit != frame_unit::none) {
            bound(e.window.frame.start);
            bound(e.window.frame.end);
        }
    }

    void bound(const frame_bound& b) {
        tag(b.edge);
        optional(b.offset);
    }

    void write_column(const column_expression& c) {
        source(*c.source);
        text(c.name);
        tag(is_nullable(c) ? 1 : 0);
    }

    // SQLite's dialect writes NULLS LAST for columns that may be NULL.
    static bool is_nullable(const column_expression& c) {
        const auto* source = c.source.get();
        if (source->kind == from_kind::alias) {
            source = cast_to<alias_source>(*source).table.get();
        }
        return source->kind == from_kind::table &&
               cast_to<table_source>(*source).columns[c.index].nullable;
    }

    // A column of the table that is inserted into or updated: values are converted to its type.
    void target(const column_expression& c) {
        text(c.name);
        type(c.type);
    }

    void write_binary(const binary& b) {
        tag(b.op);
        tag(b.escape);
        text(b.symbol);
        write(*b.left);
        write(*b.right);
    }

    void write_between(const between& b) {
        tag(b.negated);
        write(*b.operand);
        write(*b.low);
        write(*b.high);
    }

    void write_function(const function_call& f) {
        text(f.name);
        tag(f.distinct);
        tag(f.within_group);
        list(f.arguments);
        order(f.order_by);
    }

    void write_case(const case_expression& c) {
        optional(c.subject);
        number(c.branches.size());
        for (const auto& branch : c.branches) {
            write(*branch.when);
            write(*branch.then);
        }
        optional(c.else_);
    }

    // Writes the position of a FROM item and returns whether it was met before. Items are compared
    // by address: a second alias of the same table is another item, and two columns of one alias
    // share it. A linear search, because statements have few items.
    bool met_before(const from_item& item) {
        for (std::size_t i = 0; i < out_.sources.size(); ++i) {
            if (out_.sources[i] == &item) {
                number(i);
                return true;
            }
        }
        number(out_.sources.size());
        out_.sources.push_back(&item);
        return false;
    }

    // A recursive part has no address of its own to be met by: its name identifies it. A join is
    // written in place, since only its leaves can be referred to.
    void source(const from_item& item) {
        tag(item.kind);
        switch (item.kind) {
            case from_kind::table:
                if (!met_before(item)) {
                    // The columns of the table are not written: expressions name those that they
                    // use.
                    text(cast_to<table_source>(item).schema);
                    text(cast_to<table_source>(item).name);
                }
                break;
            case from_kind::alias:
                if (!met_before(item)) {
                    write_alias(cast_to<alias_source>(item));
                }
                break;
            case from_kind::subquery:
                if (!met_before(item)) {
                    text(cast_to<subquery_source>(item).name);
                    tag(cast_to<subquery_source>(item).lateral);
                    write(*cast_to<subquery_source>(item).select);
                }
                break;
            case from_kind::cte:
                if (!met_before(item)) {
                    write_cte(cast_to<cte_source>(item));
                }
                break;
            case from_kind::cte_self:
                text(cast_to<cte_self_source>(item).name);
                break;
            case from_kind::function:
                if (!met_before(item)) {
                    write_table_function(cast_to<function_source>(item));
                }
                break;
            case from_kind::values:
                if (!met_before(item)) {
                    write_values(cast_to<values_source>(item));
                }
                break;
            case from_kind::join: {
                const auto& both = cast_to<join>(item);
                tag(both.join_type);
                out_.has_outer_join = out_.has_outer_join ||
                                      both.join_type == join_kind::left_outer ||
                                      both.join_type == join_kind::full_outer;
                source(*both.left);
                source(*both.right);
                optional(both.on);
                break;
            }
        }
    }

    void write_alias(const alias_source& item) {
        text(item.name);
        tag(item.is_excluded);
        source(*item.table);
        text(item.sample.method);
        // The sample's numbers are bind parameters.
        if (!item.sample.method.empty()) {
            optional(item.sample.percent);
            optional(item.sample.seed);
        }
    }

    void write_cte(const cte_source& item) {
        text(item.name);
        tag(item.recursive);
        tag(item.materialized);
        write(*item.statement);
        // After the statement was walked, so that each CTE comes after those that it uses: the
        // order in which WITH has to list them.
        out_.ctes.push_back(&item);
    }

    void write_table_function(const function_source& item) {
        text(item.name);
        tag(item.with_ordinality);
        tag(item.with_types);
        columns(item.columns);
        write(*item.function);
    }

    void write_values(const values_source& item) {
        text(item.name);
        columns(item.columns);
        rows(item.rows);
    }

    void rows(const std::vector<std::vector<expression_ref>>& all) {
        number(all.size());
        for (const auto& row : all) {
            list(row);
        }
    }

    void order(const std::vector<order_item>& items) {
        number(items.size());
        for (const auto& item : items) {
            tag(item.direction);
            tag(item.nulls);
            write(*item.by);
        }
    }

    void write_select(const select_node& s) {
        text(s.prefix);
        tag(s.distinct);
        tag(s.allows_cross_product);
        list(s.distinct_on);
        list(s.columns);
        sources(s.from);
        optional(s.where);
        list(s.group_by);
        optional(s.having);
        sources(s.correlated);
        tag(s.lock.strength);
        tag(s.lock.wait);
        sources(s.lock.of);
        write_query(s);
    }

    // The statement has no parameters: PostgreSQL takes none in CREATE VIEW. Values become literals
    // in the text, so they are part of the key, and the collected parameters are dropped.
    void write_create_as(const create_as_node& s) {
        tag(s.object);
        tag(s.replace);
        text(s.schema);
        text(s.name);
        write(*s.query);
        for (const auto* parameter : out_.parameters) {
            text(to_string(parameter->bound));
        }
        out_.parameters.clear();
    }

    void write_compound(const compound_node& s) {
        tag(s.op);
        number(s.operands.size());
        for (const auto& operand : s.operands) {
            write(*operand);
        }
        write_query(s);
    }

    void write_query(const query_node& s) {
        order(s.order_by);
        optional(s.limit);
        optional(s.offset);
    }

    // The columns all belong to the table.
    void write_insert(const insert_node& s) {
        source(*s.into);
        number(s.columns.size());
        for (const auto& column : s.columns) {
            target(*column);
        }
        rows(s.rows);
        optional(s.select);
        write_conflict(s.on_conflict);
        list(s.returning);
    }

    void write_conflict(const conflict_clause& c) {
        tag(c.action);
        number(c.columns.size());
        for (const auto& column : c.columns) {
            text(column->name);
        }
        text(c.constraint);
        optional(c.index_where);
        assignments(c.assignments);
        optional(c.where);
    }

    void assignments(const std::vector<assignment_node>& list) {
        number(list.size());
        for (const auto& one : list) {
            target(*one.column);
            write(*one.to);
        }
    }

    void write_update(const update_node& s) {
        source(*s.table);
        assignments(s.assignments);
        optional(s.where);
        list(s.returning);
    }

    void write_delete(const delete_node& s) {
        source(*s.from);
        optional(s.where);
        list(s.returning);
    }

    // The names of parameters decide which placeholder has which value.
    void write_text(const text_node& s) {
        text(s.sql);
        number(s.parameters.size());
        for (const auto& parameter : s.parameters) {
            text(parameter.name);
            write(*parameter.bound);
        }
        list(s.columns);  // a recursive CTE writes their names
    }

    cache_key& out_;
    std::size_t depth_ = 0;
    bool may_repeat_parameters_ = false;
};

// Appends which parameters occur in several places. Without it, `x + $1 ... GROUP BY x + $1` with
// one parameter and `x + $1 ... GROUP BY x + $2` with two would have the same key, and PostgreSQL
// takes these for different expressions (docs/decisions/0030).
void describe_repeated_parameters(cache_key& out) {
    const auto& all = out.parameters;
    std::vector<std::size_t> places(all.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    // Built-in `<` on unrelated pointers is unspecified; std::less is a total order.
    const std::less<> is_before;
    std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
        return is_before(all[a], all[b]);
    });
    // The positions of one parameter are adjacent now, in ascending order, since the sort is
    // stable.
    std::vector<std::size_t> first(all.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool repeats = i > 0 && all[places[i - 1]] == all[places[i]];
        first[places[i]] = repeats ? first[places[i - 1]] : places[i];
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
        // Pairs of a position and the first position of the same parameter; positions that occur
        // once add nothing.
        if (first[i] != i) {
            append_number(out.key, i);
            append_number(out.key, first[i]);
        }
    }
}

}  // namespace

void throw_too_deep() {
    throw compile_error(
        errc::cannot_compile,
        "a statement is nested more than " + std::to_string(deepest) + " levels deep"
    );
}

void build_cache_key(const statement_node& statement, cache_key& out) {
    // clear() keeps the memory: the engine reuses one key per thread.
    out.key.clear();
    out.parameters.clear();
    out.ctes.clear();
    out.sources.clear();
    out.has_outer_join = false;
    cache_key_writer writer(out);
    writer.write(statement);
    if (writer.may_repeat_parameters()) {
        describe_repeated_parameters(out);
    }
}

}  // namespace gino::sql
