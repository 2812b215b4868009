// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/shape.hpp>

#include <cstring>
#include <string_view>

namespace gino::sql {

namespace {

/// Writes a tree into a key, in the order in which the classes list their members. Every string has
/// its length before it and every list its size, so that two trees never have the same key by
/// accident of their neighbours.
class shape_writer {
public:
    explicit shape_writer(shape& out) : out_(out) {}

    void write(const statement_node& s) {
        tag(s.kind);
        switch (s.kind) {
            case statement_kind::select:
                write_select(cast_to<select_node>(s));
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
        }
    }

private:
    template <class Enum>
    void tag(Enum e) {
        out_.key += static_cast<char>(e);
    }

    void number(std::uint64_t n) {
        char bytes[sizeof n];
        std::memcpy(bytes, &n, sizeof n);
        out_.key.append(bytes, sizeof n);
    }

    void text(std::string_view t) {
        number(t.size());
        out_.key += t;
    }

    void type(const sql_type& t) {
        tag(t.kind);
        tag(t.element);
        number(std::uint64_t{t.dimensions} << 32U | t.length);
        text(t.name);
    }

    void optional(const expression_ref& e) {
        tag(static_cast<bool>(e) ? 1 : 0);
        if (e) {
            write(*e);
        }
    }

    void list(const std::vector<expression_ref>& items) {
        number(items.size());
        for (const auto& item : items) {
            write(*item);
        }
    }

    void write(const expression& e) {
        tag(e.kind);
        switch (e.kind) {
            case expression_kind::column:
                write_column(cast_to<column_expression>(e));
                break;
            case expression_kind::bind_parameter:
                type(e.type);
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
                type(e.type);
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
            case expression_kind::text:
                text(cast_to<text_expression>(e).sql);
                break;
            case expression_kind::over:
                write(*cast_to<over_expression>(e).function);
                list(cast_to<over_expression>(e).partition_by);
                order(cast_to<over_expression>(e).order_by);
                break;
            case expression_kind::filter:
                write(*cast_to<filter_expression>(e).function);
                write(*cast_to<filter_expression>(e).where);
                break;
        }
    }

    void write_column(const column_expression& c) {
        source(*c.source);
        text(c.name);
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
        list(f.arguments);
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

    // An alias or a subquery is the same one wherever it stands: the second time its place among
    // those that were met tells which.
    bool met_before(const from_item& item) {
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            if (sources_[i] == &item) {
                number(i);
                return true;
            }
        }
        number(sources_.size());
        sources_.push_back(&item);
        return false;
    }

    void source(const from_item& item) {
        tag(item.kind);
        switch (item.kind) {
            case from_kind::table:
                text(cast_to<table_source>(item).schema);
                text(cast_to<table_source>(item).name);
                break;
            case from_kind::alias:
                if (!met_before(item)) {
                    text(cast_to<alias_source>(item).name);
                    source(*cast_to<alias_source>(item).table);
                }
                break;
            case from_kind::subquery:
                if (!met_before(item)) {
                    text(cast_to<subquery_source>(item).name);
                    write(*cast_to<subquery_source>(item).select);
                }
                break;
            case from_kind::join: {
                const auto& both = cast_to<join>(item);
                tag(both.join_type);
                source(*both.left);
                source(*both.right);
                optional(both.on);
                break;
            }
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
        tag(s.distinct);
        list(s.columns);
        number(s.from.size());
        for (const auto& item : s.from) {
            source(*item);
        }
        optional(s.where);
        list(s.group_by);
        optional(s.having);
        order(s.order_by);
        optional(s.limit);
        optional(s.offset);
    }

    void write_insert(const insert_node& s) {
        source(*s.into);
        number(s.columns.size());
        for (const auto& column : s.columns) {
            text(column->name);
        }
        number(s.rows.size());
        for (const auto& row : s.rows) {
            list(row);
        }
        tag(static_cast<bool>(s.select) ? 1 : 0);
        if (s.select) {
            write(*s.select);
        }
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
            text(one.column->name);
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

    void write_text(const text_node& s) {
        text(s.sql);
        number(s.parameters.size());
        for (const auto& parameter : s.parameters) {
            text(parameter.name);
            write(*parameter.bound);
        }
    }

    shape& out_;
    std::vector<const from_item*> sources_;
};

}  // namespace

void describe_shape(const statement_node& statement, shape& out) {
    out.key.clear();
    out.parameters.clear();
    shape_writer(out).write(statement);
}

}  // namespace gino::sql
