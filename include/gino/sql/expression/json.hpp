// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/types/mapping.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gino {

namespace detail {

/// Returns the same element as a text: `->>` for `->`, `#>>` for `#>`. REQUIRES: `element` is one.
[[nodiscard]] sql::expression_ref json_text(const sql::expression& element);
/// Makes a bind parameter of an array of texts.
[[nodiscard]] sql::expression_ref text_list(const std::vector<std::string>& texts);

}  // namespace detail

/// An element of a JSON document. It is JSON itself; as_text() and as() convert it. NULL where the
/// document has no such element.
///
///     document::c.body["person"]["age"].as<std::int32_t>() >= 18
///
///     CAST(documents.body -> $1 ->> $2 AS INTEGER) >= $3
///
/// The keys are bind parameters. On SQLite the operators are functions of the driver,
/// `json_element()` and `json_element_text()`, with PostgreSQL's results (PostgreSQL 15, 9.16).
class json_element : public expr<std::optional<boost::json::value>> {
public:
    using expr<std::optional<boost::json::value>>::expr;

    /// Returns the element as text.
    ///
    ///     document::c.body["name"].as_text()
    ///
    ///     documents.body ->> $1
    ///
    /// A string comes without its quotes, any other value as JSON writes it. A JSON null is NULL.
    [[nodiscard]] expr<std::optional<std::string>> as_text() const {
        return expr<std::optional<std::string>>(detail::json_text(*node()));
    }

    /// Returns the element as a value: `CAST(x ->> 'key' AS type)`.
    ///
    /// Errors, when the statement runs: a `database_error` if the text is no value of the type.
    template <mapped T>
    [[nodiscard]] expr<std::optional<detail::without_null<T>>> as() const {
        if constexpr (std::is_same_v<detail::without_null<T>, std::string>) {
            return as_text();
        } else {
            return expr<std::optional<detail::without_null<T>>>(
                sql::make<sql::cast>(detail::json_text(*node()), sql_type_of<T>())
            );
        }
    }
};

namespace detail {

/// `document[key]`: an element of an object by its key, or of an array by its position from 0;
/// negative positions count from the end.
///
/// @throws argument_error  The position does not fit into 32 bits.
template <>
struct element_of<boost::json::value> {
    template <class Key>
    static json_element at(const expression_handle& document, const Key& key) {
        static_assert(
            string_like<Key> || number_like_integer<Key>,
            "gino: an element of JSON has a key (a text) or a place (an integer)"
        );
        return json_element(make_binary(
            sql::binary_operator::json_get,
            document.node(),
            bind_key(key),
            {.kind = type_kind::jsonb}
        ));
    }

private:
    // A position is sent as 32 bits, PostgreSQL's type for it, whatever integer type the program
    // uses.
    template <class Key>
    static sql::expression_ref bind_key(const Key& key) {
        using type = std::conditional_t<number_like_integer<Key>, std::int32_t, bound_type<Key>>;
        return bind_as<type>(key);
    }
};

/// An expression of JSON documents.
template <class T>
concept json_expression =
    expression<T> && std::is_same_v<without_null<typename T::value_type>, boost::json::value>;

}  // namespace detail

/// Returns the element at the end of a path of keys and positions: `document #> path`.
///
///     json_path(document::c.body, {"a", "0"})
///
///     documents.body #> $1
///
/// @param path  Keys of objects, and positions in arrays as texts; one bind parameter.
template <detail::json_expression Document>
[[nodiscard]] json_element json_path(
    const Document& document, const std::vector<std::string>& path
) {
    return json_element(detail::make_binary(
        sql::binary_operator::json_path,
        document.node(),
        detail::text_list(path),
        {.kind = type_kind::jsonb}
    ));
}

/// Returns an element by its path, written as arguments: `json_path(document::c.body, "a", "0")`.
template <detail::json_expression Document, detail::string_like... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] json_element json_path(const Document& document, const Keys&... keys) {
    return json_path(document, std::vector<std::string>{std::string(std::string_view(keys))...});
}

/// Returns whether an object has the key, or an array the string. PostgreSQL only (PostgreSQL 15,
/// 9.16).
///
///     gino::has_key(document::c.body, "a")
///
///     documents.body ? $1
///
/// @param key  Bound as a value. Copied.
template <detail::json_expression Document>
[[nodiscard]] expr<std::optional<bool>> has_key(const Document& document, std::string_view key) {
    return expr<std::optional<bool>>(detail::make_binary(
        sql::binary_operator::has_key,
        document.node(),
        detail::bind(key),
        {.kind = type_kind::boolean}
    ));
}

/// Returns whether there is at least one of the keys. PostgreSQL only.
///
///     gino::has_any_key(document::c.body, "a", "b")
///
///     documents.body ?| $1
///
/// @param keys  Sent as one array.
template <detail::json_expression Document>
[[nodiscard]] expr<std::optional<bool>> has_any_key(
    const Document& document, const std::vector<std::string>& keys
) {
    return expr<std::optional<bool>>(detail::make_binary(
        sql::binary_operator::has_any_key,
        document.node(),
        detail::text_list(keys),
        {.kind = type_kind::boolean}
    ));
}

/// Returns whether there is at least one of the keys, written as arguments. PostgreSQL only.
template <detail::json_expression Document, detail::string_like... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] expr<std::optional<bool>> has_any_key(const Document& document, const Keys&... keys) {
    return has_any_key(document, std::vector<std::string>{std::string(std::string_view(keys))...});
}

/// Returns whether there are all of the keys. PostgreSQL only.
///
///     gino::has_all_keys(document::c.body, "a", "b")
///
///     documents.body ?& $1
///
/// @param keys  Sent as one array.
template <detail::json_expression Document>
[[nodiscard]] expr<std::optional<bool>> has_all_keys(
    const Document& document, const std::vector<std::string>& keys
) {
    return expr<std::optional<bool>>(detail::make_binary(
        sql::binary_operator::has_all_keys,
        document.node(),
        detail::text_list(keys),
        {.kind = type_kind::boolean}
    ));
}

/// Returns whether there are all of the keys, written as arguments. PostgreSQL only.
template <detail::json_expression Document, detail::string_like... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] expr<std::optional<bool>> has_all_keys(
    const Document& document, const Keys&... keys
) {
    return has_all_keys(document, std::vector<std::string>{std::string(std::string_view(keys))...});
}

}  // namespace gino
