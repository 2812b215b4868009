// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>

#include <source_location>
#include <string>

namespace gino::ext {

/// Thrown by a handler or a middleware to answer a request with an error status.
///
/// The web application turns it into a response with that status and the JSON body
/// `{"error": message}`. Unlike the text of every other exception, the message is shown to the
/// client: it must not have SQL, names of tables or credentials. It needs no web framework, so that
/// code between the handlers and the database can throw it too.
class http_error : public error {
public:
    /// @param status   400 to 599.
    /// @param message  Copied. Shown to the client.
    /// @throws argument_error  `status` is not an error status.
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

    [[nodiscard]] int status() const noexcept { return status_; }

private:
    int status_;
};

}  // namespace gino::ext
