// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/functions.hpp>

namespace gino::func {

expr<std::int64_t> count() {
    return expr<std::int64_t>(detail::make_function(
        "count",
        {sql::make<sql::literal>(sql::literal_kind::star)},
        {.kind = type_kind::bigint},
        false
    ));
}

expr<timestamptz> now() {
    return expr<timestamptz>(
        detail::make_function("now", {}, {.kind = type_kind::timestamptz}, false)
    );
}

}  // namespace gino::func
