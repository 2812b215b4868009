// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/handler.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ext/beast/http/request_message.hpp"

namespace gino::ext::detail {

/// One method of one path, and its handler.
struct route {
    std::string method;
    std::string path;  // as it was added: "/users/{id}"

    struct parameter {
        std::string name;
        std::size_t segment;
    };

    std::vector<parameter> parameters;
    std::function<awaitable<response>(request&)> call;
};

/// The routes of an application, as a tree with one level per segment of the path.
///
/// Thread safety: `match()` from any thread once all routes were added.
class router {
public:
    /// @throws argument_error  See `application::route()`.
    void add(std::string_view method, std::string_view path, endpoint endpoint);

    /// Sets `message.matched` to the route for the method and the segments. If there is none, sets
    /// `message.allowed` to the methods of the path; empty: the path does not exist.
    void match(request_message& message) const;

private:
    struct node {
        std::map<std::string, std::unique_ptr<node>, std::less<>> constants;
        std::unique_ptr<node> parameter;
        std::vector<std::unique_ptr<route>> routes;
    };

    template <class Visitor>
    static const route* search(
        const node& from, const request_message& message, std::size_t depth, const Visitor& visitor
    );

    // Returns the value of the field Allow; empty when there is no such path.
    [[nodiscard]] std::string allowed_methods(const request_message& message) const;

    node root_;
    std::vector<std::string> methods_;  // without duplicates, in the order of adding
};

}  // namespace gino::ext::detail
