// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "driver/postgresql/sansio/scram_keys.hpp"

namespace gino::postgresql::sansio {

/// The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), without I/O.
///
/// | state | event | goes to |
/// | --- | --- | --- |
/// | first | client_first() | waits for the server's first message |
/// | waits | server_first() | waits for the server's final message; nothing: the server cheats |
/// | final | server_final() | done; false: the server does not know the password |
///
/// The password is wiped by the destructor.
class scram_client {
public:
    /// The most iterations that a server may ask for: more would only burn our time.
    static constexpr int most_iterations = 100'000;

    enum class binding_kind : std::uint8_t {
        none,              ///< We have none.
        not_offered,       ///< We have, the server said that it has not: it checks that.
        server_end_point,  ///< SCRAM-SHA-256-PLUS.
    };

    /// What ties the exchange to the TLS connection.
    struct binding {
        binding_kind kind = binding_kind::none;
        std::string data{};
    };

    /// @param password  As the user wrote it; it is prepared (SASLprep, RFC 4013) here.
    /// @param nonce     Printable characters without a comma; random, but in tests.
    /// @param keys      Must outlive it.
    scram_client(
        const std::string& password, std::string nonce, binding tied_to, scram_key_cache& keys
    );

    scram_client(const scram_client&) = delete;
    scram_client& operator=(const scram_client&) = delete;
    ~scram_client();

    /// Makes a nonce of 18 random bytes.
    [[nodiscard]] static std::string make_nonce();

    [[nodiscard]] std::string client_first() const;
    /// Returns the client's final message, or nothing when the server's first message is malformed,
    /// has another nonce, or wants too many iterations.
    [[nodiscard]] std::optional<std::string> server_first(std::string_view message);
    /// True when the server has proved that it knows the password.
    [[nodiscard]] bool server_final(std::string_view message) const;

private:
    /// What both sides know about the binding before they begin.
    [[nodiscard]] std::string header() const;

    std::string password_;
    std::string nonce_;
    binding binding_;
    scram_key_cache& keys_;
    std::string server_signature_;  // in base64
};

}  // namespace gino::postgresql::sansio
