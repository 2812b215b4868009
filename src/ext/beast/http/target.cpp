// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/http/target.hpp"

#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/utf8.hpp"
#include "ext/beast/http/ascii.hpp"
#include "ext/beast/http/host.hpp"

namespace gino::ext::detail {

namespace {

// Appends a decoded part of the target; nothing when its percent-encoding is malformed.
std::optional<slice> append_decoded(std::string& target, std::string_view text, bool is_query) {
    if (text.find_first_of(is_query ? "%+" : "%") == std::string_view::npos) {
        return request_message::append(target, text);
    }
    const auto encoded = boost::urls::make_pct_string_view({text.data(), text.size()});
    if (!encoded) {
        return std::nullopt;
    }
    const boost::urls::encoding_opts options(is_query);
    const std::size_t offset = target.size();
    encoded->decode(options, boost::urls::string_token::append_to(target));
    return slice{
        static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(target.size() - offset)};
}

// Splits before decoding, so that "%2F" does not separate segments.
bool decode_path(request_message& message, std::string_view path) {
    std::string& decoded = message.decoded;
    do {
        path.remove_prefix(1);  // the slash
        decoded += '/';
        const std::string_view segment = path.substr(0, path.find('/'));
        const std::optional<slice> part = append_decoded(decoded, segment, false);
        if (!part) {
            return false;
        }
        message.segments.push_back(*part);
        path.remove_prefix(segment.size());
    } while (!path.empty());
    message.path = slice{0, static_cast<std::uint32_t>(decoded.size())};
    return true;
}

bool decode_query(request_message& message, std::string_view query) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = pair.find('=');
        const bool has_value = equals != std::string_view::npos;
        // The separators keep the texts apart when decode_target() checks them as a whole: a UTF-8
        // sequence must not continue in the next text.
        message.decoded += '&';
        const auto name = append_decoded(message.decoded, pair.substr(0, equals), true);
        message.decoded += '=';
        const auto value = append_decoded(
            message.decoded, has_value ? pair.substr(equals + 1) : std::string_view(), true
        );
        if (!name || !value) {
            return false;
        }
        message.query.push_back({*name, *value});
    }
    return true;
}

/// The parts of a target in absolute-form.
struct absolute_form {
    std::string_view authority;
    std::string_view rest;
};

std::optional<absolute_form> split_absolute(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
            const std::size_t end =
                std::min(target.find_first_of("/?", scheme.size()), target.size());
            return absolute_form{
                .authority = target.substr(scheme.size(), end - scheme.size()),
                .rest = target.substr(end)};
        }
    }
    return std::nullopt;
}

// The authority of the target takes precedence over the Host field (RFC 9112, 3.2.2).
void replace_host(request_message& message, slice authority) {
    for (auto& field : message.fields) {
        if (equals_ignoring_case(message.received_text(field.name), "host")) {
            field.value = authority;
        }
    }
}

}  // namespace

const char* decode_target(request_message& message) {
    std::string_view target = message.received_text(message.target);
    if (target == "*" && message.received_text(message.method) == "OPTIONS") {
        message.path = request_message::append(message.decoded, target);
        return nullptr;
    }
    if (target.find('#') != std::string_view::npos) {
        return "the request's target has a fragment";
    }
    if (target.front() != '/') {
        const auto parts = split_absolute(target);
        if (!parts) {
            return "the request's target is not a path";
        }
        if (!is_host(parts->authority)) {
            return "the request's target has no name or address of a host";
        }
        const auto offset = static_cast<std::uint32_t>(parts->authority.data() - target.data());
        replace_host(
            message,
            {message.target.offset + offset, static_cast<std::uint32_t>(parts->authority.size())}
        );
        target = parts->rest;
    }
    const std::string_view path = target.substr(0, target.find('?'));
    const std::string_view query = target.substr(std::min(target.size(), path.size() + 1));
    if (!decode_path(message, path.empty() ? "/" : path)) {
        return "the request's path has a malformed percent-encoding";
    }
    if (!decode_query(message, query)) {
        return "the request's query has a malformed percent-encoding";
    }
    const bool has_nul = message.decoded.find('\0') != std::string::npos;
    if (has_nul || !gino::detail::is_utf8(message.decoded)) {
        return "the request's path or query is not UTF-8 text, or has a NUL character";
    }
    if (message.decoded_text(message.path).find_first_of("\r\n") != std::string_view::npos) {
        return "the request's path has a line break";
    }
    return nullptr;
}

}  // namespace gino::ext::detail
