// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/http/host.hpp"

#include <algorithm>

namespace gino::ext::detail {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_hexadecimal(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Returns true for unreserved characters, sub-delims and "%" (RFC 3986, 3.2.2).
bool is_of_name(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

// Checks the characters of an IPv6 address, not its form.
bool is_of_address(char c) noexcept {
    return is_hexadecimal(c) || c == ':' || c == '.';
}

}  // namespace

bool is_host(std::string_view text) noexcept {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        const auto address = text.substr(1, std::min(end, text.size()) - 1);
        if (end == std::string_view::npos || address.empty() ||
            !std::ranges::all_of(address, is_of_address)) {
            return false;
        }
        port = text.substr(end + 1);
    } else {
        const auto name = text.substr(0, text.find(':'));
        if (name.empty() || !std::ranges::all_of(name, is_of_name)) {
            return false;
        }
        port = text.substr(name.size());
    }
    return port.empty() || (port.front() == ':' && std::ranges::all_of(port.substr(1), is_digit));
}

}  // namespace gino::ext::detail
