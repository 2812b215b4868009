// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/model/loader.hpp>

#include <algorithm>
#include <string>

#include "sql/join.hpp"

namespace gino::detail {

namespace {

std::string table_name(const sql::from_item& source) {
    if (source.kind == sql::from_kind::alias) {
        return sql::cast_to<sql::alias_source>(source).table->name;
    }
    return source.kind == sql::from_kind::table ? sql::cast_to<sql::table_source>(source).name
                                                : "a subquery";
}

sql::expression_ref column_of(
    const model_source& model, const sql::from_ref& source, std::size_t place
) {
    if (source->kind == sql::from_kind::table) {
        return model.column(place);
    }
    return alias_column(source, static_cast<std::uint32_t>(place));
}

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
    for (std::size_t i = 0; i < model.size(); ++i) {
        columns_.push_back(column_of(model, source_, i));
        members_.push_back(i);
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
        members_.push_back(column.index);
    }
}

void model_loader_base::choose_columns(const std::vector<std::string_view>& keys) {
    columns_.clear();
    members_.clear();
    for (const auto key : keys) {
        const std::size_t place = model_->find_key(key);
        columns_.push_back(column_of(*model_, source_, place));
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
        key.push_back(column_of(*model_, source_, place));
    }
    return key;
}

model_loader_base::plan model_loader_base::make_plan(
    const result_columns& columns, const model_info& model, bool collects
) const {
    plan made;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const std::size_t place = columns.find_or_npos(*columns_[i]);
        if (place != result_columns::npos) {
            made.members.steps.push_back({.field = place, .member = &model_->members()[members_[i]]}
            );
        }
    }
    if (made.members.steps.empty()) {
        throw_no_column(*model_, *source_, columns);
    }
    for (const auto& column : distinct_) {
        made.distinct.push_back(columns.find(*column));
    }
    for (const auto key : model.primary_key) {
        const std::size_t place = columns.find_or_npos(*column_of(*model_, source_, key));
        if (place == result_columns::npos) {
            made.key.clear();
            break;
        }
        made.key.push_back(place);
    }
    if (collects && made.distinct.empty()) {
        if (made.key.empty()) {
            throw_no_key(*model_);
        }
        made.distinct = made.key;
    }
    return made;
}

bool model_loader_base::is_there(const plan& p, const row& from, bool as_part) {
    if (!p.key.empty()) {
        return std::ranges::none_of(p.key, [&](std::size_t place) {
            return from.field(place).is_null();
        });
    }
    return !as_part || std::ranges::any_of(p.members.steps, [&](const member_plan::step& step) {
        return !from.field(step.field).is_null();
    });
}

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
