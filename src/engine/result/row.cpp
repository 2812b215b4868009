// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/row.hpp>
#include <gino/sql/source.hpp>

#include <algorithm>
#include <cstring>

namespace gino {

namespace {

// Returns the name by which an expression is looked up in the result of hand-written SQL; empty: it
// has none.
std::string_view name_of(const sql::expression& e) {
    switch (e.kind) {
        case sql::expression_kind::column:
            return sql::cast_to<sql::column_expression>(e).name;
        case sql::expression_kind::label:
            return sql::cast_to<sql::label>(e).name;
        case sql::expression_kind::function:
            return sql::cast_to<sql::function_call>(e).name;
        default:
            return {};
    }
}

std::string list_columns(const result_columns& columns) {
    std::string list = "the result has";
    for (std::size_t i = 0; i < columns.descriptions.size(); ++i) {
        list += (i == 0 ? " \"" : ", \"") + columns.descriptions[i].name + "\"";
    }
    return columns.descriptions.empty() ? "the result has no columns" : list;
}

// Returns the index of a column by name; npos: there is none. It looks through all columns, because
// a second one of the same name is an error.
std::size_t find_name(const result_columns& columns, std::string_view name) {
    std::size_t found = result_columns::npos;
    for (std::size_t i = 0; i < columns.descriptions.size(); ++i) {
        if (columns.descriptions[i].name != name) {
            continue;
        }
        if (found != result_columns::npos) {
            throw argument_error(
                errc::invalid_argument,
                "several columns are called \"" + std::string(name) + "\", in places " +
                    std::to_string(found + 1) + " and " + std::to_string(i + 1) +
                    ": give one another name with AS; " + list_columns(columns)
            );
        }
        found = i;
    }
    return found;
}

}  // namespace

// A statement of the language has expressions: names are not looked up then, because two tables may
// have a column of the same name.
std::size_t result_columns::find_or_npos(const sql::expression& wanted) const {
    for (std::size_t i = 0; i < expressions.size() && i < descriptions.size(); ++i) {
        if (detail::is_same_expression(*expressions[i], wanted)) {
            return i;
        }
    }
    if (!expressions.empty()) {
        return npos;
    }
    return find_name(*this, name_of(wanted));
}

std::size_t result_columns::find(const sql::expression& wanted) const {
    const std::size_t place = find_or_npos(wanted);
    if (place == npos) {
        throw argument_error(
            errc::invalid_argument,
            "column \"" + std::string(name_of(wanted)) + "\" was not selected; " +
                list_columns(*this)
        );
    }
    return place;
}

std::size_t result_columns::find(std::string_view name) const {
    const std::size_t place = find_name(*this, name);
    if (place == npos) {
        throw argument_error(
            errc::invalid_argument,
            "no column is called \"" + std::string(name) + "\"; " + list_columns(*this)
        );
    }
    return place;
}

row::row(std::shared_ptr<const result_columns> columns, std::span<const driver::field_slice> fields)
    : columns_(std::move(columns)), fields_(fields) {}

row::row(const row& other) : columns_(other.columns_), fields_(other.fields_) {
    own();
}

row::row(row&& other) noexcept = default;

row& row::operator=(const row& other) {
    if (this != &other) {
        *this = row(other);
    }
    return *this;
}

row& row::operator=(row&& other) noexcept = default;
row::~row() = default;

// Copies the bytes of the fields into memory of its own. Moving a vector keeps its memory, so
// `fields_` stays valid when a row that owns its bytes is moved.
void row::own() {
    std::size_t total = 0;
    for (const auto& field : fields_) {
        total += field.size;
    }
    std::vector<std::byte> bytes(total + 1);  // never empty: an empty value is not NULL
    std::vector<driver::field_slice> slices;
    slices.reserve(fields_.size());
    std::size_t used = 0;
    for (const auto& field : fields_) {
        if (field.data == nullptr) {
            slices.push_back({});
            continue;
        }
        if (field.size != 0) {
            std::memcpy(bytes.data() + used, field.data, field.size);
        }
        slices.push_back({.data = bytes.data() + used, .size = field.size});
        used += field.size;
    }
    bytes_ = std::move(bytes);
    owned_ = std::move(slices);
    fields_ = owned_;
}

void row::check_size(std::size_t wanted) const {
    if (size() != wanted) {
        throw argument_error(
            errc::invalid_argument,
            "as() was asked for " + std::to_string(wanted) + " columns, but the row has " +
                std::to_string(size())
        );
    }
}

field_view row::checked(std::size_t index) const {
    if (index >= fields_.size()) {
        throw argument_error(
            errc::invalid_argument,
            "there is no column " + std::to_string(index) + "; " + list_columns(*columns_)
        );
    }
    return field(index);
}

value row::operator[](std::size_t index) const {
    const field_view found = checked(index);
    return found.is_null() ? value() : found.decoder().any(found);
}

value row::operator[](std::string_view name) const {
    return (*this)[columns_->find(name)];
}

bool row::contains(std::string_view name) const noexcept {
    return std::ranges::any_of(columns_->descriptions, [name](const auto& column) {
        return column.name == name;
    });
}

}  // namespace gino
