// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino::ext {

/// The answer to one request: a status, header fields and a body.
///
/// The application writes the fields `Date`, `Content-Length` and `Connection` itself. With the
/// statuses 204 and 304, and as an answer to HEAD, the body is not sent.
class response {
public:
    /// One header field: its name and its value.
    using field = std::pair<std::string, std::string>;

    /// Makes a response with status 200 and an empty body.
    response() = default;

    /// Makes a response.
    ///
    /// @param status        200 to 599.
    /// @param body          Moved in; default: empty.
    /// @param content_type  The field `Content-Type`; empty (default): the response has none.
    /// @throws argument_error  The status is out of range, or the type has a control character.
    explicit response(int status, std::string body = {}, std::string_view content_type = {});

    /// Replaces the status.
    ///
    /// @throws argument_error  `status` is not within 200 to 599.
    response& set_status(int status);

    /// Replaces the body; `Content-Type` stays as it is.
    response& set_body(std::string body);

    /// Writes a header field, in place of all fields of that name.
    ///
    /// `Connection: close` closes the connection after this response.
    ///
    /// @param name   Case does not matter.
    /// @throws argument_error  The name is not a token, the value has a control character (so that
    ///     a value from outside cannot add a header), or the field is one that the application
    ///     writes itself: `Content-Length`, `Transfer-Encoding`, `Date`.
    response& set_header(std::string_view name, std::string_view value);

    /// Adds a header field and keeps other fields of the same name, as `Set-Cookie` needs it.
    ///
    /// @throws argument_error  As for `set_header()`.
    response& add_header(std::string_view name, std::string_view value);

    /// Removes all fields of that name, if there are any. Case does not matter.
    response& remove_header(std::string_view name) noexcept;

    /// Returns the status; 200 by default.
    [[nodiscard]] int status() const noexcept { return status_; }

    /// Returns the body; empty by default.
    [[nodiscard]] const std::string& body() const noexcept { return body_; }

    /// Moves the body out and leaves it empty.
    [[nodiscard]] std::string take_body() noexcept { return std::exchange(body_, {}); }

    /// Returns the value of the first field of that name, or nothing. Valid until the headers
    /// change. Case does not matter.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

    /// Returns all fields, in the order in which they are sent.
    [[nodiscard]] const std::vector<field>& headers() const noexcept { return headers_; }

private:
    int status_ = 200;
    std::vector<field> headers_;
    std::string body_;
};

/// Returns a response with the type `application/json`: `json_response({{"id", 1}})`.
///
/// @param body  Serialised at once.
/// @throws argument_error  `status` is not within 200 to 599.
[[nodiscard]] response json_response(const boost::json::value& body, int status = 200);

/// Returns a response with `text/plain; charset=utf-8`.
///
/// @throws argument_error  `status` is not within 200 to 599.
[[nodiscard]] response text_response(std::string body, int status = 200);

/// Returns a response with `text/html; charset=utf-8`; the text is sent as it is, not escaped.
///
/// @throws argument_error  `status` is not within 200 to 599.
[[nodiscard]] response html_response(std::string body, int status = 200);

/// Returns a response without a body.
///
/// @throws argument_error  `status` is not within 200 to 599.
[[nodiscard]] response empty_response(int status = 204);

}  // namespace gino::ext
