// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/row.hpp>
#include <gino/model/describe.hpp>
#include <gino/model/model_info.hpp>

#include <algorithm>
#include <string>

#include "sql/qualified_name.hpp"

namespace gino::detail {

namespace {

std::vector<sql::column_info> column_infos(const std::vector<member_info>& members) {
    std::vector<sql::column_info> infos;
    infos.reserve(members.size());
    for (const auto& member : members) {
        infos.push_back(
            {.name = member.column,
             .key = member.key,
             .type = member.type->type,
             .nullable = member.type->nullable}
        );
    }
    return infos;
}

bool is_integer(type_kind kind) {
    return kind == type_kind::smallint || kind == type_kind::integer || kind == type_kind::bigint;
}

// Marks a single integer key as numbered by the database, as PostgreSQL's serial types and SQLite's
// rowid are: unless it has a server default, or refers to another table, whose row gives its value.
void mark_autoincrement(table_definition& table) {
    if (table.primary_key.size() != 1) {
        return;
    }
    for (auto& column : table.columns) {
        const bool points_elsewhere = std::ranges::any_of(table.foreign_keys, [&](const auto& key) {
            return key.columns.size() == 1 && key.columns.front() == column.name;
        });
        if (column.name == table.primary_key.front()) {
            column.autoincrement =
                is_integer(column.type.kind) && !column.server_default && !points_elsewhere;
        }
    }
}

// Returns whether the initial value of such a member can be a value that is meant: `false`, 0, an
// empty text. A time of 1970 or a UUID of zeros hardly is.
bool may_mean_its_initial_value(type_kind kind) {
    switch (kind) {
        case type_kind::boolean:
        case type_kind::smallint:
        case type_kind::integer:
        case type_kind::bigint:
        case type_kind::real:
        case type_kind::double_precision:
        case type_kind::numeric:
        case type_kind::text:
        case type_kind::varchar:
        case type_kind::enumeration:
            return true;
        default:
            return false;
    }
}

// A member with its initial value is left to the server (docs/decisions/0013). If the server's
// default is another value, a `false` that was meant would become `true`; so both have to be equal.
// Defaults that are expressions are not compared.
void check_server_defaults(const model_info& model) {
    for (std::size_t i = 0; i < model.table.columns.size(); ++i) {
        const auto& column = model.table.columns[i];
        if (column.nullable || column.default_value || !column.server_default ||
            !may_mean_its_initial_value(column.type.kind)) {
            continue;
        }
        const auto& given = *column.server_default->expression;
        const bool is_value = given.kind == sql::expression_kind::bind_parameter;
        if (is_value && sql::cast_to<sql::bind_parameter>(given).bound != model.initial[i]) {
            throw argument_error(
                errc::invalid_argument,
                "model " + std::string(model.source->name()) + ": member \"" +
                    model.source->members()[i].key + "\" begins as " + to_string(model.initial[i]) +
                    ", and its server_default() is " +
                    to_string(sql::cast_to<sql::bind_parameter>(given).bound) +
                    ": create() could not tell a value that was meant from one that was not "
                    "given; begin with the same value, or make the member a std::optional"
            );
        }
    }
}

}  // namespace

model_source::model_source(
    const char* name,
    std::string_view table,
    std::vector<member_info> members,
    sql::table_finders finders
)
    : name_(name), members_(std::move(members)) {
    // The table node is made once: statements compare FROM items by address.
    const auto parts = sql::split_name(table);
    table_ =
        sql::make<sql::table_source>(parts.schema, parts.name, column_infos(members_), finders);
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
        columns_.push_back(
            sql::make<sql::column_expression>(table_, members_[i].column, members_[i].type->type, i)
        );
    }
}

std::vector<sql::expression_ref> model_source::columns() const {
    return {columns_.begin(), columns_.end()};
}

std::size_t model_source::find_key(std::string_view key) const {
    const auto found = std::ranges::find(members_, key, &member_info::key);
    if (found != members_.end()) {
        return static_cast<std::size_t>(found - members_.begin());
    }
    std::string message =
        "model " + std::string(name_) + " has no column \"" + std::string(key) + "\"; it has";
    for (const auto& member : members_) {
        message += std::string(&member == &members_.front() ? " " : ", ") + member.key;
    }
    throw argument_error(errc::invalid_argument, message);
}

// Members first, then table_args(), which refers to them; the rule of autoincrement comes last,
// because it depends on the keys.
table_definition define_table(const model_source& source, const table_args* args) {
    table_definition table;
    table.source = source.table();
    for (const auto& member : source.members()) {
        column_definition column;
        column.name = member.column;
        column.type = member.type->type;
        column.nullable = member.type->nullable;
        table.columns.push_back(std::move(column));
    }
    if (args != nullptr) {
        args->apply_to(table);
    }
    mark_autoincrement(table);
    return table;
}

// Needs an object: initial values are those of the class's default constructor.
model_info make_model_info(
    const model_source& source, const table_args* args, const void* initial
) {
    model_info info{
        .source = &source,
        .table = define_table(source, args),
        .primary_key = {},
        .links = {},
        .initial = {}};
    for (const auto& member : source.members()) {
        // create() compares with these values to find the members that were not changed.
        info.initial.push_back(member.type->store(member.address_in(initial)));
    }
    check_server_defaults(info);
    for (const auto& name : info.table.primary_key) {
        const auto place = std::ranges::find(source.members(), name, [](const member_info& member) {
            return std::string_view(member.column);
        });
        // By position, as CRUD reads the members of the key.
        info.primary_key.push_back(static_cast<std::uint32_t>(place - source.members().begin()));
    }
    for (const auto& key : info.table.foreign_keys) {
        info.links.push_back(
            {.columns = key.columns,
             .target_schema = key.target_schema,
             .target_table = key.target_table,
             .target_columns = key.target_columns}
        );
    }
    return info;
}

// NULL is checked here and not in the member's type, because only here table, column and member are
// known for the message.
void member_plan::load(void* object, const row& from, const model_source& source) const {
    for (const auto& [place, member] : steps) {
        const field_view field = from.field(place);
        if (field.is_null() && !member->type->nullable) {
            throw data_error(
                errc::unexpected_null,
                "column " + source.table()->name + "." + member->column +
                    " is NULL, but the member " + source.name() + "::" + member->key +
                    " has no room for it; make it a std::optional",
                {.table = source.table()->name, .column = member->column}
            );
        }
        member->type->load(member->address(object), field);
    }
}

// A node per call: is_same_expression() compares source and position, not addresses.
sql::expression_ref alias_column(const sql::from_ref& alias, std::uint32_t index) {
    const auto& column = sql::cast_to<sql::alias_source>(*alias).table->columns[index];
    return sql::make<sql::column_expression>(alias, column.name, column.type, index);
}

}  // namespace gino::detail
