// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

using SSL = struct ssl_st;

namespace gino::net {

/// The extent to which the server's certificate is checked.
enum class tls_verification : std::uint8_t {
    none,         ///< Any certificate is accepted.
    certificate,  ///< A trusted authority has signed it.
    host_name,    ///< It also contains the host's name.
};

/// The names of options in error messages, as the user of a driver has written them.
struct tls_option_names {
    std::string_view root_certificate = "the file of trusted certificates";
    std::string_view crl = "the file of revoked certificates";
    std::string_view crl_folder = "the folder of revoked certificates";
    std::string_view certificate = "the client's certificate";
    std::string_view key = "the client's private key";
};

/// The settings of a TLS connection.
struct tls_options {
    tls_verification verification = tls_verification::none;
    std::string root_certificate;  ///< A file; "system": the machine's; empty: none.
    std::string crl;               ///< A file of revoked certificates; empty: none.
    std::string crl_folder;        ///< A folder of revoked certificates; empty: none.
    std::string certificate;       ///< The client's certificate, a file; empty: none.
    std::string key;               ///< The client's private key, a file; empty: in `certificate`.
    std::string key_password;
    bool sni = true;  ///< The host's name is sent, before encryption begins.
    std::string min_version = "TLSv1.2";
    std::string max_version;   ///< Empty: the newest.
    std::string application;   ///< The application protocol (ALPN); empty: none is offered.
    tls_option_names names{};  ///< Must outlive the session.
};

/// A TLS session over a non-blocking socket.
///
/// No function waits. `wants_read` and `wants_write` mean that the socket is not ready: the caller
/// waits for that and makes the same call again.
///
/// Thread safety: none.
class tls_session {
public:
    enum class progress : std::uint8_t { done, wants_read, wants_write, closed };

    struct outcome {
        progress state = progress::done;
        std::size_t bytes = 0;  ///< Read or written; 0 unless the state is `done`.
    };

    /// Reads the files that the options name. Sends nothing.
    ///
    /// @param host        The server's name; its certificate has to contain that for
    ///                    `tls_verification::host_name`.
    /// @param descriptor  Must be open as long as the session is used.
    /// @throws connection_error  `errc::tls_failed`: a file cannot be used; names it.
    tls_session(const tls_options& options, const std::string& host, int descriptor);
    tls_session(const tls_session&) = delete;
    tls_session& operator=(const tls_session&) = delete;
    ~tls_session();

    /// @throws connection_error  `errc::tls_failed`: the server's certificate is not trusted, or
    ///                           both sides have no version or cipher in common; gives the reason.
    [[nodiscard]] progress handshake();

    /// @throws connection_error  `errc::connection_lost`: the received bytes are no TLS record, or
    ///                           were modified on the way.
    [[nodiscard]] outcome read(std::span<std::byte> into);
    [[nodiscard]] outcome write(std::span<const std::byte> from);

    /// Returns the next byte without consuming it; nothing: none has arrived, or the session has
    /// ended.
    ///
    /// @param is_closed  Set when nothing is returned: true when the session has ended.
    [[nodiscard]] std::optional<std::byte> peek(bool& is_closed) noexcept;

    /// Sends close_notify, without waiting for the peer's.
    void shut_down() noexcept;

    /// True when the server's certificate is checked against trusted ones.
    [[nodiscard]] bool is_verified() const noexcept { return is_verified_; }

    /// Returns the hash of the server's certificate, the channel binding of SCRAM (RFC 5929,
    /// section 4.1, tls-server-end-point). Nothing: the signature of the certificate has no hash
    /// of its own (Ed25519).
    [[nodiscard]] std::optional<std::string> server_end_point() const;

private:
    struct deleter {
        void operator()(SSL* session) const noexcept;
    };

    [[nodiscard]] outcome outcome_of(int result, std::size_t bytes);

    int descriptor_;
    std::unique_ptr<SSL, deleter> ssl_;
    bool is_verified_ = false;
};

}  // namespace gino::net
