// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/beast/response.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

#include "ext/beast/http/ascii.hpp"

namespace gino::ext {

namespace {

int checked_status(int status) {
    if (status < 200 || status > 599) {
        throw argument_error(
            errc::invalid_argument,
            "response: the status " + std::to_string(status) + " is not one of 200 to 599"
        );
    }
    return status;
}

// RFC 9110, 5.6.2: visible ASCII characters without delimiters.
bool is_token(std::string_view text) noexcept {
    constexpr std::string_view separators = "\"(),/:;<=>?@[\\]{}";
    return !text.empty() && std::ranges::all_of(text, [&](char letter) {
        return letter > ' ' && letter < '\x7f' && separators.find(letter) == separators.npos;
    });
}

// RFC 9110, 5.5. A line break in a value would begin another field or a body (response splitting).
bool is_field_value(std::string_view text) noexcept {
    return std::ranges::none_of(text, [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return (byte < 0x20 && letter != '\t') || byte == 0x7f;
    });
}

void check_field(std::string_view name, std::string_view value) {
    constexpr std::array<std::string_view, 3> reserved{
        "content-length", "transfer-encoding", "date"};
    if (!is_token(name)) {
        throw argument_error(
            errc::invalid_argument,
            "response: a header field's name has to be a token; this one is empty or has a space, "
            "a separator or a control character"
        );
    }
    if (!is_field_value(value)) {
        throw argument_error(
            errc::invalid_argument,
            "response: the value of the header field \"" + std::string(name) +
                "\" has a control character; remove line breaks first"
        );
    }
    for (const std::string_view own : reserved) {
        if (detail::equals_ignoring_case(name, own)) {
            throw argument_error(
                errc::invalid_argument,
                "response: the header field \"" + std::string(name) +
                    "\" is written by the application itself"
            );
        }
    }
}

auto has_name(std::string_view name) {
    return [name](const response::field& field) {
        return detail::equals_ignoring_case(field.first, name);
    };
}

}  // namespace

response::response(int status, std::string body, std::string_view content_type)
    : status_(checked_status(status)), body_(std::move(body)) {
    if (!content_type.empty()) {
        add_header("content-type", content_type);
    }
}

response& response::set_status(int status) {
    status_ = checked_status(status);
    return *this;
}

response& response::set_body(std::string body) {
    body_ = std::move(body);
    return *this;
}

// The new field is made before the old ones are removed: the arguments may be views of them.
response& response::set_header(std::string_view name, std::string_view value) {
    check_field(name, value);
    field added(name, value);
    remove_header(name);
    headers_.push_back(std::move(added));
    return *this;
}

response& response::add_header(std::string_view name, std::string_view value) {
    check_field(name, value);
    headers_.emplace_back(name, value);
    return *this;
}

response& response::remove_header(std::string_view name) noexcept {
    std::erase_if(headers_, has_name(name));
    return *this;
}

std::optional<std::string_view> response::header(std::string_view name) const noexcept {
    const auto found = std::ranges::find_if(headers_, has_name(name));
    if (found == headers_.end()) {
        return std::nullopt;
    }
    return found->second;
}

response json_response(const boost::json::value& body, int status) {
    return response(status, boost::json::serialize(body), "application/json");
}

response text_response(std::string body, int status) {
    return response(status, std::move(body), "text/plain; charset=utf-8");
}

response html_response(std::string body, int status) {
    return response(status, std::move(body), "text/html; charset=utf-8");
}

response empty_response(int status) {
    return response(status);
}

}  // namespace gino::ext
