// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/router.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <utility>

namespace gino::ext::detail {

namespace {

[[noreturn]] void refuse(
    std::string_view method, std::string_view path, const std::string& problem
) {
    throw argument_error(
        errc::invalid_argument,
        "adding the route " + std::string(method) + " " + std::string(path) + ": " + problem
    );
}

// RFC 9110, 9.1: a method is a token (5.6.2).
bool is_token(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9') || others.find(letter) != others.npos;
    });
}

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// Splits a path at its slashes; "/a/" has the segments "a" and "". REQUIRES: it begins with a
// slash.
std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        segments.push_back(path.substr(0, path.find('/')));
        path.remove_prefix(segments.back().size());
    }
    return segments;
}

// Checks a route before it becomes part of the tree, so that a refused one leaves no trace.
route make_route(std::string_view method, std::string_view path, endpoint endpoint) {
    if (!is_token(method)) {
        refuse(method, path, "the method is not a word such as GET");
    }
    if (!path.starts_with('/')) {
        refuse(method, path, "the path has to start with a slash");
    }
    route result{std::string(method), std::string(path), {}, std::move(endpoint.call)};
    const std::vector<std::string_view> segments = split(path);
    for (std::size_t index = 0; index < segments.size(); ++index) {
        std::string_view name = segments[index];
        if (is_parameter(name)) {
            name = name.substr(1, name.size() - 2);
            if (std::ranges::count(result.parameters, name, &route::parameter::name) > 0) {
                refuse(method, path, "the parameter \"" + std::string(name) + "\" appears twice");
            }
            result.parameters.push_back({std::string(name), index});
        }
        if (name.find_first_of("{}") != std::string_view::npos) {
            refuse(method, path, "a parameter has to be a whole segment, such as /{id}/");
        }
    }
    if (endpoint.parameters != 0 && endpoint.parameters != result.parameters.size()) {
        refuse(
            method,
            path,
            "the path has " + std::to_string(result.parameters.size()) +
                " parameters, but the handler takes " + std::to_string(endpoint.parameters)
        );
    }
    return result;
}

const route* route_for(const std::vector<std::unique_ptr<route>>& routes, std::string_view method) {
    const auto found = std::ranges::find(routes, method, [](const auto& each) -> std::string_view {
        return each->method;
    });
    return found == routes.end() ? nullptr : found->get();
}

// RFC 9110, 9.3.2: HEAD is answered as GET, without the body, unless it has a route of its own.
const route* route_or_get(
    const std::vector<std::unique_ptr<route>>& routes, std::string_view method
) {
    const route* found = route_for(routes, method);
    return found == nullptr && method == "HEAD" ? route_for(routes, "GET") : found;
}

}  // namespace

void router::add(std::string_view method, std::string_view path, endpoint endpoint) {
    auto added = std::make_unique<route>(make_route(method, path, std::move(endpoint)));
    node* place = &root_;
    for (const std::string_view segment : split(path)) {
        std::unique_ptr<node>& next =
            is_parameter(segment) ? place->parameter : place->constants[std::string(segment)];
        if (!next) {
            next = std::make_unique<node>();
        }
        place = next.get();
    }
    if (const route* other = route_for(place->routes, method)) {
        refuse(method, path, "there is " + other->method + " " + other->path + " already");
    }
    place->routes.push_back(std::move(added));
    if (std::ranges::find(methods_, method) == methods_.end()) {
        methods_.emplace_back(method);
    }
}

void router::match(request_message& message) const {
    const std::string_view method = message.received_text(message.method);
    message.matched = search(root_, message, 0, [&](const node& end) {
        return route_or_get(end.routes, method);
    });
    if (message.matched != nullptr) {
        return;
    }
    message.allowed = allowed_methods(message);
}

std::string router::allowed_methods(const request_message& message) const {
    std::vector<std::string_view> allowed;
    const auto allow = [&](std::string_view method) {
        if (std::ranges::find(allowed, method) == allowed.end()) {
            allowed.push_back(method);
        }
    };
    // A path may match several nodes of the tree, "/users/me" and "/users/{id}": the search is
    // repeated for each method. The target "*" of OPTIONS has no segments and means all paths.
    for (const std::string_view method : methods_) {
        const auto has_it = [&](const node& end) { return route_for(end.routes, method); };
        const bool is_for_all_paths = message.segments.empty();
        if (is_for_all_paths || search(root_, message, 0, has_it) != nullptr) {
            allow(method);
            allow(method == "GET" ? "HEAD" : method);
        }
    }
    if (!allowed.empty()) {
        allow("OPTIONS");
    }
    std::string text;
    for (const std::string_view method : allowed) {
        text += (text.empty() ? "" : ", ") + std::string(method);
    }
    return text;
}

// Searches depth first, constants before parameters, and goes back when a constant leads to no
// route for this visitor: "/users/me" may have GET, and "/users/{id}" DELETE. The depth is bounded
// by the routes, not by the request.
template <class Visitor>
const route* router::search(
    const node& from, const request_message& message, std::size_t depth, const Visitor& visitor
) {
    if (depth == message.segments.size()) {
        return visitor(from);
    }
    const std::string_view segment = message.decoded_text(message.segments[depth]);
    if (const auto constant = from.constants.find(segment); constant != from.constants.end()) {
        if (const route* found = search(*constant->second, message, depth + 1, visitor)) {
            return found;
        }
    }
    if (from.parameter && !segment.empty()) {
        return search(*from.parameter, message, depth + 1, visitor);
    }
    return nullptr;
}

}  // namespace gino::ext::detail
