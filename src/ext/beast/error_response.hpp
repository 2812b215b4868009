// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/response.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace gino::ext::detail {

/// The form of all answers with an error status: `{"error": message}`.
[[nodiscard]] response error_response(int status, std::string_view message);

/// The answer while the service cannot do its work: 503 with `Retry-After: 1`.
[[nodiscard]] response unavailable_response();

/// Makes the ids that join an answer with status 500 to what `application::on_error()` was told.
///
/// Thread safety: any thread.
class error_ids {
public:
    error_ids();

    /// Returns 16 hexadecimal digits that nobody outside can guess or count by.
    [[nodiscard]] std::string next();

private:
    std::atomic<std::uint64_t> state_;
};

/// What an exception became: a response, and the id in it, empty unless the status is 500.
struct exception_answer {
    response answer;
    std::string id;
};

/// Makes the response for an exception that escaped from middlewares and handler.
///
/// Nothing of its text is shown, except for that of an `http_error`.
[[nodiscard]] exception_answer answer_exception(
    const std::exception_ptr& exception, error_ids& ids
);

}  // namespace gino::ext::detail
