// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/http/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace gino::ext::detail {

namespace {

// The buffer begins small and grows up to the size of a whole header; a body passes through it.
constexpr std::size_t first_buffer = std::size_t{4} * 1024;
constexpr std::size_t body_buffer = std::size_t{16} * 1024;

}  // namespace

request_reader::request_reader(const application_options& options)
    : options_(options),
      largest_buffer_(
          std::max(body_buffer, options.request_line_limit() + options.header_limit() + 1)
      ),
      buffer_(first_buffer) {}

// Makes free space at the end of the buffer: begins anew when it is empty, and shrinks a large one
// then; moves the rest to the front; and doubles the size only when the rest fills the buffer.
std::span<char> request_reader::prepare() {
    std::size_t wanted = stage() == stage_type::body ? body_buffer : first_buffer;
    if (begin_ == end_) {
        begin_ = 0;
        end_ = 0;
        if (buffer_.size() > body_buffer) {
            buffer_ = std::vector<char>(first_buffer);
        }
    } else if (end_ == buffer_.size()) {
        if (begin_ > 0) {
            std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
            end_ -= begin_;
            begin_ = 0;
        } else {
            wanted = 2 * buffer_.size();
        }
    }
    if (wanted > buffer_.size()) {
        buffer_.resize(std::min(wanted, largest_buffer_));
    }
    return std::span(buffer_).subspan(end_);
}

request_reader::result request_reader::parse(request_message& message) {
    if (!parser_) {
        skip_line_breaks();
        if (!has_input()) {
            return result::need_more;
        }
        parser_.emplace(message, options_);
        has_answered_expectation_ = false;
    }
    if (!has_input()) {
        return result::need_more;
    }
    boost::beast::error_code failure;
    begin_ +=
        parser_->put(boost::asio::const_buffer(buffer_.data() + begin_, end_ - begin_), failure);
    if (failure && failure != boost::beast::http::error::need_more) {
        return refuse(parser_->explain(failure));
    }
    if (!parser_->is_done()) {
        return need_more(parser_->has_request_line());
    }
    parser_.reset();
    return result::complete;
}

bool request_reader::take_continue() noexcept {
    const bool is_waiting = parser_ && parser_->is_header_done() && parser_->expects_continue();
    if (!is_waiting || has_answered_expectation_ || has_input()) {
        return false;
    }
    has_answered_expectation_ = true;
    return true;
}

request_reader::stage_type request_reader::stage() const noexcept {
    if (!parser_) {
        return stage_type::idle;
    }
    return parser_->is_header_done() ? stage_type::body : stage_type::header;
}

// Skips empty lines in front of a request (RFC 9112, 2.2).
void request_reader::skip_line_breaks() noexcept {
    while (has_input() && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) {
        ++begin_;
    }
}

request_reader::result request_reader::need_more(bool has_request_line) {
    const std::size_t waiting = end_ - begin_;
    if (!has_request_line && waiting > options_.request_line_limit()) {
        return refuse(
            {414,
             "the request line is longer than " + std::to_string(options_.request_line_limit()) +
                 " bytes"}
        );
    }
    // The base parser has no limit for the line of a chunk and for trailers.
    if (waiting >= largest_buffer_) {
        return refuse(
            {431, "the header is larger than " + std::to_string(options_.header_limit()) + " bytes"}
        );
    }
    return result::need_more;
}

request_reader::result request_reader::refuse(refusal why) {
    refusal_ = std::move(why);
    return result::failed;
}

}  // namespace gino::ext::detail
