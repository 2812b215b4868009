// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/loading.hpp>
#include <gino/model/crud.hpp>

#include <algorithm>
#include <string>

#include "model/left_out_columns.hpp"

namespace gino::detail {

namespace {

/// The most bind parameters that one INSERT of several rows uses: SQLite allows 32,766,
/// PostgreSQL 65,535.
constexpr std::size_t parameters_per_statement = 30'000;
constexpr std::size_t rows_per_statement = 1'000;

/// Writes rows into the objects that they belong to, in order. Rows beyond them are counted only.
class write_back final : public row_receiver {
public:
    /// Into one object.
    write_back(
        const model_info& model, const std::vector<sql::expression_ref>& returned, void* object
    )
        : write_back(model, returned, object, 1, 0) {}

    /// Into `count` objects, `stride` bytes apart.
    write_back(
        const model_info& model,
        std::vector<sql::expression_ref> returned,
        void* objects,
        std::size_t count,
        std::size_t stride
    )
        : row_receiver(std::move(returned)),
          model_(&model),
          next_(static_cast<std::byte*>(objects)),
          count_(count),
          stride_(stride) {}

    std::size_t rows = 0;

private:
    void begin(const result_columns& columns) override {
        plan_ = plan_members(*model_->source, columns);
    }

    void receive(const gino::row& from) override {
        if (++rows <= count_) {
            plan_.load(next_, from, *model_->source);
            next_ += stride_;
        }
    }

    const model_info* model_;
    member_plan plan_;
    std::byte* next_;
    std::size_t count_;
    std::size_t stride_;
};

sql::expression_ref expression_of(const client_value& from, sql_type type) {
    return from.maker ? make_bind(from.maker->make(), type) : from.expression;
}

void append_row(
    sql::insert_node& insert,
    const model_info& model,
    const std::vector<bool>& left_out,
    const void* object
) {
    const auto& members = model.source->members();
    std::vector<sql::expression_ref> values;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (left_out[i]) {
            continue;
        }
        const auto& column = model.table.columns[i];
        value v = members[i].type->store(members[i].address_in(object));
        values.push_back(
            v.is_null() && column.default_value ? expression_of(*column.default_value, column.type)
                                                : make_bind(std::move(v), column.type)
        );
    }
    insert.rows.push_back(std::move(values));
}

statement_base make_insert(
    const model_info& model,
    const std::vector<bool>& left_out,
    const std::byte* objects,
    std::size_t count,
    std::size_t stride
) {
    auto* insert = new sql::insert_node(model.source->table());
    sql::statement_ref owner(insert);
    for (std::size_t i = 0; i < left_out.size(); ++i) {
        if (!left_out[i]) {
            insert->columns.push_back(model.source->column(i));
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        append_row(*insert, model, left_out, objects + i * stride);
    }
    insert->returning = model.source->columns();
    return statement_base(std::move(owner));
}

const std::vector<std::uint32_t>& primary_key_of(const model_info& model) {
    if (model.primary_key.empty()) {
        throw state_error(
            errc::wrong_state,
            "model " + std::string(model.source->name()) +
                " has no primary key, so that a single row cannot be found; declare one in "
                "table_args(), or use a statement with where()"
        );
    }
    return model.primary_key;
}

sql::expression_ref column_equals(const model_info& model, std::uint32_t place, value v) {
    const auto& column = model.source->column(place);
    if (v.is_null()) {
        return make_unary(sql::unary_operator::is_null, column, {.kind = type_kind::boolean});
    }
    return make_binary(
        sql::binary_operator::equal,
        column,
        make_bind(std::move(v), model.table.columns[place].type),
        {.kind = type_kind::boolean}
    );
}

sql::expression_ref all_of(const std::vector<sql::expression_ref>& conditions) {
    sql::expression_ref all;
    for (const auto& condition : conditions) {
        all = all ? make_conjunction(sql::conjunction_kind::and_, all, condition) : condition;
    }
    return all;
}

[[noreturn]] void throw_wrong_key_count(const model_info& model, std::size_t given) {
    throw argument_error(
        errc::invalid_argument,
        "incorrect number of values for the primary key of " + std::string(model.source->name()) +
            ": expected " + std::to_string(model.primary_key.size()) + ", got " +
            std::to_string(given)
    );
}

[[noreturn]] void throw_no_such_row(const model_info& model) {
    throw no_such_row(
        errc::no_such_row,
        "the row of this " + std::string(model.source->name()) + " is not in table \"" +
            model.source->table()->name + "\": it was deleted, or its key was changed"
    );
}

[[noreturn]] void throw_not_created(
    const model_info& model, std::size_t wanted, std::size_t returned
) {
    throw no_such_row(
        errc::no_such_row,
        "an INSERT of " + std::to_string(wanted) + " rows into table \"" +
            model.source->table()->name + "\" returned " + std::to_string(returned) +
            ": a trigger or a rule of the table has left out some, or added some, so that gino "
            "cannot tell which row is which object's"
    );
}

// Several assignments to one column: the last one counts, in the place of the first.
std::vector<sql::assignment_node> last_of_each(std::vector<sql::assignment_node> assignments) {
    std::vector<sql::assignment_node> kept;
    for (auto& one : assignments) {
        const auto same = std::ranges::find_if(kept, [&](const auto& other) {
            return other.column->index == one.column->index;
        });
        if (same == kept.end()) {
            kept.push_back(std::move(one));
        } else {
            *same = std::move(one);
        }
    }
    return kept;
}

// Assigns to the columns that change with every update, unless the program did.
void add_onupdate(const model_info& model, std::vector<sql::assignment_node>& assignments) {
    for (std::uint32_t i = 0; i < model.table.columns.size(); ++i) {
        const auto& column = model.table.columns[i];
        const bool is_set = std::ranges::any_of(assignments, [&](const auto& one) {
            return one.column->index == i;
        });
        if (column.onupdate && !is_set) {
            assignments.push_back(
                {.column = model.source->column(i),
                 .to = expression_of(*column.onupdate, column.type)}
            );
        }
    }
}

}  // namespace

member_plan plan_members(const model_source& source, const result_columns& columns) {
    member_plan plan;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const std::size_t place = columns.find_or_npos(*source.column(i));
        if (place != result_columns::npos) {
            plan.steps.push_back({.field = place, .member = &source.members()[i]});
        }
    }
    return plan;
}

awaitable<void> create_object(statement_executor& on, const model_info& model, void* object) {
    return create_objects(on, model, object, 1, 0);
}

awaitable<void> create_objects(
    statement_executor& on,
    const model_info& model,
    void* objects,
    std::size_t count,
    std::size_t stride
) {
    auto* first = static_cast<std::byte*>(objects);
    const std::size_t most = std::clamp<std::size_t>(
        parameters_per_statement / std::max<std::size_t>(model.source->size(), 1),
        1,
        rows_per_statement
    );
    for (std::size_t begin = 0; begin < count;) {
        // Objects that leave the same columns to the database share a statement.
        const std::vector<bool> left_out = left_out_columns(model, first + begin * stride);
        std::size_t end = begin + 1;
        while (end < count && end - begin < most &&
               left_out_columns(model, first + end * stride) == left_out) {
            ++end;
        }
        const bool only_defaults = std::ranges::count(left_out, false) == 0;
        if (only_defaults) {
            end = begin + 1;  // DEFAULT VALUES inserts one row
        }
        statement_base insert =
            make_insert(model, left_out, first + begin * stride, end - begin, stride);
        write_back returned(model, insert.selected(), first + begin * stride, end - begin, stride);
        const execution what{.statement = &insert};
        co_await on.run(what, returned);
        if (returned.rows != end - begin) {
            throw_not_created(model, end - begin, returned.rows);
        }
        begin = end;
    }
}

sql::expression_ref locate(const model_info& model, const void* object) {
    std::vector<sql::expression_ref> conditions;
    for (const auto place : primary_key_of(model)) {
        const auto& member = model.source->members()[place];
        conditions.push_back(
            column_equals(model, place, member.type->store(member.address_in(object)))
        );
    }
    return all_of(conditions);
}

sql::expression_ref locate(const model_info& model, std::vector<value> key) {
    const auto& places = primary_key_of(model);
    if (key.size() != places.size()) {
        throw_wrong_key_count(model, key.size());
    }
    std::vector<sql::expression_ref> conditions;
    for (std::size_t i = 0; i < places.size(); ++i) {
        conditions.push_back(column_equals(model, places[i], std::move(key[i])));
    }
    return all_of(conditions);
}

sql::expression_ref locate(const model_info& model, const std::vector<assignment>& key) {
    const auto& places = primary_key_of(model);
    if (key.size() != places.size()) {
        throw_wrong_key_count(model, key.size());
    }
    std::vector<sql::expression_ref> conditions;
    for (const auto place : places) {
        const auto named = std::ranges::find_if(key, [&](const assignment& one) {
            return one.node().column->index == place;
        });
        if (named == key.end()) {
            throw argument_error(
                errc::invalid_argument,
                "the primary key of " + std::string(model.source->name()) + " has column \"" +
                    model.source->members()[place].key + "\", which get() was not given"
            );
        }
        conditions.push_back(make_binary(
            sql::binary_operator::equal,
            named->node().column,
            named->node().to,
            {.kind = type_kind::boolean}
        ));
    }
    return all_of(conditions);
}

awaitable<void> apply_update(
    statement_executor& on,
    const model_info& model,
    void* object,
    sql::expression_ref where,
    std::vector<sql::assignment_node> assignments
) {
    if (assignments.empty()) {
        co_return;
    }
    auto* update = new sql::update_node(model.source->table());
    statement_base statement{sql::statement_ref(update)};
    update->assignments = last_of_each(std::move(assignments));
    add_onupdate(model, update->assignments);
    update->where = std::move(where);
    for (const auto& one : update->assignments) {
        update->returning.emplace_back(one.column);
    }
    write_back returned(model, update->returning, object);
    const execution what{.statement = &statement};
    co_await on.run(what, returned);
    if (returned.rows == 0) {
        throw_no_such_row(model);
    }
}

awaitable<gino::status> remove_object(
    statement_executor& on, const model_info& model, const void* object
) {
    auto* deletion = new sql::delete_node(model.source->table());
    statement_base statement{sql::statement_ref(deletion)};
    deletion->where = locate(model, object);
    driver::discarding_sink nothing;
    const execution what{.statement = &statement};
    auto done = co_await on.run(what, nothing);
    co_return done;
}

awaitable<void> refresh_object(statement_executor& on, const model_info& model, void* object) {
    auto* select = new sql::select_node;
    statement_base statement{sql::statement_ref(select)};
    select->columns = model.source->columns();
    select->where = locate(model, object);
    write_back read(model, select->columns, object);
    const execution what{.statement = &statement};
    co_await on.run(what, read);
    if (read.rows == 0) {
        throw_no_such_row(model);
    }
}

}  // namespace gino::detail
