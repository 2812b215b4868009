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

/// How far the server's certificate is checked.
enum class tls_verification : std::uint8_t {
    none,         ///< Any certificate is taken.
    certificate,  ///< It is signed by a trusted authority.
    host_name,    ///< It also names the host.
};

/// The names of options in error messages, as the user of a driver has written them.
struct tls_option_names {
    std::string_view root_certificate = "the file of trusted certificates";
    std::string_view crl = "the file of revoked certificates";
    std::string_view crl_folder = "the folder of revoked certificates";
    std::string_view certificate = "the client's certificate";
    std::string_view key = "the client's private key";
};

/// What a TLS connection needs.
struct tls_options {
    tls_verification verification = tls_verification::none;
    std::string root_certificate;  ///< A file; "system": the machine's; empty: none.
    std::string crl;               ///< A file of revoked certificates; empty: none.
    std::string crl_folder;        ///< A folder of them; empty: none.
    std::string certificate;       ///< The client's own, a file; empty: none.
    std::string key;               ///< Its private key, a file; empty: in `certificate`.
    std::string key_password;
    bool sni = true;  ///< The host's name is sent before encryption begins.
    std::string min_version = "TLSv1.2";
    std::string max_version;   ///< Empty: the newest.
    std::string application;   ///< The application protocol (ALPN); empty: none is offered.
    tls_option_names names{};  ///< Must outlive the session.
};

/// A TLS connection over a socket that does not wait.
///
/// Nothing here waits: each call says what it waits for, and is made again when that has come.
///
/// Thread safety: none.
class tls_session {
public:
    enum class progress : std::uint8_t { done, wants_read, wants_write, closed };

    struct outcome {
        progress state = progress::done;
        std::size_t bytes = 0;  ///< Of those that are done.
    };

    /// Reads the certificates that the options name.
    ///
    /// @param host        The server's name, which its certificate has to have in `verify_full`.
    /// @param descriptor  Must be open as long as the session is used.
    /// @throws connection_error  `errc::tls_failed`: a file cannot be read; names it.
    tls_session(const tls_options& options, const std::string& host, int descriptor);
    tls_session(const tls_session&) = delete;
    tls_session& operator=(const tls_session&) = delete;
    ~tls_session();

    /// @throws connection_error  `errc::tls_failed`: the server's certificate is not trusted, or
    ///                           both sides have no version or cipher in common; says why.
    [[nodiscard]] progress handshake();

    /// @throws connection_error  `errc::connection_lost`: what came is no TLS, or was changed on
    ///                           its way.
    [[nodiscard]] outcome read(std::span<std::byte> into);
    [[nodiscard]] outcome write(std::span<const std::byte> from);

    /// Looks at the next byte without taking it; nothing: there is none now, or no more.
    [[nodiscard]] std::optional<std::byte> peek(bool& is_closed) noexcept;

    /// Says goodbye, without waiting for an answer.
    void shut_down() noexcept;

    /// True when the server's certificate was checked against trusted ones.
    [[nodiscard]] bool is_verified() const noexcept { return is_verified_; }

    /// The hash of the server's certificate that SCRAM is tied to (RFC 5929, tls-server-end-point).
    /// Nothing: its signature has no hash of its own (Ed25519).
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
