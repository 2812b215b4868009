// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/mapping.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// PostgreSQL's extension hstore: texts under keys; a text may be NULL. The extension has to be
/// there
/// (`CREATE EXTENSION hstore`). On SQLite the same text.
using hstore = std::map<std::string, std::optional<std::string>>;

/// Writes `"key"=>"value", "other"=>NULL`.
[[nodiscard]] std::string to_string(const hstore& pairs);

/// Reads what `to_string()` and PostgreSQL write. Nothing: the text is malformed.
[[nodiscard]] std::optional<hstore> parse_hstore(std::string_view text);

template <>
struct mapping<hstore> {
    static constexpr sql_type type{.kind = type_kind::named, .name = "hstore"};

    static hstore load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static hstore from_value(const value& v, const field_view& field);

    static value store(const hstore& v) { return value(to_string(v)); }
};

}  // namespace gino
