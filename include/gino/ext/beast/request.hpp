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

/// Throws `http_error` 400, with the parameter's name and the expected value in the message.
[[noreturn]] void throw_bad_query_value(std::string_view name, const std::string& expected);

}  // namespace detail

/// One request of a client, as it is passed to middlewares and handlers.
///
/// The request is complete: its body has been received. Path and query are decoded, and are valid
/// UTF-8 without NUL characters; other requests were answered with 400 before.
///
/// Thread safety: used by the coroutine of its connection, and by the coroutines that this awaits,
/// one at a time.
/// Lifetime: the request, and every view that it returns, lives until the coroutine of the
/// outermost middleware has ended. Coroutines that are spawned must copy what they need.
class request {
public:
    /// Makes a request; for the library. Refers to both arguments.
    request(application& app, const detail::request_message& message) noexcept;
    request(const request&) = delete;
    request& operator=(const request&) = delete;
    request(request&&) = delete;
    request& operator=(request&&) = delete;
    ~request() = default;

    /// Returns the method as it was received, such as "GET"; methods are case-sensitive.
    [[nodiscard]] std::string_view method() const noexcept;

    /// Returns the path, decoded, without the query: "/a b" for "/a%20b?c=1".
    [[nodiscard]] std::string_view path() const noexcept;

    /// Returns the path and query as they were received.
    [[nodiscard]] std::string_view target() const noexcept;

    /// Returns the value of the first header field with that name, or nothing.
    ///
    /// @param name  Compared without regard to case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

    /// Returns the body as it was received, without the chunked encoding; empty when there is none.
    /// It may have any bytes.
    [[nodiscard]] std::string_view body() const noexcept;

    /// Reads the body as JSON.
    ///
    /// The Content-Type is not checked. The body is parsed by each call.
    ///
    /// @throws http_error  400: the body is empty, is no JSON (the message has line and column),
    ///     exceeds `application_options::json_depth_limit()` or `json_size_limits()`, has a key
    ///     twice in one object or a number that is too large, or a text in it has a NUL character,
    ///     which no database takes.
    [[nodiscard]] boost::json::value json() const;

    /// Returns a query parameter: `request.query<std::int64_t>("limit").value_or(20)`.
    ///
    /// @tparam Value  A type with a `request_value`; default: a view of the decoded text.
    /// @param name    The decoded name; case-sensitive.
    /// @return Nothing when there is no such parameter; the first one when there are several.
    /// @throws http_error  400: the text cannot be read as a `Value`. The message has the
    ///     parameter's name and the expected value.
    template <class Value = std::string_view>
    [[nodiscard]] std::optional<Value> query(std::string_view name) const;

    /// Returns all query parameters of that name, in the order of the query; empty when there is
    /// none.
    ///
    /// @throws http_error  400: one of them cannot be read as a `Value`.
    template <class Value = std::string_view>
    [[nodiscard]] std::vector<Value> query_all(std::string_view name) const;

    /// Returns the decoded text of a parameter of the route's path, such as "id" in "/users/{id}".
    ///
    /// @throws argument_error  The route has no parameter of that name.
    [[nodiscard]] std::string_view path_parameter(std::string_view name) const;

    /// Returns the path of the route as it was added, "/users/{id}"; empty when no route matches.
    /// Use it to group requests in logs and statistics.
    [[nodiscard]] std::string_view route() const noexcept;

    /// Returns the application that serves this request.
    [[nodiscard]] application& app() const noexcept { return app_; }

    /// Stores a value with this request, for the middlewares and the handler behind this one.
    ///
    /// @param key    Copied; a value under the same key is replaced.
    /// @param value  Moved in; destroyed with the request.
    void set(std::string_view key, std::any value);

    /// True when `set()` has stored a value under that key.
    [[nodiscard]] bool has(std::string_view key) const noexcept;

    /// Returns the value that `set()` has stored under that key.
    ///
    /// @tparam Value  Exactly the type of the stored value.
    /// @return A reference that is valid until the next call of `set()`.
    /// @throws argument_error  There is no such value, or it has another type; the message names
    ///     both types.
    template <class Value>
    [[nodiscard]] Value& get(std::string_view key);

    /// Returns the database connection of the request. It is lazy: the first statement borrows it;
    /// everything in the request shares it. Valid within the middleware that has set it.
    ///
    /// @throws state_error  The application has no database as a middleware: `app.use(db)`.
    [[nodiscard]] gino::connection& connection() const;

    /// Sets the request's connection and returns the previous one; for middlewares.
    ///
    /// @param borrowed  Referred to. Null: the request has none.
    gino::connection* set_connection(gino::connection* borrowed) noexcept {
        return std::exchange(connection_, borrowed);
    }

private:
    friend struct detail::request_access;

    // Returns the next parameter called `name` at or after `position`, and moves that behind it.
    [[nodiscard]] std::optional<std::string_view> next_query(
        std::string_view name, std::size_t& position
    ) const noexcept;

    // Returns the stored value; throws as get() does.
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
