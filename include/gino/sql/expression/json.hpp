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

[[nodiscard]] sql::expression_ref json_text(const sql::expression& element);
[[nodiscard]] sql::expression_ref text_list(const std::vector<std::string>& texts);

}  // namespace detail

/// An element of a JSON document: itself JSON, until `as_text()` or `as()` says otherwise. NULL
/// where the document has no such element.
class json_element : public expr<std::optional<boost::json::value>> {
public:
    using expr<std::optional<boost::json::value>>::expr;

    /// The element as text: a string without its quotes, anything else as JSON has it. A JSON null
    /// is NULL.
    [[nodiscard]] expr<std::optional<std::string>> as_text() const {
        return expr<std::optional<std::string>>(detail::json_text(*node()));
    }

    /// The element as a value: `CAST(x ->> 'key' AS type)`.
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
    // A place is an integer of 32 bits, whatever integer the program has.
    template <class Key>
    static sql::expression_ref bind_key(const Key& key) {
        using type = std::conditional_t<number_like_integer<Key>, std::int32_t, bound_type<Key>>;
        return bind_as<type>(key);
    }
};

template <class T>
concept json_expression =
    expression<T> && std::is_same_v<without_null<typename T::value_type>, boost::json::value>;

}  // namespace detail

/// The element at the end of a path of keys and places: `json_path(user::c.profile, "a", "0")`.
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

template <detail::json_expression Document, detail::string_like... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] json_element json_path(const Document& document, const Keys&... keys) {
    return json_path(document, std::vector<std::string>{std::string(std::string_view(keys))...});
}

/// True where an object has the key, or an array the string: `?`. PostgreSQL only.
template <detail::json_expression Document>
[[nodiscard]] expr<std::optional<bool>> has_key(const Document& document, std::string_view key) {
    return expr<std::optional<bool>>(detail::make_binary(
        sql::binary_operator::has_key,
        document.node(),
        detail::bind(key),
        {.kind = type_kind::boolean}
    ));
}

/// True where there is one of the keys: `?|`. PostgreSQL only.
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

template <detail::json_expression Document, detail::string_like... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] expr<std::optional<bool>> has_any_key(const Document& document, const Keys&... keys) {
    return has_any_key(document, std::vector<std::string>{std::string(std::string_view(keys))...});
}

/// True where there are all of the keys: `?&`. PostgreSQL only.
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

template <detail::json_expression Document, detail::string_like... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] expr<std::optional<bool>> has_all_keys(
    const Document& document, const Keys&... keys
) {
    return has_all_keys(document, std::vector<std::string>{std::string(std::string_view(keys))...});
}

}  // namespace gino
