// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/network.hpp>

#include <arpa/inet.h>
#include <charconv>

#include "core/hexadecimal.hpp"

namespace gino {

// inet_ntop() writes IPv6 in its compressed form ("::1").
std::string to_string(const network_address& address) {
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
    const bool is_host = address.prefix_length == (address.is_v6 ? 128 : 32);
    return is_host ? std::string(text)
                   : std::string(text) + "/" + std::to_string(address.prefix_length);
}

std::optional<network_address> parse_network_address(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string host(text.substr(0, slash));
    network_address address;
    // Every IPv6 address has a colon, and no IPv4 address has one.
    address.is_v6 = host.find(':') != std::string::npos;
    address.prefix_length = address.is_v6 ? 128 : 32;
    if (inet_pton(address.is_v6 ? AF_INET6 : AF_INET, host.c_str(), address.bytes.data()) != 1) {
        return std::nullopt;
    }
    if (slash != std::string_view::npos) {
        const std::uint8_t longest = address.prefix_length;
        const char* end = text.data() + text.size();
        const auto [last, failure] =
            std::from_chars(text.data() + slash + 1, end, address.prefix_length);
        if (failure != std::errc() || last != end || address.prefix_length > longest) {
            return std::nullopt;
        }
    }
    return address;
}

std::string to_string(const mac_address& address) {
    std::string text;
    for (const auto b : address.bytes) {
        text += text.empty() ? "" : ":";
        detail::append_hexadecimal(text, b);
    }
    return text;
}

// Only the form that PostgreSQL writes; the server accepts six others (manual, 8.9.3).
std::optional<mac_address> parse_mac_address(std::string_view text) noexcept {
    mac_address address;
    if (text.size() != 17) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < address.bytes.size(); ++i) {
        const auto b = detail::hexadecimal_byte_at(text, i * 3);
        const bool is_parted = i + 1 == address.bytes.size() || text[i * 3 + 2] == ':';
        if (!b || !is_parted) {
            return std::nullopt;
        }
        address.bytes[i] = *b;
    }
    return address;
}

std::string to_string(const uuid_bytes& uuid) {
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        text += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
        detail::append_hexadecimal(text, uuid[i]);
    }
    return text;
}

std::optional<uuid_bytes> parse_uuid(std::string_view text) noexcept {
    uuid_bytes uuid{};
    const bool has_hyphens = text.size() == 36;
    if (!has_hyphens && text.size() != 32) {
        return std::nullopt;
    }
    std::size_t at = 0;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (has_hyphens && (i == 4 || i == 6 || i == 8 || i == 10)) {
            if (text[at++] != '-') {
                return std::nullopt;
            }
        }
        const auto b = detail::hexadecimal_byte_at(text, at);
        if (!b) {
            return std::nullopt;
        }
        uuid[i] = *b;
        at += 2;
    }
    return uuid;
}

}  // namespace gino
