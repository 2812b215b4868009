// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/http/request_parser.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "ext/beast/http/ascii.hpp"
#include "ext/beast/http/host.hpp"

namespace gino::ext::detail {

namespace http = boost::beast::http;

namespace {

// The colon, the space and the line break of "name: value".
constexpr std::size_t field_overhead = 4;

// The most memory that is reserved because of a Content-Length alone, before any byte of the body.
constexpr std::uint64_t trusted_length = std::uint64_t{64} * 1024;

std::string_view std_view(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

}  // namespace

// Returns true for a value of several lines (RFC 9112, 5.2). The base parser joins the lines in a
// buffer of its own, so that the value is far from its name; if the first line is empty, the value
// begins after a line break. The distance is computed with integers, since the pointers may belong
// to different arrays.
bool request_parser::is_folded(std::string_view name, std::string_view value) const noexcept {
    const char* end_of_name = name.data() + name.size();
    const auto between = reinterpret_cast<std::uintptr_t>(value.data()) -
                         reinterpret_cast<std::uintptr_t>(end_of_name);
    if (value.empty()) {
        return false;
    }
    const bool is_elsewhere = between > options_.header_limit();
    return is_elsewhere ||
           std::string_view(end_of_name, between).find('\n') != std::string_view::npos;
}

request_parser::request_parser(request_message& message, const application_options& options)
    : message_(message), options_(options) {
    message_.clear();
    eager(true);
    body_limit(std::uint64_t{options.body_limit()});
    header_limit(static_cast<std::uint32_t>(options.header_limit() + options.request_line_limit()));
}

// A refusal of this class takes precedence: the base parser reports it as bad_value only.
refusal request_parser::explain(const boost::beast::error_code& failure) const {
    if (refusal_) {
        return *refusal_;
    }
    if (failure == http::error::header_limit) {
        return header_too_large();
    }
    if (failure == http::error::body_limit) {
        return {413, "the body is larger than " + std::to_string(options_.body_limit()) + " bytes"};
    }
    if (failure == http::error::bad_version) {
        return {505, "the request is not HTTP/1.1 or HTTP/1.0"};
    }
    return {400, "the request is malformed: " + failure.message()};
}

void request_parser::on_request_impl(
    http::verb /*method*/, text_view method_text, text_view target, int version, error_code& failure
) {
    has_request_line_ = true;
    // Two spaces, "HTTP/1.1" and the line break are not part of method and target.
    if (method_text.size() + target.size() + 12 > options_.request_line_limit()) {
        return refuse(
            414,
            "the request line is longer than " + std::to_string(options_.request_line_limit()) +
                " bytes",
            failure
        );
    }
    message_.is_http_1_0 = version == 10;
    message_.method = message_.receive(std_view(method_text));
    message_.target = message_.receive(std_view(target));
}

// Before Boost 1.90, trailers come here too: has_header_ distinguishes them.
void request_parser::on_field_impl(
    http::field field, text_view name, text_view value, error_code& failure
) {
    if (has_header_) {
        return on_trailer_field_impl(field, name, value, failure);
    }
    count_in_header(name.size() + value.size() + field_overhead, failure);
    if (failure) {
        return;
    }
    if (message_.fields.size() == options_.header_count_limit()) {
        return refuse(
            431,
            "the request has more than " + std::to_string(options_.header_count_limit()) +
                " header fields",
            failure
        );
    }
    if (is_folded(std_view(name), std_view(value))) {
        return refuse(400, "a header field goes on in a second line", failure);
    }
    check_field(field, value, failure);
    const slice received_name = message_.receive(std_view(name));
    message_.fields.push_back({received_name, message_.receive(std_view(value))});
}

void request_parser::check_field(http::field field, text_view value, error_code& failure) {
    if (field == http::field::host) {
        ++hosts_;
        if (!is_host(std_view(value))) {
            refuse(400, "the request's Host is no name or address", failure);
        }
    } else if (field == http::field::transfer_encoding) {
        if (message_.is_http_1_0) {
            refuse(400, "HTTP/1.0 has no Transfer-Encoding", failure);
        } else if (!equals_ignoring_case(std_view(value), "chunked")) {
            refuse(501, "the only Transfer-Encoding is \"chunked\"", failure);
        }
    } else if (field == http::field::expect && !message_.is_http_1_0) {
        expects_continue_ = equals_ignoring_case(std_view(value), "100-continue");
        if (!expects_continue_) {
            refuse(417, "the only Expect is \"100-continue\"", failure);
        }
    }
}

void request_parser::on_header_impl(error_code& failure) {
    has_header_ = true;
    message_.keep_alive = keep_alive();
    if (hosts_ > 1 || (hosts_ == 0 && !message_.is_http_1_0)) {
        refuse(400, "the request needs exactly one Host", failure);
    }
}

void request_parser::on_body_init_impl(
    const boost::optional<std::uint64_t>& length, error_code& /*failure*/
) {
    if (length) {
        message_.body.reserve(static_cast<std::size_t>(std::min(*length, trusted_length)));
    }
}

std::size_t request_parser::on_body_impl(text_view part, error_code& /*failure*/) {
    message_.body.append(part.data(), part.size());
    return part.size();
}

void request_parser::on_chunk_header_impl(
    std::uint64_t /*size*/, text_view extensions, error_code& failure
) {
    count_in_header(extensions.size(), failure);
}

std::size_t request_parser::on_chunk_body_impl(
    std::uint64_t /*remaining*/, text_view part, error_code& failure
) {
    return on_body_impl(part, failure);
}

// Trailers of a chunked body are counted and dropped. Merged into the header, they could replace
// fields that a proxy has checked (RFC 9112, 7.1.2).
void request_parser::on_trailer_field_impl(
    http::field /*field*/, text_view name, text_view value, error_code& failure
) {
    count_in_header(name.size() + value.size() + field_overhead, failure);
}

void request_parser::on_finish_impl(error_code& /*failure*/) {}

// Chunk extensions and trailers count too, since the base parser has no limit for them.
void request_parser::count_in_header(std::size_t size, error_code& failure) {
    header_size_ += size;
    if (header_size_ > options_.header_limit()) {
        refusal_ = header_too_large();
        failure = http::error::header_limit;
    }
}

void request_parser::refuse(int status, std::string message, error_code& failure) {
    refusal_ = refusal{status, std::move(message)};
    failure = http::error::bad_value;
}

refusal request_parser::header_too_large() const {
    return {431, "the header is larger than " + std::to_string(options_.header_limit()) + " bytes"};
}

}  // namespace gino::ext::detail
