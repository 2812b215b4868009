// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/named_source.hpp>

namespace gino {

namespace {

table_function_source changed(
    const sql::from_item& from,
    const std::vector<sql::column_info>& columns,
    bool with_ordinality,
    bool with_types
) {
    const auto& old = sql::cast_to<sql::function_source>(from);
    return {
        sql::make<sql::function_source>(
            old.function, old.name, old.columns, with_ordinality, with_types
        ),
        columns};
}

}  // namespace

table_function_source table_function_source::with_ordinality() const {
    const auto& old = sql::cast_to<sql::function_source>(*source_);
    return changed(*source_, columns_, true, old.with_types);
}

table_function_source table_function_source::with_types() const {
    const auto& old = sql::cast_to<sql::function_source>(*source_);
    return changed(*source_, columns_, old.with_ordinality, true);
}

}  // namespace gino
