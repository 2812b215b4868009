// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/expression/json.hpp>

namespace gino::detail {

// The last step of the path is replaced by its variant that returns text: `->>` for `->`, `#>>` for
// `#>`. A cast of JSON to text would keep the quotes of strings.
sql::expression_ref json_text(const sql::expression& element) {
    const auto& path = sql::cast_to<sql::binary>(element);
    const auto op = path.op == sql::binary_operator::json_path
                        ? sql::binary_operator::json_path_text
                        : sql::binary_operator::json_text;
    return make_binary(op, path.left, path.right, {.kind = type_kind::text});
}

// One array parameter: paths of all lengths share one text.
sql::expression_ref text_list(const std::vector<std::string>& texts) {
    value::array list;
    list.reserve(texts.size());
    for (const auto& text : texts) {
        list.emplace_back(text);
    }
    return make_bind(
        value(std::move(list)),
        {.kind = type_kind::array, .element = type_kind::text, .dimensions = 1}
    );
}

}  // namespace gino::detail
