// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/dialect.hpp>
#include <gino/engine/loading.hpp>
#include <gino/model/crud.hpp>

#include <algorithm>
#include <string>

#include "model/client_values.hpp"
#include "model/left_out_columns.hpp"

namespace gino::detail {

namespace {

// The most bind parameters that one INSERT of several rows uses, unless the database allows fewer.
constexpr std::size_t parameters_per_statement = 30'000;
// A longer text costs more to compile and to keep than it saves in round trips.
constexpr std::size_t rows_per_statement = 1'000;

/// Writes returned rows into the objects that they belong to: the rows of an INSERT come back in
/// the order of VALUES. Rows beyond the last object are only counted; the caller compares the
/// numbers.
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

// The values of an object, without the columns that are left to the database. A NULL with a
// default_() is replaced by it: for a member, an empty optional is how a missing value looks.
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

// @param returning  Empty: the statement returns no rows.
statement_base make_insert(
    const model_info& model,
    const std::vector<bool>& left_out,
    const std::byte* objects,
    std::size_t count,
    std::size_t stride,
    std::vector<sql::expression_ref> returning
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
    insert->returning = std::move(returning);
    return statement_base(std::move(owner));
}

// Every verb that looks for one row starts here, so that a model without a key is refused before a
// statement is sent.
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

// SQLite permits NULL in a primary key, where `=` would find no row.
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

// REQUIRES: not empty. Primary keys have at least one column.
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

// Of several assignments to one column the last one counts, in the place of the first: PostgreSQL
// refuses a column that is assigned twice, but set() may be called again.
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

[[noreturn]] void throw_nothing_set(const model_info& model) {
    throw argument_error(
        errc::invalid_argument,
        "update() of an object of " + std::string(model.source->name()) +
            " has no set(...), so that apply() would change nothing; changes of the object itself "
            "are stored by save(object)"
    );
}

// Returns the kind of a value for a message; empty for a type that only the database knows, which
// is not checked.
std::string_view kind_of(const sql_type& type) {
    switch (type.kind) {
        case type_kind::boolean:
            return "a boolean";
        case type_kind::smallint:
        case type_kind::integer:
        case type_kind::bigint:
            return "an integer";
        case type_kind::real:
        case type_kind::double_precision:
            return "a floating-point number";
        case type_kind::numeric:
            return "a decimal";
        case type_kind::text:
        case type_kind::varchar:
            return "a text";
        case type_kind::enumeration:
            return "an enumeration";
        case type_kind::binary:
            return "bytes";
        case type_kind::date:
            return "a date";
        case type_kind::time:
            return "a time";
        case type_kind::timestamp:
            return "a timestamp";
        case type_kind::timestamptz:
            return "a timestamp with time zone";
        case type_kind::uuid:
            return "a UUID";
        default:
            return {};
    }
}

// get() takes its key by position, and the types of the columns are not known to the template. So
// kinds are compared here; sizes of numbers may differ, as in get<user>(7).
void check_key_type(const model_info& model, std::size_t place, const sql_type& given) {
    const auto& column = model.table.columns[model.primary_key[place]];
    const auto wanted = kind_of(column.type);
    const auto actual = kind_of(given);
    if (wanted.empty() || actual.empty() || wanted == actual) {
        return;
    }
    std::string key;
    for (const auto one : model.primary_key) {
        key += (key.empty() ? "" : ", ") + std::string(model.source->members()[one].key);
    }
    throw argument_error(
        errc::invalid_argument,
        "value " + std::to_string(place + 1) + " for the primary key of " +
            std::string(model.source->name()) + " is " + std::string(actual) + ", and column \"" +
            column.name + "\" is " + std::string(wanted) + "; the key is (" + key + ")"
    );
}

/// Objects of one model in an array, `stride` bytes apart: the class is known by its description
/// alone.
struct object_range {
    const model_info* model;
    std::byte* first;
    std::size_t count;
    std::size_t stride;
    std::size_t parameters;  // the most of one statement

    [[nodiscard]] std::byte* at(std::size_t place) const { return first + place * stride; }

    /// The objects of one INSERT: neighbours that leave the same columns to the database.
    struct part {
        std::vector<bool> left_out;
        std::size_t end;
    };

    // Returns the longest part that begins at a position. Objects are not regrouped, since
    // RETURNING is matched by order.
    [[nodiscard]] part statement_from(std::size_t begin) const {
        if (begin == count) {
            return {.left_out = {}, .end = count};
        }
        // Both limits; a model with very many columns still inserts one row per statement.
        const std::size_t most = std::clamp<std::size_t>(
            parameters / std::max<std::size_t>(model->source->size(), 1), 1, rows_per_statement
        );
        part found{.left_out = left_out_columns(*model, at(begin)), .end = begin + 1};
        if (std::ranges::count(found.left_out, false) == 0) {
            return found;  // DEFAULT VALUES inserts one row
        }
        while (found.end < count && found.end - begin < most &&
               left_out_columns(*model, at(found.end)) == found.left_out) {
            ++found.end;
        }
        return found;
    }
};

// Selects some columns of the row that `where` finds, and writes them into an object.
awaitable<void> read_back(
    statement_executor& on,
    const model_info& model,
    void* object,
    sql::expression_ref where,
    std::vector<sql::expression_ref> columns
) {
    auto* select = new sql::select_node;
    statement_base statement{sql::statement_ref(select)};
    select->columns = std::move(columns);
    select->where = std::move(where);
    write_back read(model, select->columns, object);
    const execution what{.statement = &statement};
    co_await on.run(what, read);
    if (read.rows == 0) {
        throw_no_such_row(model);
    }
}

// The condition that finds the row of an INSERT where the database returns no rows: the object's
// own key, or the number that the database has given to the row.
sql::expression_ref locate_inserted(
    const model_info& model,
    const std::vector<bool>& left_out,
    const void* object,
    const gino::status& done
) {
    std::vector<sql::expression_ref> conditions;
    std::size_t numbered = 0;
    for (const auto place : primary_key_of(model)) {
        const auto& member = model.source->members()[place];
        value key = member.type->store(member.address_in(object));
        if (left_out[place]) {
            ++numbered;
            key = value(done.last_inserted_id.value_or(0));
        }
        conditions.push_back(column_equals(model, place, std::move(key)));
    }
    if (numbered > 1 || (numbered == 1 && !done.last_inserted_id)) {
        throw state_error(
            errc::wrong_state,
            "the row of this " + std::string(model.source->name()) +
                " is stored, and cannot be read: the database has no RETURNING, and does not "
                "report the key that it gave to the row"
        );
    }
    return all_of(conditions);
}

// For databases without INSERT ... RETURNING: one statement that stores an object, and one that
// reads it.
awaitable<void> insert_and_read_back(statement_executor& on, object_range all) {
    static_cast<void>(primary_key_of(*all.model));  // throws before anything is stored
    for (std::size_t i = 0; i < all.count; ++i) {
        const auto left_out = left_out_columns(*all.model, all.at(i));
        statement_base insert = make_insert(*all.model, left_out, all.at(i), 1, all.stride, {});
        driver::discarding_sink nothing;
        const execution what{.statement = &insert};
        const auto done = co_await on.run(what, nothing);
        if (done.affected_rows != 1) {
            throw_not_created(*all.model, 1, done.affected_rows);
        }
        auto where = locate_inserted(*all.model, left_out, all.at(i), done);
        co_await read_back(
            on, *all.model, all.at(i), std::move(where), all.model->source->columns()
        );
    }
}

// The objects are written as each statement returns. If a later statement fails, the transaction is
// rolled back, but earlier objects keep what they were given.
awaitable<void> insert_objects(statement_executor& on, object_range all) {
    for (std::size_t begin = 0; begin < all.count;) {
        const auto part = all.statement_from(begin);
        const std::size_t count = part.end - begin;
        // All columns are returned, also those that were sent: the database may have rounded a
        // value, or a trigger may have changed it.
        statement_base insert = make_insert(
            *all.model,
            part.left_out,
            all.at(begin),
            count,
            all.stride,
            all.model->source->columns()
        );
        write_back returned(*all.model, insert.selected(), all.at(begin), count, all.stride);
        const execution what{.statement = &insert};
        co_await on.run(what, returned);
        // With fewer rows, all objects after the missing one would have the key of a neighbour.
        if (returned.rows != count) {
            throw_not_created(*all.model, count, returned.rows);
        }
        begin = part.end;
    }
}

}  // namespace

// A result may have some of the columns only, or the columns of several tables. Expressions are
// compared, so that two tables with an `id` are kept apart; names are used for text without
// columns().
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
    const object_range all{
        .model = &model,
        .first = static_cast<std::byte*>(objects),
        .count = count,
        .stride = stride,
        .parameters = std::min(parameters_per_statement, on.capabilities().parameters)};
    if (!on.capabilities().insert_returning) {
        together each = [all](statement_executor& inside) {
            return insert_and_read_back(inside, all);
        };
        co_await on.run_together(std::move(each));
        co_return;
    }
    // One statement is atomic by itself: no transaction, and no connection is held between
    // statements.
    if (count <= 1 || all.statement_from(0).end == count) {
        co_await insert_objects(on, all);
        co_return;
    }
    together several = [all](statement_executor& inside) { return insert_objects(inside, all); };
    co_await on.run_together(std::move(several));
}

// The values are bound now: a later change of the object does not change the condition.
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

sql::expression_ref locate(const model_info& model, std::vector<typed_value> key) {
    const auto& places = primary_key_of(model);
    if (key.size() != places.size()) {
        throw_wrong_key_count(model, key.size());
    }
    std::vector<sql::expression_ref> conditions;
    for (std::size_t i = 0; i < places.size(); ++i) {
        check_key_type(model, i, key[i].type);
        conditions.push_back(column_equals(model, places[i], std::move(key[i].held)));
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
        // The value of an assignment may be an expression too. Its type was checked when it was
        // assigned.
        conditions.push_back(make_binary(
            sql::binary_operator::equal,
            named->node().column,
            named->node().to,
            {.kind = type_kind::boolean}
        ));
    }
    return all_of(conditions);
}

namespace {

// The condition that finds the row of an object after an UPDATE, which may have changed its key.
sql::expression_ref locate_updated(
    const model_info& model,
    const void* object,
    const std::vector<sql::assignment_node>& assignments
) {
    std::vector<sql::expression_ref> conditions;
    for (const auto place : primary_key_of(model)) {
        const auto& member = model.source->members()[place];
        const auto assigned = std::ranges::find_if(assignments, [place](const auto& one) {
            return one.column->index == place;
        });
        if (assigned == assignments.end()) {
            conditions.push_back(
                column_equals(model, place, member.type->store(member.address_in(object)))
            );
            continue;
        }
        if (assigned->to->kind != sql::expression_kind::bind_parameter) {
            throw argument_error(
                errc::invalid_argument,
                "the key of this " + std::string(model.source->name()) +
                    " is set to an expression: the database has no UPDATE ... RETURNING, so that "
                    "the row could not be read afterwards; set it to a value"
            );
        }
        conditions.push_back(make_binary(
            sql::binary_operator::equal,
            assigned->column,
            assigned->to,
            {.kind = type_kind::boolean}
        ));
    }
    return all_of(conditions);
}

// For databases without UPDATE ... RETURNING: reads the columns that it would have returned.
awaitable<void> update_and_read_back(
    statement_executor& on,
    const model_info& model,
    void* object,
    const statement_base& update,
    sql::expression_ref stored,
    std::vector<sql::expression_ref> columns
) {
    together both = [&](statement_executor& inside) -> awaitable<void> {
        driver::discarding_sink nothing;
        const execution what{.statement = &update};
        const auto done = co_await inside.run(what, nothing);
        if (done.affected_rows == 0) {
            throw_no_such_row(model);
        }
        co_await read_back(inside, model, object, stored, columns);
    };
    co_await on.run_together(std::move(both));
}

}  // namespace

awaitable<void> apply_update(
    statement_executor& on,
    const model_info& model,
    void* object,
    sql::expression_ref where,
    std::vector<sql::assignment_node> assignments
) {
    if (assignments.empty()) {
        throw_nothing_set(model);
    }
    auto* update = new sql::update_node(model.source->table());
    statement_base statement{sql::statement_ref(update)};
    update->assignments = last_of_each(std::move(assignments));
    add_onupdate(model, update->assignments);
    update->where = std::move(where);
    // Only the assigned columns are read back: set() is a change of these alone, and the object's
    // other members may have unsaved changes.
    std::vector<sql::expression_ref> changed;
    changed.reserve(update->assignments.size());
    for (const auto& one : update->assignments) {
        changed.emplace_back(one.column);
    }
    if (!on.capabilities().update_returning) {
        auto stored = locate_updated(model, object, update->assignments);
        co_await update_and_read_back(
            on, model, object, statement, std::move(stored), std::move(changed)
        );
        co_return;
    }
    update->returning = std::move(changed);
    write_back returned(model, update->returning, object);
    const execution what{.statement = &statement};
    co_await on.run(what, returned);
    if (returned.rows == 0) {
        throw_no_such_row(model);
    }
}

// The key is not assigned: it finds the row. Databases refuse an assignment to a computed column,
// and to an identity column that is always generated.
awaitable<void> save_object(statement_executor& on, const model_info& model, void* object) {
    auto* update = new sql::update_node(model.source->table());
    statement_base statement{sql::statement_ref(update)};
    update->where = locate(model, static_cast<const void*>(object));
    const auto& members = model.source->members();
    for (std::uint32_t i = 0; i < members.size(); ++i) {
        const auto& column = model.table.columns[i];
        const bool is_key = std::ranges::find(model.primary_key, i) != model.primary_key.end();
        const bool is_ours =
            !column.computed && !column.onupdate && column.identity != identity_kind::always;
        if (!is_key && is_ours) {
            update->assignments.push_back(
                {.column = model.source->column(i),
                 .to =
                     make_bind(members[i].type->store(members[i].address_in(object)), column.type)}
            );
        }
    }
    add_onupdate(model, update->assignments);
    // A table of keys alone: there is nothing to write, but the row still has to exist.
    if (update->assignments.empty()) {
        co_await refresh_object(on, model, object);
        co_return;
    }
    if (!on.capabilities().update_returning) {
        auto stored = update->where;
        co_await update_and_read_back(
            on, model, object, statement, std::move(stored), model.source->columns()
        );
        co_return;
    }
    update->returning = model.source->columns();
    // All columns: triggers and generated columns may have changed any of them.
    write_back stored(model, update->returning, object);
    const execution what{.statement = &statement};
    co_await on.run(what, stored);
    if (stored.rows == 0) {
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
    auto where = locate(model, static_cast<const void*>(object));
    co_await read_back(on, model, object, std::move(where), model.source->columns());
}

}  // namespace gino::detail
