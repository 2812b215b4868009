// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// SQL's INET and CIDR: an address with the length of its network's prefix.
struct network_address {
    std::array<std::byte, 16> bytes{};  ///< The first four of them, or all.
    bool is_v6 = false;
    std::uint8_t prefix_length = 32;  ///< 32 (128): the host alone.

    friend bool operator==(const network_address&, const network_address&) = default;
};

/// SQL's MACADDR.
struct mac_address {
    std::array<std::byte, 6> bytes{};

    friend bool operator==(const mac_address&, const mac_address&) = default;
};

/// Writes "192.168.0.0/24"; without the prefix if it is the host alone.
[[nodiscard]] std::string to_string(const network_address& address);
/// Writes "08:00:2b:01:02:03".
[[nodiscard]] std::string to_string(const mac_address& address);

/// Reads what `to_string()` writes. Nothing: the text is no address.
[[nodiscard]] std::optional<network_address> parse_network_address(std::string_view text);
[[nodiscard]] std::optional<mac_address> parse_mac_address(std::string_view text) noexcept;

/// The 16 bytes of a UUID.
using uuid_bytes = std::array<std::byte, 16>;

/// Writes "6fa459ea-ee8a-3ca4-894e-db77e160355e".
[[nodiscard]] std::string to_string(const uuid_bytes& uuid);
/// Reads 32 hexadecimal digits, with or without hyphens at the usual places.
[[nodiscard]] std::optional<uuid_bytes> parse_uuid(std::string_view text) noexcept;

}  // namespace gino
