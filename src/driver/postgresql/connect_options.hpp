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

/// `sslmode`: whether TLS is used and the certificate is checked (manual, 34.19.3). The order of
/// the values is used: from `verify_ca` on, the certificate is checked.
enum class ssl_mode : std::uint8_t { disable, allow, prefer, require, verify_ca, verify_full };

/// `channel_binding`: whether SCRAM is bound to the TLS connection.
enum class channel_binding_mode : std::uint8_t { disable, prefer, require };

/// `target_session_attrs`: the kind of server that is requested.
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
    named,    ///< Prepared under a name, so that the server parses them once.
    unnamed,  ///< Parsed each time: for poolers that change the server between transactions.
    simple,   ///< The simple protocol, for servers that know no other. Has no parameters.
};

/// The settings of TLS in a connection string.
struct tls_options : net::tls_options {
    ssl_mode mode = ssl_mode::prefer;
    bool is_direct = false;  ///< `sslnegotiation=direct`: no SSLRequest is sent.
};

/// A server that may be tried.
struct host_options {
    std::string host = "localhost";  ///< A name, an address, or the folder of a socket ("/", "@").
    std::string address;             ///< `hostaddr`; empty: the name is looked up.
    std::uint16_t port = 5432;
    std::string password;

    [[nodiscard]] bool is_unix_socket() const noexcept {
        return address.empty() && (host.starts_with('/') || host.starts_with('@'));
    }

    /// Returns host and port, or the socket's path, for messages.
    [[nodiscard]] std::string name() const;

    [[nodiscard]] net::server_address where() const;
};

/// The settings of a connection, from the connection string, a service, the environment and the
/// password file.
///
/// The keywords are libpq's (manual, 34.1.2), and `require_auth`, `load_balance_hosts`,
/// `sslcertmode` and `sslnegotiation` of its later versions. gino's own are:
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
    /// False: the statements of a pipeline that is no batch are sent one by one. A batch, which has
    /// one Sync, is sent at once all the same.
    bool pipeline = true;
    std::chrono::seconds connect_timeout{0};  ///< For each host; 0: none.
    net::socket_options socket;
    tls_options tls;
    channel_binding_mode channel_binding = channel_binding_mode::prefer;
    /// The allowed methods of authentication: "none", "password", "md5", "scram-sha-256". By
    /// default a server cannot obtain the password, in the clear or as an MD5 hash, by requesting
    /// it.
    std::set<std::string, std::less<>> allowed_authentication{"none", "scram-sha-256"};
    std::string required_peer;  ///< The user that has to run the server of a Unix-domain socket.
    session_target target = session_target::any;
    bool random_order = false;
    /// The longest time between a CancelRequest and the end of the statement; the connection is cut
    /// then. Has no keyword.
    std::chrono::milliseconds cancel_timeout{2000};

    /// Returns the name of the first host, for messages.
    [[nodiscard]] std::string address() const { return hosts.front().name(); }

    /// Reads a url, and adds the defaults of its environment.
    ///
    /// @throws argument_error  An unknown parameter, a parameter for a feature that gino does not
    ///                         have (GSSAPI), or an invalid value.
    [[nodiscard]] static connect_options parse(
        const url& where, const environment& from = environment::of_process()
    );
};

}  // namespace gino::postgresql
