// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/response.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace gino::ext::detail {

/// The facts about the request and the connection that a response's header depends on.
struct response_context {
    bool is_head = false;
    bool is_http_1_0 = false;
    bool keep_alive = true;
    std::int64_t second = 0;  // since 1970, UTC
};

/// Writes the bytes of responses; one per connection.
class response_writer {
public:
    /// Appends status line and header to `output`. The response's own `Connection` field is
    /// replaced.
    ///
    /// @param body_size  For Content-Length; an answer to HEAD has it too.
    void append_header(
        std::string& output,
        const response& answer,
        std::size_t body_size,
        const response_context& context
    );

    /// False for responses without a body: an answer to HEAD, and the statuses 204 and 304.
    [[nodiscard]] static bool has_body(
        const response& answer, const response_context& context
    ) noexcept;

private:
    void append_date(std::string& output, std::int64_t second);

    // The Date field of the last second, which nearly all responses share.
    std::int64_t date_second_ = -1;
    std::string date_;
};

}  // namespace gino::ext::detail
