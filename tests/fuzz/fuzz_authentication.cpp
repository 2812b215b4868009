// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The client accepts no server that has not proved that it knows the password, whatever messages
/// the server sends during authentication, and never sends it the password.

#include <gino/core/error.hpp>

#include <string_view>

#include "driver/postgresql/sansio/authentication.hpp"
#include "fuzz/binary_values.hpp"

// The input is a sequence of message bodies; a byte before each body is its length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gino::postgresql;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    if (all.find(",i=") != std::string_view::npos && all.substr(all.find(",i=")).size() > 8) {
        return 0;  // a large iteration count only takes time
    }
    connect_options options;
    options.user = "me";
    options.allowed_authentication = {"scram-sha-256"};
    host_options host;
    host.password = "hush hush";  // contains a blank, which no nonce contains
    static sansio::scram_key_cache keys;
    sansio::authentication exchange(options, host, {.is_encrypted = size % 2 == 0}, keys);
    protocol::writer to;
    try {
        while (size > 0) {
            const std::size_t length = std::min<std::size_t>(data[0], size - 1);
            const auto body = gino::fuzz::copy_of(data + 1, length);
            exchange.answer(body, to);
            data += length + 1;
            size -= length + 1;
        }
    } catch (const gino::error&) {
        // The client refuses the message.
    }
    const auto sent = to.messages();
    const std::string_view text(reinterpret_cast<const char*>(sent.data()), sent.size());
    if (exchange.is_done() || text.find(host.password) != std::string_view::npos) {
        std::abort();
    }
    return 0;
}
