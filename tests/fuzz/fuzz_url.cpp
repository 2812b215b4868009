// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A database URL is parsed or refused, whatever it contains. Its redacted text can be parsed
/// again, and is the same URL except for the password.

#include <gino/core/error.hpp>
#include <gino/driver/url.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

bool same_but_for_password(const gino::url& one, const gino::url& other) {
    return one.scheme == other.scheme && one.user == other.user && one.host == other.host &&
           one.port == other.port && one.database == other.database &&
           one.parameters.size() == other.parameters.size() &&
           other.password == (one.password ? std::optional<std::string>("***") : std::nullopt);
}

void check(std::string_view text) {
    std::optional<gino::url> read;
    try {
        read.emplace(text);
    } catch (const gino::argument_error&) {
        return;  // the URL is refused
    }
    if (!same_but_for_password(*read, gino::url(read->redacted()))) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    check(std::string_view(reinterpret_cast<const char*>(data), size));
    return 0;
}
