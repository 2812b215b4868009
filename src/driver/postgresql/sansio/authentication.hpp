// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/protocol/wire.hpp"
#include "driver/postgresql/sansio/scram.hpp"

namespace gino::postgresql::sansio {

/// The properties of the connection, on which the allowed methods of authentication depend.
struct transport_facts {
    bool is_local = false;                          ///< A Unix-domain socket.
    bool is_encrypted = false;                      ///< TLS.
    bool is_verified = false;                       ///< TLS, with a trusted certificate.
    std::optional<std::string> server_end_point{};  ///< See `tls_session::server_end_point()`.
};

/// The client's side of authentication (manual, 55.2.1 and 55.3), without I/O.
///
/// | state | event | next state |
/// | --- | --- | --- |
/// | asked | AuthenticationOk, if "none" is an allowed method | done |
/// | asked | CleartextPassword, MD5Password | sent |
/// | asked | SASL | challenged |
/// | challenged | SASLContinue | sent |
/// | sent, after SASLContinue | SASLFinal, with the right signature | proved |
/// | sent, after a password or its MD5 hash | AuthenticationOk | done |
/// | proved | AuthenticationOk | done |
///
/// Any other event is an error.
class authentication {
public:
    /// @param options, host, keys  Must outlive this object.
    authentication(
        const connect_options& options,
        const host_options& host,
        transport_facts transport,
        scram_key_cache& keys
    );

    /// Takes the body of an Authentication message and writes the answer, if there is one.
    ///
    /// @throws connection_error  `errc::authentication_failed`: the server requests a method that
    ///                           is not allowed, or there is no password.
    /// @throws internal_error    `errc::protocol_violation`: a message is malformed or unexpected,
    ///                           or the server does not prove that it knows the password.
    void answer(std::span<const std::byte> body, protocol::writer& to);

    [[nodiscard]] bool is_done() const noexcept { return state_ == state::done; }

private:
    enum class state : std::uint8_t { asked, challenged, sent, proved, done };

    void accept();
    void send_password(protocol::writer& to);
    void send_md5(std::span<const std::byte> salt, protocol::writer& to);
    void begin_scram(protocol::reader& from, protocol::writer& to);
    [[nodiscard]] scram_client::binding choose_binding(bool is_plus_offered) const;

    void check_allowed(std::string_view way) const;
    void check_password() const;
    void check_state(state wanted) const;
    [[noreturn]] void refuse(const std::string& what) const;
    [[noreturn]] void fail_protocol(const std::string& what) const;

    const connect_options& options_;
    const host_options& host_;
    transport_facts transport_;
    scram_key_cache& keys_;
    state state_ = state::asked;
    bool is_password_used_ = false;
    bool is_bound_ = false;
    std::optional<scram_client> scram_;
};

}  // namespace gino::postgresql::sansio
