// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/json_body.hpp"

#include <gino/ext/http_error.hpp>

#include <algorithm>
#include <string>

#include "types/json_parser.hpp"

namespace gino::ext::detail {

namespace {

// Returns line and column, counted from 1, of a byte in the text; columns count bytes.
std::string place_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t line_end = before.rfind('\n');
    const std::size_t line_start = line_end == std::string_view::npos ? 0 : line_end + 1;
    return "line " + std::to_string(line) + ", column " +
           std::to_string(before.size() - line_start + 1);
}

bool has_nul(const boost::json::value& value);

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

bool has_nul(const boost::json::object& object) {
    return std::ranges::any_of(object, [](const boost::json::key_value_pair& member) {
        return has_nul(std::string_view(member.key())) || has_nul(member.value());
    });
}

// The recursion is as deep as the limit of the parser allows.
bool has_nul(const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::string:
            return has_nul(std::string_view(value.get_string()));
        case boost::json::kind::array:
            return std::ranges::any_of(value.get_array(), [](const boost::json::value& element) {
                return has_nul(element);
            });
        case boost::json::kind::object:
            return has_nul(value.get_object());
        default:
            return false;
    }
}

}  // namespace

boost::json::value parse_json_body(std::string_view body, const json_limits& limits) {
    if (body.empty()) {
        throw http_error(400, "the request has no body; a JSON document was expected");
    }
    boost::json::value document;
    if (const auto problem = gino::detail::parse_json(body, limits, document)) {
        const std::string place = place_of(body, problem->offset);
        throw http_error(
            400,
            problem->syntax.empty()
                ? "the JSON body " + problem->text + " (" + place + ")"
                : "the body is no JSON document: " + problem->syntax + " at " + place
        );
    }
    // JSON texts can have a NUL by an escape only, so nearly all documents need no search.
    if (body.find("\\u0000") != std::string_view::npos && has_nul(document)) {
        throw http_error(400, "a text in the JSON body has a NUL character (\\u0000)");
    }
    return document;
}

}  // namespace gino::ext::detail
