// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/model/loader.hpp>

#include <algorithm>
#include <string>

#include "sql/join.hpp"

namespace gino::detail {

namespace {

// Returns the name of the table of a source, for messages.
std::string table_name(const sql::from_item& source) {
    if (source.kind == sql::from_kind::alias) {
        return sql::cast_to<sql::alias_source>(source).table->name;
    }
    return source.kind == sql::from_kind::table ? sql::cast_to<sql::table_source>(source).name
                                                : "a subquery";
}

// Returns the column of a subquery or a common table expression whose value is a table's column,
// through any number of levels; null if it was not selected.
sql::expression_ref column_through(
    const sql::from_ref& source, const sql::statement_node& query, const sql::expression& of_table
) {
    for (const auto& selected : sql::columns_of(query)) {
        if (origin_of(*selected) == origin_of(of_table)) {
            return subquery_column(source, query, *selected);
        }
    }
    return {};
}

// Returns a member's column in a source; null if the source is a subquery that has not selected it.
sql::expression_ref column_of(
    const model_source& model, const sql::from_ref& source, std::size_t place
) {
    if (source->kind == sql::from_kind::table) {
        return model.column(place);
    }
    if (const auto* query = query_in(*source)) {
        return column_through(source, *query, *model.column(place));
    }
    return alias_column(source, static_cast<std::uint32_t>(place));
}

// Finds a loader's columns in a result. If the loader's source is a table and the result has none
// of its columns, they may come from that table through one subquery, common table expression or
// alias: `select(s[user::c.id]).load(gino::load<user>())`.
//
// Only one such source: with two it would be a guess which one is meant.
class loaded_columns {
public:
    loaded_columns(
        const result_columns& result,
        const model_source& model,
        const sql::from_item& source,
        const std::vector<sql::expression_ref>& wanted,
        bool through_alias
    )
        : result_(result), through_alias_(through_alias) {
        const bool has_own = std::ranges::any_of(wanted, [&](const auto& column) {
            return result.find_or_npos(*column) != result_columns::npos;
        });
        if (!has_own && source.kind == sql::from_kind::table) {
            search(model, wanted);
        }
    }

    [[nodiscard]] std::size_t find_or_npos(const sql::expression& wanted) const {
        if (through_ == nullptr) {
            return result_.find_or_npos(wanted);
        }
        // Compared by origin: the selected expression is a column of the subquery, and `wanted` one
        // of the table.
        const auto& all = result_.expressions;
        const auto found = std::ranges::find_if(all, [&](const auto& selected) {
            return source_of(*selected) == through_ && origin_of(*selected) == origin_of(wanted);
        });
        return found == all.end() ? result_columns::npos
                                  : static_cast<std::size_t>(found - all.begin());
    }

private:
    // Returns the source that a selected column comes through; null for an expression, and for a
    // column of a table itself.
    [[nodiscard]] const sql::from_item* source_of(const sql::expression& selected) const {
        if (selected.kind == sql::expression_kind::label) {
            return source_of(*sql::cast_to<sql::label>(selected).labelled);
        }
        if (selected.kind != sql::expression_kind::column) {
            return nullptr;
        }
        const auto* source = sql::cast_to<sql::column_expression>(selected).source.get();
        const bool fits = query_in(*source) != nullptr ||
                          (through_alias_ && source->kind == sql::from_kind::alias);
        return fits ? source : nullptr;
    }

    // Finds the only source, beside tables, that has a wanted column.
    void search(const model_source& model, const std::vector<sql::expression_ref>& wanted) {
        for (const auto& selected : result_.expressions) {
            const auto* source = source_of(*selected);
            const bool is_wanted = std::ranges::any_of(wanted, [&](const auto& column) {
                return origin_of(*selected) == origin_of(*column);
            });
            if (source == nullptr || !is_wanted || source == through_) {
                continue;
            }
            if (through_ != nullptr) {
                throw argument_error(
                    errc::invalid_argument,
                    std::string("the loader of model ") + model.name() +
                        " finds its columns in several FROM items: name one, as in "
                        "load<" +
                        model.name() + ">().from(subquery) or load(alias)"
                );
            }
            through_ = source;
        }
    }

    const result_columns& result_;
    const sql::from_item* through_ = nullptr;
    bool through_alias_;
};

// The message lists the columns of the result: mostly a select names other columns than the loader.
[[noreturn]] void throw_no_column(
    const model_source& model, const sql::from_item& source, const result_columns& columns
) {
    std::string there;
    for (const auto& column : columns.descriptions) {
        there += (there.empty() ? "" : ", ") + column.name;
    }
    throw argument_error(
        errc::invalid_argument,
        std::string("the loader of model ") + model.name() + " (\"" + table_name(source) +
            "\") finds none of its columns in the result, which has: " + there
    );
}

[[noreturn]] void throw_no_key(const model_source& model) {
    throw argument_error(
        errc::invalid_argument,
        std::string("the loader of model ") + model.name() +
            " has a member that is a container: select the primary key of " + model.name() +
            ", which tells whose values a row has, or call distinct() with other columns"
    );
}

}  // namespace

void throw_came_too_late(const model_source& model) {
    throw state_error(
        errc::wrong_state,
        std::string("iterate(): a row for an object of model ") + model.name() +
            " came after the object was given away; order the statement by what makes objects "
            "distinct, so that their rows are next to each other, or use all()"
    );
}

model_loader_base::model_loader_base(const model_source& model, sql::from_ref source)
    : model_(&model), source_(std::move(source)) {
    choose_all_columns();
}

// All columns that the source has: a subquery may have selected some only.
void model_loader_base::choose_all_columns() {
    columns_.clear();
    members_.clear();
    for (std::size_t i = 0; i < model_->size(); ++i) {
        if (auto column = column_of(*model_, source_, i)) {
            columns_.push_back(std::move(column));
            members_.push_back(i);
        }
    }
}

// The order of calls is fixed because columns that were chosen before belong to the old source.
void model_loader_base::set_source(sql::from_ref source) {
    if (columns_.size() != model_->size() || has_distinct() || on_) {
        throw argument_error(
            errc::invalid_argument,
            std::string("the loader of model ") + model_->name() +
                ": from() comes before load(), distinct() and on()"
        );
    }
    source_ = std::move(source);
    choose_all_columns();
    if (columns_.empty()) {
        throw argument_error(
            errc::invalid_argument,
            std::string("from() of a loader takes a subquery or a common table expression that has "
                        "selected columns of its model, "
            ) + model_->name()
        );
    }
}

void model_loader_base::choose_columns(const std::vector<sql::expression_ref>& columns) {
    columns_.clear();
    members_.clear();
    for (const auto& wanted : columns) {
        if (wanted->kind != sql::expression_kind::column) {
            throw argument_error(
                errc::invalid_argument,
                std::string("load() of model ") + model_->name() +
                    " takes its columns; an expression is loaded by with(member, expression)"
            );
        }
        const auto& column = sql::cast_to<sql::column_expression>(*wanted);
        if (column.source.get() != source_.get()) {
            throw argument_error(
                errc::invalid_argument,
                "column \"" + column.name + "\" of \"" + table_name(*column.source) +
                    "\" does not belong to model " + model_->name() + " (\"" +
                    table_name(*source_) + "\")"
            );
        }
        columns_.push_back(wanted);
        // The index of a table's or alias's column is the member's position.
        members_.push_back(column.index);
    }
}

// Names of members, as the program writes them, not of columns in the database.
void model_loader_base::choose_columns(const std::vector<std::string_view>& keys) {
    columns_.clear();
    members_.clear();
    for (const auto key : keys) {
        const std::size_t place = model_->find_key(key);
        auto column = column_of(*model_, source_, place);
        if (!column) {
            throw argument_error(
                errc::invalid_argument,
                std::string("the subquery has not selected \"") + std::string(key) +
                    "\" of model " + model_->name()
            );
        }
        columns_.push_back(std::move(column));
        members_.push_back(place);
    }
}

void model_loader_base::set_distinct(const std::vector<sql::expression_ref>& columns) {
    distinct_ = columns;
}

std::vector<sql::expression_ref> model_loader_base::merged_by(const model_info& model) const {
    if (has_distinct()) {
        return distinct_;
    }
    std::vector<sql::expression_ref> key;
    for (const auto place : model.primary_key) {
        auto column = column_of(*model_, source_, place);
        if (!column) {
            throw_no_key(*model_);
        }
        key.push_back(std::move(column));
    }
    return key;
}

model_loader_base::plan model_loader_base::make_plan(
    const result_columns& columns, const model_info& model, bool collects, bool as_part
) const {
    plan made;
    // As a part, the alias that it would come through may be another part's.
    const loaded_columns loaded(columns, *model_, *source_, columns_, !as_part);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const std::size_t place = loaded.find_or_npos(*columns_[i]);
        if (place != result_columns::npos) {
            made.members.steps.push_back({.field = place, .member = &model_->members()[members_[i]]}
            );
        }
    }
    if (made.members.steps.empty()) {
        throw_no_column(*model_, *source_, columns);
    }
    // A column of distinct() may also be one of another table, which the result has under its own
    // expression; find() throws if it is missing.
    for (const auto& column : distinct_) {
        const std::size_t place = loaded.find_or_npos(*column);
        made.distinct.push_back(place != result_columns::npos ? place : columns.find(*column));
    }
    for (const auto key : model.primary_key) {
        const auto column = column_of(*model_, source_, key);
        const std::size_t place = column ? loaded.find_or_npos(*column) : result_columns::npos;
        if (place == result_columns::npos) {
            // Half of a composite key identifies nothing.
            made.key.clear();
            break;
        }
        made.key.push_back(place);
    }
    if (collects && made.distinct.empty()) {
        if (made.key.empty()) {
            throw_no_key(*model_);
        }
        // Without distinct(), the rows of an object with containers are recognised by its key.
        made.distinct = made.key;
    }
    return made;
}

// An outer join without a partner gives NULL in all columns. The key decides if it was selected,
// since tables declare their primary keys NOT NULL. Without it, a part with nothing but NULL counts
// as missing; an object at the top is made all the same, as its row exists.
bool model_loader_base::is_present(const plan& p, const row& from, bool as_part) {
    if (!p.key.empty()) {
        return std::ranges::none_of(p.key, [&](std::size_t place) {
            return from.field(place).is_null();
        });
    }
    return !as_part || std::ranges::any_of(p.members.steps, [&](const member_plan::step& step) {
        return !from.field(step.field).is_null();
    });
}

// LEFT OUTER: an object without a partner still has its row.
sql::from_ref join_loaded(
    const sql::from_ref& left, const sql::from_ref& right, const sql::expression_ref& on
) {
    return sql::make<sql::join>(
        left, right, sql::join_kind::left_outer, on ? on : sql::infer_join_condition(*left, *right)
    );
}

sql::statement_ref make_loader_select(
    std::vector<sql::expression_ref> columns, const sql::from_ref& from
) {
    return from ? make_select(std::move(columns), from) : make_select(std::move(columns));
}

}  // namespace gino::detail
