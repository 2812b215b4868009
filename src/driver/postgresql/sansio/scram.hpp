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
/// The calls have this order, and each message is passed once:
///
/// | call | message of the client | message of the server |
/// | --- | --- | --- |
/// | client_first() | client-first-message | |
/// | server_first() | client-final-message | server-first-message |
/// | server_final() | | server-final-message |
///
/// Security: the destructor overwrites the prepared password.
class scram_client {
public:
    /// The largest number of iterations that a server may request. It is a limit for a compromised
    /// server: the iterations block the executor's thread. PostgreSQL's default is 4,096.
    static constexpr int most_iterations = 100'000;

    enum class binding_kind : std::uint8_t {
        none,              ///< The client supports no channel binding.
        not_offered,       ///< The client supports it, but the server has not offered it.
        server_end_point,  ///< SCRAM-SHA-256-PLUS with tls-server-end-point.
    };

    /// The channel binding: it binds the authentication to the TLS connection, so that a man in the
    /// middle with a certificate of its own cannot relay it.
    struct binding {
        binding_kind kind = binding_kind::none;
        std::string data{};
    };

    /// @param password  As the user wrote it; it is prepared (SASLprep, RFC 4013) here.
    /// @param nonce     Printable characters without a comma; random, except in tests.
    /// @param keys      Must outlive this object.
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
    /// Returns the gs2-header, which describes the channel binding (RFC 5802, section 7).
    [[nodiscard]] std::string header() const;

    std::string password_;
    std::string nonce_;
    binding binding_;
    scram_key_cache& keys_;
    std::string server_signature_;  // in base64
};

}  // namespace gino::postgresql::sansio
