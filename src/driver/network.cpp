// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/network.hpp>

#include <algorithm>
#include <string>

namespace gino {

namespace {

// The address is in the first 4 (IPv4) or 16 (IPv6) bytes, in network order.
template <class Bytes>
Bytes first_bytes(const network_address& address) {
    Bytes bytes{};
    std::ranges::transform(
        address.bytes.begin(),
        address.bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size()),
        bytes.begin(),
        [](std::byte b) { return std::to_integer<unsigned char>(b); }
    );
    return bytes;
}

}  // namespace

boost::asio::ip::address to_asio(const network_address& address) {
    using boost::asio::ip::address_v4;
    using boost::asio::ip::address_v6;
    if (address.is_v6) {
        return address_v6(first_bytes<address_v6::bytes_type>(address));
    }
    return address_v4(first_bytes<address_v4::bytes_type>(address));
}

network_address from_asio(const boost::asio::ip::address& host) {
    return from_asio(host, host.is_v6() ? 128 : 32);
}

network_address from_asio(const boost::asio::ip::address& host, std::uint8_t prefix_length) {
    const int longest = host.is_v6() ? 128 : 32;
    if (prefix_length > longest) {
        throw argument_error(
            errc::bad_value,
            "a network's prefix has at most " + std::to_string(longest) + " bits, not " +
                std::to_string(prefix_length)
        );
    }
    network_address made;
    made.is_v6 = host.is_v6();
    made.prefix_length = prefix_length;
    const auto copy = [&](const auto& from) {
        std::ranges::transform(from, made.bytes.begin(), [](unsigned char b) {
            return static_cast<std::byte>(b);
        });
    };
    if (made.is_v6) {
        copy(host.to_v6().to_bytes());
    } else {
        copy(host.to_v4().to_bytes());
    }
    return made;
}

}  // namespace gino
