// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// An IPv4 or IPv6 address with the prefix length of its network (PostgreSQL's manual, 8.9). The
/// types `inet` and `cidr` derive from it.
struct network_address {
    std::array<std::byte, 16> bytes{};  ///< In network order; IPv4 uses the first four.
    bool is_v6 = false;
    std::uint8_t prefix_length = 32;  ///< In bits. 32 (IPv6: 128): the host alone.

    friend bool operator==(const network_address&, const network_address&) = default;
};

/// SQL's MACADDR: the six bytes of an Ethernet address, in the order in which they are written.
struct mac_address {
    std::array<std::byte, 6> bytes{};

    friend bool operator==(const mac_address&, const mac_address&) = default;
};

/// Writes "192.168.0.0/24", "::1"; without the prefix length if it is the host alone.
[[nodiscard]] std::string to_string(const network_address& address);
/// Writes "08:00:2b:01:02:03".
[[nodiscard]] std::string to_string(const mac_address& address);

/// Reads the text that `to_string()` writes. PostgreSQL's short forms of a network ("10.1/16") are
/// not read.
///
/// @return Empty: the text is no address, or its prefix is longer than the address.
[[nodiscard]] std::optional<network_address> parse_network_address(std::string_view text);
/// Reads "08:00:2b:01:02:03", in either case; no other notation.
///
/// @return Empty: the text has another form.
[[nodiscard]] std::optional<mac_address> parse_mac_address(std::string_view text) noexcept;

/// The 16 bytes of a UUID, in the order in which they are written.
using uuid_bytes = std::array<std::byte, 16>;

/// Writes "6fa459ea-ee8a-3ca4-894e-db77e160355e": lower case, with hyphens.
[[nodiscard]] std::string to_string(const uuid_bytes& uuid);
/// Reads 32 hexadecimal digits in either case, without hyphens or with the four usual ones.
///
/// @return Empty: the text has another form. Braces are not read.
[[nodiscard]] std::optional<uuid_bytes> parse_uuid(std::string_view text) noexcept;

}  // namespace gino
