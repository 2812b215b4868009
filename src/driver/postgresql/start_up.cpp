// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/start_up.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver/guarded_timer.hpp"
#include "driver/postgresql/environment.hpp"
#include "driver/postgresql/sansio/authentication.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using protocol::message_type;

namespace {

// Returns the parameters of StartupMessage (manual, 55.7). The driver depends on client_encoding,
// DateStyle and standard_conforming_strings: it reads and writes UTF-8, dates as text are ISO, and
// a backslash in a literal is no escape.
std::vector<std::pair<std::string, std::string>> start_up_parameters(const connect_options& options
) {
    std::vector<std::pair<std::string, std::string>> parameters{
        {"user", options.user},
        {"database", options.database},
        {"application_name", options.application_name},
        {"client_encoding", "UTF8"},
        {"DateStyle", "ISO, YMD"},
        {"standard_conforming_strings", "on"}};
    if (!options.options.empty()) {
        parameters.emplace_back("options", options.options);
    }
    return parameters;
}

[[noreturn]] void throw_refusal(
    error_fields fields, const connect_options& options, const host_options& host
) {
    // Class 28: invalid authorization specification.
    if (fields.sqlstate.starts_with("28")) {
        const std::string message = "PostgreSQL at " + host.name() + " refused user \"" +
                                    options.user + "\": " + fields.message;
        throw connection_error(errc::authentication_failed, message, std::move(fields));
    }
    throw_database_error(std::move(fields));
}

awaitable<void> secure(
    channel& on, const connect_options& options, const host_options& host, tls_attempt tls
) {
    if (tls == tls_attempt::without) {
        co_return;
    }
    // A man in the middle can answer "no TLS": `if_offered` does not protect against that.
    const bool is_offered = options.tls.is_direct || co_await on.ask_for_tls();
    if (is_offered) {
        co_await on.bytes().start_tls(options.tls, host.host);
    } else if (tls == tls_attempt::required) {
        throw connection_error(
            errc::tls_failed,
            "PostgreSQL at " + host.name() +
                " has no TLS, and sslmode asks for it; set ssl=on at the server"
        );
    }
}

// Checks `requirepeer`, the user that runs the server of a Unix-domain socket, before anything is
// sent: any local user can create a socket in /tmp.
void check_peer(net::byte_stream& bytes, const connect_options& options, const host_options& host) {
    if (options.required_peer.empty() || !host.is_unix_socket()) {
        return;
    }
    const auto number = bytes.peer_user();
    const std::string user =
        (number ? user_name(*number) : std::nullopt).value_or("somebody unknown");
    if (user != options.required_peer) {
        bytes.close();
        throw connection_error(
            errc::connect_failed,
            "the server at " + host.name() + " is run by " + user + ", and requirepeer wants " +
                options.required_peer
        );
    }
}

sansio::transport_facts facts_of(channel& on, const host_options& host) {
    sansio::transport_facts facts{.is_local = host.is_unix_socket()};
    if (const auto* tls = on.bytes().tls()) {
        facts.is_encrypted = true;
        facts.is_verified = tls->is_verified();
        facts.server_end_point = tls->server_end_point();
    }
    return facts;
}

// Sends StartupMessage and answers the authentication requests up to ReadyForQuery (manual,
// 55.2.1). Errors leave the stream open: start_up() closes it.
awaitable<backend_key> authenticate(
    channel& on,
    sansio::exchange& state,
    const connect_options& options,
    const host_options& host,
    sansio::scram_key_cache& keys
) {
    protocol::write_startup(on.out(), start_up_parameters(options));
    co_await on.flush();
    sansio::authentication proof(options, host, facts_of(on, host), keys);
    backend_key key;
    for (;;) {
        const auto m = co_await on.next();
        // ParameterStatus and notices come between the other messages.
        if (const auto next = state.take_asynchronous(m)) {
            if (*next == sansio::action::lost) {
                on.lose(state.lost().why, state.lost().reason);
            }
            continue;
        }
        switch (m.type) {
            case message_type::authentication:
                proof.answer(m.body, on.out());
                try {
                    co_await on.flush();
                } catch (...) {
                    on.out().wipe();
                    throw;
                }
                on.out().wipe();  // the answer may be a password
                break;
            case message_type::backend_key_data: {
                protocol::reader from(m.body);
                key.process = from.int32();
                key.secret = from.int32();
                if (!from.is_done()) {
                    on.fail_protocol("a malformed BackendKeyData");
                }
                break;
            }
            case message_type::error_response: {
                error_fields refusal;
                if (!protocol::read_error(m.body, refusal)) {
                    on.fail_protocol("a malformed ErrorResponse");
                }
                throw_refusal(std::move(refusal), options, host);
            }
            case message_type::ready_for_query:
                // Otherwise a server could skip the proof that it knows the password.
                if (!proof.is_done()) {
                    state.fail_unexpected(m, "authentication");
                }
                state.take_first_ready(m);
                on.end_start_up();
                co_return key;
            default:
                state.fail_unexpected(m, "start-up");
        }
    }
}

}  // namespace

awaitable<backend_key> start_up(
    channel& on,
    sansio::exchange& state,
    const connect_options& options,
    const host_options& host,
    tls_attempt tls,
    sansio::scram_key_cache& keys,
    std::chrono::milliseconds timeout
) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    on.set_host(host.name());
    co_await on.bytes().connect(host.where(), options.socket, timeout);
    check_peer(on.bytes(), options, host);
    // connect() has its own deadline; from here on this one interrupts the stream, and the failure
    // of the interrupted wait is replaced by connect_timeout.
    const auto executor = co_await asio::this_coro::executor;
    std::optional<detail::guarded_timer> deadline;
    if (timeout > 0ms) {
        deadline.emplace(executor, end, [&on] { on.bytes().interrupt(); });
    }
    try {
        co_await secure(on, options, host, tls);
        const backend_key key = co_await authenticate(on, state, options, host, keys);
        co_return key;
    } catch (...) {
        on.bytes().close();
        if (!deadline || !deadline->has_rung()) {
            throw;
        }
        throw connection_error(
            errc::connect_timeout,
            "PostgreSQL at " + host.name() + " accepted the connection, but was not ready within " +
                std::to_string(timeout.count()) + " ms"
        );
    }
}

}  // namespace gino::postgresql
