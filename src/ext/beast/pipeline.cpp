// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/pipeline.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>

#include "ext/beast/error_response.hpp"
#include "ext/beast/request_access.hpp"
#include "ext/beast/router.hpp"

namespace gino::ext {

namespace detail {

namespace {

// The response for a request without a route: 404, 405 with the allowed methods, or 204 for
// OPTIONS.
response unrouted_response(const request_message& message) {
    if (message.allowed.empty()) {
        return error_response(404, "not found");
    }
    const bool asks_for_methods = message.received_text(message.method) == "OPTIONS";
    response answer =
        asks_for_methods ? empty_response() : error_response(405, "method not allowed");
    answer.set_header("allow", message.allowed);
    return answer;
}

// A coroutine for a response that is known: call() itself is none, which saves a frame per
// middleware.
awaitable<response> answer_with(response answer) {
    co_return answer;
}

}  // namespace

awaitable<response> answer_not_found() {
    return answer_with(error_response(404, "not found"));
}

pipeline::pipeline() : next_{next_handler(*this, 0)} {}

void pipeline::add(middleware_function middleware) {
    middlewares_.push_back(std::move(middleware));
    next_.push_back(next_handler(*this, middlewares_.size()));
}

awaitable<response> pipeline::call(std::size_t index, request& current) const {
    if (index < middlewares_.size()) {
        return middlewares_[index](current, next_[index + 1]);
    }
    const request_message& message = request_access::message(current);
    return message.matched == nullptr ? answer_with(unrouted_response(message))
                                      : message.matched->call(current);
}

}  // namespace detail

awaitable<response> next_handler::operator()(request& current) const {
    return pipeline_->call(index_, current);
}

}  // namespace gino::ext
