// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>

#include <source_location>
#include <string>

namespace gino::ext {

/// An error status for the client of a web application: thrown by a handler, a middleware or code
/// that they call.
///
/// The web application turns it into a response with that status and the JSON body
/// `{"error": message}`. The text of no other exception is shown to the client, so this one must
/// not have SQL, names of tables or credentials. The class needs no web framework: code between the
/// handlers and the database can throw it too. Its `code()` is `errc::http`.
///
/// `get_or_404()`, `first_or_404()`, `request::json()` and `request::query()` throw it.
class http_error : public error {
public:
    /// Makes an error.
    ///
    /// @param status   An HTTP status from 400 to 599.
    /// @param message  Copied. Shown to the client.
    /// @param where    The place that reports the error; not shown to the client.
    /// @throws argument_error  `status` is not from 400 to 599.
    http_error(
        int status,
        const std::string& message,
        std::source_location where = std::source_location::current()
    )
        : error(errc::http, message, where), status_(status) {
        if (status < 400 || status > 599) {
            throw argument_error(
                errc::invalid_argument,
                "http_error: the status " + std::to_string(status) +
                    " is not an error; use one from 400 to 599, or return a response",
                where
            );
        }
    }

    /// Returns the HTTP status of the response.
    [[nodiscard]] int status() const noexcept { return status_; }

private:
    int status_;
};

}  // namespace gino::ext
