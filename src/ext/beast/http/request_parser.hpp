// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/application_options.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "ext/beast/http/request_message.hpp"

namespace gino::ext::detail {

/// The reason of a refused request: status and message of the response.
struct refusal {
    int status = 400;
    std::string message;
};

/// Boost.Beast's parser of one request, writing to a `request_message`.
///
/// It is stricter than its base where two servers could read a request differently (request
/// smuggling): the only transfer coding is "chunked", never in HTTP/1.0; HTTP/1.1 needs exactly one
/// Host; no field has several lines.
class request_parser final : public boost::beast::http::basic_parser<true> {
public:
    /// @param message  Cleared, and filled during parsing. Must outlive the parser, as `options`
    ///                 must.
    request_parser(request_message& message, const application_options& options);

    /// Returns the refusal for a failure of `put()`.
    [[nodiscard]] refusal explain(const boost::beast::error_code& failure) const;

    [[nodiscard]] bool has_request_line() const noexcept { return has_request_line_; }

    /// True when the client sent `Expect: 100-continue`; valid when the header is done.
    [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }

private:
    using error_code = boost::beast::error_code;
    using text_view = boost::beast::string_view;

    void on_request_impl(
        boost::beast::http::verb method,
        text_view method_text,
        text_view target,
        int version,
        error_code& failure
    ) override;

    void on_response_impl(int, text_view, int, error_code&) override {}

    void on_field_impl(
        boost::beast::http::field field, text_view name, text_view value, error_code& failure
    ) override;
    void on_header_impl(error_code& failure) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& failure)
        override;
    std::size_t on_body_impl(text_view part, error_code& failure) override;
    void on_chunk_header_impl(std::uint64_t size, text_view extensions, error_code& failure)
        override;
    std::size_t on_chunk_body_impl(std::uint64_t remaining, text_view part, error_code& failure)
        override;
    void on_finish_impl(error_code& failure) override;

    // Overrides a function of the base from Boost 1.90 on, and is not marked because older versions
    // have none: they report trailers as fields.
    void on_trailer_field_impl(
        boost::beast::http::field field, text_view name, text_view value, error_code& failure
    );

    void count_in_header(std::size_t size, error_code& failure);
    void refuse(int status, std::string message, error_code& failure);
    void check_field(boost::beast::http::field field, text_view value, error_code& failure);
    [[nodiscard]] bool is_folded(std::string_view name, std::string_view value) const noexcept;
    [[nodiscard]] refusal header_too_large() const;

    request_message& message_;
    const application_options& options_;
    std::optional<refusal> refusal_;
    std::size_t header_size_ = 0;  // bytes of fields, chunk extensions and trailers so far
    std::size_t hosts_ = 0;
    bool has_request_line_ = false;
    bool has_header_ = false;
    bool expects_continue_ = false;
};

}  // namespace gino::ext::detail
