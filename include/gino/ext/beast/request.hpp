// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/request_value.hpp>

#include <boost/json/value.hpp>

#include <any>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace gino {

class connection;

}  // namespace gino

namespace gino::ext {

class application;

namespace detail {

struct request_message;
struct request_access;

[[noreturn]] void throw_bad_query_value(std::string_view name, const std::string& expected);

}  // namespace detail

/// One request of a client, as a handler or a middleware sees it.
///
/// It is whole: the body has been received. Path and query are decoded, and are valid UTF-8
/// without NUL characters; a request for which that is not so was answered with 400 before.
///
/// Lifetime: the request, and every view that it returns, lives until the coroutine of the
/// outermost middleware has ended.
class request {
public:
    request(application& app, const detail::request_message& message) noexcept;
    request(const request&) = delete;
    request& operator=(const request&) = delete;
    request(request&&) = delete;
    request& operator=(request&&) = delete;
    ~request() = default;

    /// Returns the method, such as "GET"; methods are case-sensitive.
    [[nodiscard]] std::string_view method() const noexcept;

    /// Returns the path, decoded, without the query: "/a b" for "/a%20b?c=1".
    [[nodiscard]] std::string_view path() const noexcept;

    /// Returns the path and query as they were received.
    [[nodiscard]] std::string_view target() const noexcept;

    /// Returns the first header field of that name, in any case; empty when there is none.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

    /// Returns the body as it was received, without the chunked encoding.
    [[nodiscard]] std::string_view body() const noexcept;

    /// Reads the body as JSON.
    ///
    /// @throws http_error  400: the body is empty, is no JSON (the message has line and column),
    ///     is nested deeper than `application_options::json_depth_limit()`, or a text in it has a
    ///     NUL character, which no database takes.
    [[nodiscard]] boost::json::value json() const;

    /// Returns a query parameter: `request.query<std::int64_t>("limit").value_or(20)`.
    ///
    /// @return Nothing when there is no such parameter; the first one when there are several.
    /// @throws http_error  400 when the text is no `Value`; the message says the parameter's name
    ///     and what was expected.
    template <class Value = std::string_view>
    [[nodiscard]] std::optional<Value> query(std::string_view name) const;

    /// Returns all query parameters of that name, in order.
    ///
    /// @throws http_error  400 when one of them is no `Value`.
    template <class Value = std::string_view>
    [[nodiscard]] std::vector<Value> query_all(std::string_view name) const;

    /// Returns the text of a parameter of the route's path, such as "id" in "/users/{id}".
    ///
    /// @throws argument_error  The route has no parameter of that name.
    [[nodiscard]] std::string_view path_parameter(std::string_view name) const;

    /// Returns the path of the route as it was added, "/users/{id}"; empty when no route fits.
    [[nodiscard]] std::string_view route() const noexcept;

    /// Returns the application that serves this request.
    [[nodiscard]] application& app() const noexcept { return app_; }

    /// Keeps a value with this request, for middlewares and handlers further in.
    ///
    /// @param key    Copied; a value under the same key is replaced.
    /// @param value  Moved in; destroyed with the request.
    void set(std::string_view key, std::any value);

    /// True when there is a value under that key.
    [[nodiscard]] bool has(std::string_view key) const noexcept;

    /// Returns the value that `set()` keeps under that key.
    ///
    /// @throws argument_error  There is none, or it has another type; the message says both types.
    template <class Value>
    [[nodiscard]] Value& get(std::string_view key);

    /// Returns the request's connection: lazy, shared by everything in the request.
    ///
    /// @throws state_error  No database is a middleware of the application: `app.use(db)`.
    [[nodiscard]] gino::connection& connection() const;

    /// Sets the request's connection; for middlewares. Returns the one before.
    gino::connection* set_connection(gino::connection* borrowed) noexcept {
        return std::exchange(connection_, borrowed);
    }

private:
    friend struct detail::request_access;

    // The next parameter called `name` at or after `position`, which is moved behind it.
    [[nodiscard]] std::optional<std::string_view> next_query(
        std::string_view name, std::size_t& position
    ) const noexcept;

    [[nodiscard]] std::any& value(std::string_view key, const std::type_info& type);

    application& app_;
    const detail::request_message& message_;
    std::vector<std::pair<std::string, std::any>> values_;
    gino::connection* connection_ = nullptr;
};

template <class Value>
std::optional<Value> request::query(std::string_view name) const {
    static_assert(
        readable_from_request<Value>,
        "gino: query<Value>() needs a specialisation of gino::ext::request_value<Value>"
    );
    std::size_t position = 0;
    const std::optional<std::string_view> text = next_query(name, position);
    if (!text) {
        return std::nullopt;
    }
    std::optional<Value> result = request_value<Value>::parse(*text);
    if (!result) {
        detail::throw_bad_query_value(name, request_value<Value>::expected());
    }
    return result;
}

template <class Value>
std::vector<Value> request::query_all(std::string_view name) const {
    static_assert(
        readable_from_request<Value>,
        "gino: query_all<Value>() needs a specialisation of gino::ext::request_value<Value>"
    );
    std::vector<Value> results;
    std::size_t position = 0;
    while (const std::optional<std::string_view> text = next_query(name, position)) {
        std::optional<Value> result = request_value<Value>::parse(*text);
        if (!result) {
            detail::throw_bad_query_value(name, request_value<Value>::expected());
        }
        results.push_back(*std::move(result));
    }
    return results;
}

template <class Value>
Value& request::get(std::string_view key) {
    return *std::any_cast<Value>(&value(key, typeid(Value)));
}

}  // namespace gino::ext
