// SPDX-License-Identifier: BSD-3-Clause
#include "model/left_out_columns.hpp"

namespace gino::detail {

// The rules of create(), from docs/decisions/0013: a C++ object does not know which of its members
// were set, so that the value alone decides.
bool is_left_out(const column_definition& column, const value& v, const value& initial) {
    if (column.computed || column.identity == identity_kind::always) {
        return true;
    }
    if (column.autoincrement || column.identity == identity_kind::by_default) {
        // 0 is the value of a key that was never set: databases number rows from 1.
        const auto* number = v.get_if<std::int64_t>();
        return v.is_null() || (number != nullptr && *number == 0);
    }
    // A default_() of the program wins over a server default: then the column is sent.
    const bool is_unset = v.is_null() || (!column.nullable && v == initial);
    return column.server_default.has_value() && !column.default_value && is_unset;
}

std::vector<bool> left_out_columns(const model_info& model, const void* object) {
    std::vector<bool> left_out;
    const auto& members = model.source->members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        left_out.push_back(is_left_out(
            model.table.columns[i],
            members[i].type->store(members[i].address_in(object)),
            model.initial[i]
        ));
    }
    return left_out;
}

}  // namespace gino::detail
