// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/composite_text.hpp>
#include <gino/core/error.hpp>
#include <gino/types/composite.hpp>

#include <string>

#include "core/text_form.hpp"
#include "types/text_value.hpp"

namespace gino::detail {

// Composite values are sent as text: the OIDs of their types differ between servers, and the binary
// format would need them.
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
    // An attribute that ALTER TYPE added or dropped shifts the others: refuse, do not guess.
    if (!texts || texts->size() != info.size) {
        throw_cannot_read(field, "a composite value with as many attributes as the C++ type has");
    }
    std::vector<value> read(info.size);
    for (std::size_t i = 0; i < info.size; ++i) {
        if (!(*texts)[i]) {
            // NULL: `read[i]` is NULL already; value_to() decides whether the member can hold it.
            continue;
        }
        auto one = value_in_text(*(*texts)[i], info.types[i]);
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
