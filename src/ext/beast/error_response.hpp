// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/response.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace gino::ext::detail {

/// Returns a response with an error status and the body `{"error": message}`.
[[nodiscard]] response error_response(int status, std::string_view message);

/// Returns the response of a service that is overloaded or cannot reach its database: 503 with
/// `Retry-After: 1`.
[[nodiscard]] response unavailable_response();

/// Makes the ids that connect a response with status 500 to the call of `application::on_error()`.
///
/// Thread safety: any thread.
class error_ids {
public:
    error_ids();

    /// Returns 16 hexadecimal digits. Clients cannot predict them, nor count errors by them.
    [[nodiscard]] std::string next();

private:
    std::atomic<std::uint64_t> state_;
};

/// The response for an exception, and the id in it; the id is empty unless the status is 500.
struct exception_answer {
    response answer;
    std::string id;
};

/// Returns the response for an exception that escaped from middlewares and handler. It shows the
/// text of an `http_error` only.
[[nodiscard]] exception_answer answer_exception(
    const std::exception_ptr& exception, error_ids& ids
);

}  // namespace gino::ext::detail
