// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/application_options.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ext/beast/http/request_message.hpp"
#include "ext/beast/http/request_parser.hpp"

namespace gino::ext::detail {

/// Parses the requests in the bytes of one connection. It does no I/O: the caller writes bytes with
/// `prepare()` and `commit()`, and `parse()` reads the bytes that are there.
///
/// | bytes so far            | `parse()`  | `stage()` |
/// | ----------------------- | ---------- | --------- |
/// | nothing, or line breaks | need_more  | idle      |
/// | part of the header      | need_more  | header    |
/// | header, part of a body  | need_more  | body      |
/// | a whole request         | complete   | idle      |
/// | no valid request        | failed     | any       |
///
/// After `complete`, bytes behind the request stay in the buffer for the next `parse()`. After
/// `failed`, the connection has to be closed: the beginning of the next request is unknown.
class request_reader {
public:
    enum class result { need_more, complete, failed };
    enum class stage_type { idle, header, body };

    /// @param options  Must outlive the reader.
    explicit request_reader(const application_options& options);

    /// Returns memory for more bytes, valid until the next call; never empty after `need_more`.
    [[nodiscard]] std::span<char> prepare();

    /// Adds the first `size` bytes of the memory of `prepare()`.
    void commit(std::size_t size) noexcept { end_ += size; }

    /// Parses the bytes that are there.
    ///
    /// @param message  Must be the same object until `complete`; is complete then.
    [[nodiscard]] result parse(request_message& message);

    /// Returns true once per request whose client waits for "100 Continue" before it sends the
    /// body.
    [[nodiscard]] bool take_continue() noexcept;

    [[nodiscard]] stage_type stage() const noexcept;

    /// True when there are bytes that were not parsed yet.
    [[nodiscard]] bool has_input() const noexcept { return begin_ != end_; }

    /// Returns the reason of the failure, for the response; set after `failed`.
    [[nodiscard]] const refusal& failure() const noexcept { return refusal_; }

private:
    void skip_line_breaks() noexcept;
    [[nodiscard]] result need_more(bool has_request_line);
    [[nodiscard]] result refuse(refusal why);

    const application_options& options_;
    std::size_t largest_buffer_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of the bytes that are not parsed yet
    std::size_t end_ = 0;
    std::optional<request_parser> parser_;  // of the request that has begun
    bool has_answered_expectation_ = false;
    refusal refusal_;
};

}  // namespace gino::ext::detail
