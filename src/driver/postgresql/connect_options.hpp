// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/url.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "driver/net/byte_stream.hpp"
#include "driver/net/tls.hpp"
#include "driver/postgresql/environment.hpp"

namespace gino::postgresql {

/// `sslmode`: how much a session insists on TLS (manual, 34.19).
enum class ssl_mode : std::uint8_t { disable, allow, prefer, require, verify_ca, verify_full };

/// `channel_binding`: whether SCRAM is tied to the TLS connection.
enum class channel_binding_mode : std::uint8_t { disable, prefer, require };

/// `target_session_attrs`: which server of several is wanted.
enum class session_target : std::uint8_t {
    any,
    read_write,
    read_only,
    primary,
    standby,
    prefer_standby,
};

/// `prepared_statements`: how statements are sent.
enum class statement_mode : std::uint8_t {
    named,    ///< Kept by the server, so that it parses them once.
    unnamed,  ///< Parsed each time: for poolers that hand on connections between transactions.
    simple,   ///< The simple protocol: for what knows no other. Has no parameters.
};

/// Whether TLS is used, and how.
struct tls_options : net::tls_options {
    ssl_mode mode = ssl_mode::prefer;
    bool is_direct = false;  ///< `sslnegotiation=direct`: without asking the server first.
};

/// A server that may be tried.
struct host_options {
    std::string host = "localhost";  ///< A name, an address, or the folder of a unix socket ("/").
    std::string address;             ///< Instead of looking up the name; empty: it is looked up.
    std::uint16_t port = 5432;
    std::string password;

    [[nodiscard]] bool is_unix_socket() const noexcept {
        return address.empty() && (host.starts_with('/') || host.starts_with('@'));
    }

    /// Host and port, or the socket's path, for people.
    [[nodiscard]] std::string name() const;

    [[nodiscard]] net::server_address where() const;
};

/// What a connection string, a service, the environment and the password file say together.
///
/// Keywords are libpq's (manual, 34.1.2), and of its later versions `require_auth`,
/// `load_balance_hosts`, `sslnegotiation`. Ours are:
///
/// | parameter | default | meaning |
/// | --- | --- | --- |
/// | `statement_cache_size` | 100 | prepared statements kept per connection; 0: none |
/// | `prepared_statements` | `named` | `unnamed` behind PgBouncer in its transaction mode |
/// | `pipeline` | `on`, `off` with unnamed statements | whether several Syncs are sent at once |
struct connect_options {
    std::vector<host_options> hosts{host_options{}};
    std::string user;
    std::string database;
    std::string application_name = "gino";
    std::string options;
    std::size_t statement_cache_size = 100;
    statement_mode statements = statement_mode::named;
    /// False: a pipeline whose statements are each on their own is run one by one. A batch, which
    /// has one Sync, is sent at once all the same.
    bool pipeline = true;
    std::chrono::seconds connect_timeout{0};  ///< For each host; 0: none.
    net::socket_options socket;
    tls_options tls;
    channel_binding_mode channel_binding = channel_binding_mode::prefer;
    /// Ways to authenticate that are allowed: "none", "password", "md5", "scram-sha-256". What is
    /// not said is not done: a password is never sent as an MD5 hash, or in the clear, unasked.
    std::set<std::string, std::less<>> allowed_authentication{"none", "scram-sha-256"};
    std::string required_peer;  ///< The user who has to run the server of a unix socket.
    session_target target = session_target::any;
    bool random_order = false;
    /// How long a statement may take to end once the server was asked to end it; its connection is
    /// cut then. No keyword.
    std::chrono::milliseconds cancel_timeout{2000};

    /// The first host, for people.
    [[nodiscard]] std::string address() const { return hosts.front().name(); }

    /// @throws argument_error  A parameter that nobody knows, one that needs what gino does not
    ///                         have (GSSAPI), or a value that it cannot have.
    [[nodiscard]] static connect_options parse(
        const url& where, const environment& from = environment::of_process()
    );
};

}  // namespace gino::postgresql
