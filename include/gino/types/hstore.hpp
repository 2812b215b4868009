// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/mapping.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// The C++ type of PostgreSQL's extension hstore (manual, appendix F): texts under keys; a text may
/// be NULL.
///
///     gino::hstore{{"color", "red"}, {"size", std::nullopt}}
///
/// The extension must be installed (`CREATE EXTENSION hstore`); `create_all()` does not do that.
/// SQLite stores the same text.
using hstore = std::map<std::string, std::optional<std::string>>;

/// Writes `"key"=>"value", "other"=>NULL`, in the order of the keys.
[[nodiscard]] std::string to_string(const hstore& pairs);

/// Reads the text that `to_string()` and PostgreSQL write: keys and texts in double quotes. Of a
/// key that occurs twice, the last value counts.
///
/// @return Empty: the text is malformed.
[[nodiscard]] std::optional<hstore> parse_hstore(std::string_view text);

/// The extension's type, sent as its text. A text that is malformed is a `data_error`.
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
