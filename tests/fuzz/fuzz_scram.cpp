// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The SCRAM client continues or refuses after any message, and never accepts a server that does
/// not know the password.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "driver/postgresql/sansio/scram.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::size_t middle = std::min(text.find('\n'), text.size());
    const std::string challenge = text.substr(0, middle);
    if (challenge.find("i=") != std::string::npos && challenge.size() > 6 &&
        challenge.find_last_of('=') + 4 < challenge.size()) {
        return 0;  // a large iteration count only takes time
    }
    static gino::postgresql::sansio::scram_key_cache keys;
    gino::postgresql::sansio::scram_client client("pencil", "nonce", {}, keys);
    static_cast<void>(client.client_first());
    static_cast<void>(client.server_first(challenge));
    if (middle < text.size() && client.server_final(text.substr(middle + 1))) {
        std::abort();
    }
    return 0;
}
