// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "driver/postgresql/connect_options.hpp"

using SSL = struct ssl_st;

namespace gino::postgresql {

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

}  // namespace gino::postgresql
