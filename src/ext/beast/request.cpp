// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/beast/application.hpp>
#include <gino/ext/beast/handler.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/http_error.hpp>

#include <boost/core/demangle.hpp>

#include <algorithm>

#include "ext/beast/http/ascii.hpp"
#include "ext/beast/http/request_message.hpp"
#include "ext/beast/json_body.hpp"
#include "ext/beast/request_access.hpp"
#include "ext/beast/router.hpp"

namespace gino::ext {

request::request(application& app, const detail::request_message& message) noexcept
    : app_(app), message_(message) {}

std::string_view request::method() const noexcept {
    return message_.received_text(message_.method);
}

std::string_view request::path() const noexcept {
    return message_.decoded_text(message_.path);
}

std::string_view request::target() const noexcept {
    return message_.received_text(message_.target);
}

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
    for (const detail::named_slice& field : message_.fields) {
        if (detail::equals_ignoring_case(message_.received_text(field.name), name)) {
            return message_.received_text(field.value);
        }
    }
    return std::nullopt;
}

std::string_view request::body() const noexcept {
    return message_.body;
}

boost::json::value request::json() const {
    return detail::parse_json_body(message_.body, app_.options().json_limits());
}

std::optional<std::string_view> request::next_query(std::string_view name, std::size_t& position)
    const noexcept {
    while (position < message_.query.size()) {
        const detail::named_slice& parameter = message_.query[position];
        ++position;
        if (message_.decoded_text(parameter.name) == name) {
            return message_.decoded_text(parameter.value);
        }
    }
    return std::nullopt;
}

std::string_view request::path_parameter(std::string_view name) const {
    if (message_.matched != nullptr) {
        for (const auto& parameter : message_.matched->parameters) {
            if (parameter.name == name) {
                return message_.decoded_text(message_.segments[parameter.segment]);
            }
        }
    }
    throw argument_error(
        errc::invalid_argument,
        "request::path_parameter(): the route \"" + std::string(route()) +
            "\" has no parameter \"" + std::string(name) + "\""
    );
}

std::string_view request::route() const noexcept {
    return message_.matched == nullptr ? std::string_view() : message_.matched->path;
}

void request::set(std::string_view key, std::any value) {
    for (auto& [known, old] : values_) {
        if (known == key) {
            old = std::move(value);
            return;
        }
    }
    values_.emplace_back(key, std::move(value));
}

bool request::has(std::string_view key) const noexcept {
    return std::ranges::any_of(values_, [&](const auto& entry) { return entry.first == key; });
}

// A linear search: a request has few values.
std::any& request::value(std::string_view key, const std::type_info& type) {
    const std::string wanted = boost::core::demangle(type.name());
    for (auto& [known, value] : values_) {
        if (known != key) {
            continue;
        }
        if (value.type() != type) {
            throw argument_error(
                errc::invalid_argument,
                "request::get(): the value \"" + std::string(key) + "\" is of type " +
                    boost::core::demangle(value.type().name()) + ", not " + wanted
            );
        }
        return value;
    }
    throw argument_error(
        errc::invalid_argument,
        "request::get(): there is no value \"" + std::string(key) + "\" of type " + wanted +
            "; a middleware has to set() it first"
    );
}

namespace detail {

void throw_bad_query_value(std::string_view name, const std::string& expected) {
    throw http_error(400, "query parameter \"" + std::string(name) + "\": expected " + expected);
}

std::string_view path_parameter_at(const request& current, std::size_t position) {
    const request_message& message = request_access::message(current);
    return message.decoded_text(message.segments[message.matched->parameters[position].segment]);
}

}  // namespace detail

gino::connection& request::connection() const {
    if (connection_ == nullptr) {
        throw state_error(
            errc::wrong_state,
            "request.connection(): this request has none; add the database to the application as a "
            "middleware, app.use(db)"
        );
    }
    return *connection_;
}

}  // namespace gino::ext
