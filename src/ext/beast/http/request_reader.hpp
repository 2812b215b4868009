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

/// Makes requests of the bytes of one connection. It does no I/O: bytes go in by `prepare()` and
/// `commit()`, `parse()` looks at what is there.
///
/// | found so far            | `parse()`  | `stage()` |
/// | ----------------------- | ---------- | --------- |
/// | nothing, or line breaks | need_more  | idle      |
/// | part of the header      | need_more  | header    |
/// | header, part of a body  | need_more  | body      |
/// | a whole request         | complete   | idle      |
/// | what is no request      | failed     | any       |
///
/// After `complete`, bytes behind the request stay in the buffer for the next `parse()`. After
/// `failed` the connection is of no use any more: where the next request begins is not known.
class request_reader {
public:
    enum class result { need_more, complete, failed };
    enum class stage_type { idle, header, body };

    /// @param options  Must outlive the reader.
    explicit request_reader(const application_options& options);

    /// Returns room for more bytes; never empty after `need_more`.
    [[nodiscard]] std::span<char> prepare();

    /// Says how many bytes were written to the room of `prepare()`.
    void commit(std::size_t size) noexcept { end_ += size; }

    /// Reads on; `message` must be the same until `complete`, which fills it.
    [[nodiscard]] result parse(request_message& message);

    /// True once per request: its client waits for "100 Continue" before it sends the body.
    [[nodiscard]] bool take_continue() noexcept;

    [[nodiscard]] stage_type stage() const noexcept;

    /// True when there are bytes that no request was made of.
    [[nodiscard]] bool has_input() const noexcept { return begin_ != end_; }

    /// After `failed`: what to answer.
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
