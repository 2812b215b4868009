// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/loading.hpp>

#include <string>

namespace gino::detail {

row_receiver::row_receiver(std::vector<sql::expression_ref> selected)
    : columns_(std::make_shared<result_columns>()) {
    columns_->expressions = std::move(selected);
}

// Defined here as the key function: the class has one virtual table.
row_receiver::~row_receiver() = default;

void row_receiver::columns(
    std::span<const column_description> columns, const field_decoder& decoder
) {
    if (columns_->decoder != nullptr) {
        // A further batch of the same cursor: the loader is bound already, and keeps its state.
        return;
    }
    const std::size_t wanted = columns_->expressions.size();
    if (columns.size() < wanted) {
        throw argument_error(
            errc::invalid_argument,
            "the statement says that its result has " + std::to_string(wanted) +
                " columns, and it has " + std::to_string(columns.size())
        );
    }
    columns_->descriptions.assign(columns.begin(), columns.end());
    columns_->decoder = &decoder;
    begin(*columns_);
}

void row_receiver::row(std::span<const driver::field_slice> fields) {
    receive(gino::row(columns_, fields));
}

}  // namespace gino::detail
