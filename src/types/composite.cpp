// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/array_text.hpp>
#include <gino/core/composite_text.hpp>
#include <gino/core/error.hpp>
#include <gino/types/composite.hpp>

#include <charconv>
#include <string>

#include "core/hexadecimal.hpp"
#include "core/text_form.hpp"

namespace gino::detail {

namespace {

template <class Number>
std::optional<value> number_in(std::string_view text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    return stop == end && failure == std::errc() ? std::optional(value(number)) : std::nullopt;
}

template <class Held>
std::optional<value> held(std::optional<Held> read) {
    return read ? std::optional(value(std::move(*read))) : std::nullopt;
}

std::optional<value> read_text(std::string text, const sql_type& type);

// NOLINTNEXTLINE(misc-no-recursion): as deep as PostgreSQL's arrays are
std::optional<value> array_in_text(value::array elements, const sql_type& element) {
    for (auto& one : elements) {
        std::optional<value> read;
        if (const auto* inner = one.get_if<value::array>()) {
            read = array_in_text(*inner, element);
        } else if (const auto* text = one.get_if<std::string>()) {
            read = read_text(*text, element);
        } else {
            continue;  // NULL
        }
        if (!read) {
            return std::nullopt;
        }
        one = std::move(*read);
    }
    return value(std::move(elements));
}

// A value in PostgreSQL's text; what has a reader of its own in its mapping stays a text.
// NOLINTNEXTLINE(misc-no-recursion): arrays within composite values
std::optional<value> read_text(std::string text, const sql_type& type) {
    switch (type.kind) {
        case type_kind::boolean:
            return value(text == "t" || text == "true");
        case type_kind::smallint:
        case type_kind::integer:
        case type_kind::bigint:
            return number_in<std::int64_t>(text);
        case type_kind::real:
        case type_kind::double_precision:
            return number_in<double>(text);
        case type_kind::binary:
            return held(text.starts_with("\\x") ? parse_hexadecimal(text.substr(2)) : std::nullopt);
        case type_kind::date:
            return held(parse_date(text));
        case type_kind::timestamp:
            return held(parse_timestamp(text));
        case type_kind::timestamptz:
            return held(parse_timestamptz(text));
        case type_kind::json:
        case type_kind::jsonb:
            return value(json_text{std::move(text)});
        case type_kind::array: {
            auto elements = parse_array_text(text);
            sql_type element = type;
            element.kind = type.element;
            return elements ? array_in_text(std::move(*elements), element) : std::nullopt;
        }
        default:
            return value(std::move(text));
    }
}

}  // namespace

value composite_of(const std::vector<value>& attributes) {
    attribute_texts texts;
    texts.reserve(attributes.size());
    for (const auto& one : attributes) {
        texts.push_back(one.is_null() ? std::nullopt : std::optional(text_form(one)));
    }
    return value(to_composite_text(texts));
}

std::vector<value> attributes_in(
    const value& v, const composite_info& info, const field_view& field
) {
    const auto* text = v.get_if<std::string>();
    auto texts = text == nullptr ? std::nullopt : parse_composite_text(*text);
    if (!texts || texts->size() != info.size) {
        throw_cannot_read(field, "a composite value with as many attributes as the C++ type has");
    }
    std::vector<value> read(info.size);
    for (std::size_t i = 0; i < info.size; ++i) {
        if (!(*texts)[i]) {
            continue;
        }
        auto one = read_text(std::move(*(*texts)[i]), info.types[i]);
        if (!one) {
            throw_cannot_read(
                field, "a composite value whose attributes have the C++ type's types"
            );
        }
        read[i] = std::move(*one);
    }
    return read;
}

}  // namespace gino::detail
