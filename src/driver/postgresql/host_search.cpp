// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/host_search.hpp"

#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "driver/guarded_timer.hpp"
#include "driver/postgresql/session.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

/// A search among the hosts for a server of the kind that `target_session_attrs` requests (manual,
/// 34.1.1.3).
///
/// The hosts are tried one after the other, once for each acceptable kind. `prefer-standby` looks
/// for a standby first, then for any server; `any` looks for a server that accepts writes first
/// after a host was demoted (docs/decisions/0034).
///
/// Lifetime: a coroutine frame keeps it until `run()` has ended.
class search {
public:
    search(
        asio::any_io_executor executor, session_settings settings, std::chrono::milliseconds timeout
    )
        : executor_(std::move(executor)),
          settings_(std::move(settings)),
          end_(std::chrono::steady_clock::now() + timeout),
          has_end_(timeout > 0ms) {}

    [[nodiscard]] awaitable<std::unique_ptr<driver::connection>> run() {
        secret_hosts all(settings_.options->hosts);
        auto& hosts = all.hosts;
        if (settings_.password) {
            co_await ask_for_password(hosts);
        }
        if (settings_.options->random_order) {
            std::shuffle(hosts.begin(), hosts.end(), std::random_device());
        }
        std::vector<session_target> targets{settings_.options->target};
        if (settings_.options->target == session_target::prefer_standby) {
            targets.push_back(session_target::any);
        }
        const bool takes_any = settings_.options->target == session_target::any;
        if (takes_any && hosts.size() > 1 && settings_.demoted->has_any()) {
            targets = {session_target::read_write, session_target::any};
        }
        for (const auto target : targets) {
            for (const auto& host : hosts) {
                if (auto found = co_await try_host(host, target)) {
                    co_return std::move(found);
                }
            }
        }
        throw_failure();
    }

private:
    using attempt = std::unique_ptr<session>;

    /// Copies of hosts, whose passwords are overwritten at the end of the search.
    struct secret_hosts {
        explicit secret_hosts(const std::vector<host_options>& all) : hosts(all) {}

        secret_hosts(const secret_hosts&) = delete;
        secret_hosts& operator=(const secret_hosts&) = delete;

        ~secret_hosts() {
            for (auto& host : hosts) {
                OPENSSL_cleanse(host.password.data(), host.password.size());
            }
        }

        std::vector<host_options> hosts;
    };

    // Calls the program's password callback, within the time for connecting. SCRAM's keys are not
    // cached for such a password: it may be short-lived, and must not stay in memory.
    [[nodiscard]] awaitable<void> ask_for_password(std::vector<host_options>& hosts) {
        settings_.keys = std::make_shared<sansio::scram_key_cache>();
        const auto time = time_for_a_host();
        asio::steady_timer late(executor_, std::chrono::steady_clock::time_point::max());
        if (time > 0ms) {
            late.expires_after(time);
        }
        // Without a deadline the timer never expires.
        auto first = co_await (settings_.password() || late.async_wait(asio::use_awaitable));
        if (first.index() == 1) {
            throw connection_error(
                errc::connect_timeout,
                "engine_options::password gave no password within the time for connecting"
            );
        }
        std::string& given = std::get<0>(first);
        for (auto& host : hosts) {
            host.password = given;
        }
        OPENSSL_cleanse(given.data(), given.size());
    }

    // Tries a host, with and without TLS as `sslmode` allows. Returns null when the next host is to
    // be tried, and throws when no other host would help.
    [[nodiscard]] awaitable<attempt> try_host(const host_options& host, session_target target) {
        const auto attempts = attempts_for(host);
        for (const auto tls : attempts) {
            auto fresh = std::make_unique<session>(executor_, settings_, host);
            bool is_wanted = false;
            std::exception_ptr failure;
            try {
                is_wanted = co_await open(*fresh, tls, target);
            } catch (...) {
                failure = std::current_exception();
            }
            if (failure == nullptr && is_wanted) {
                co_return std::move(fresh);
            }
            if (failure == nullptr) {
                co_await fresh->close();
                note(host, "the server is not of the kind that target_session_attrs asks for");
                co_return nullptr;
            }
            failure_ = failure;
            // The server has no TLS, so this attempt was made without: the next one is the same.
            const bool is_last =
                tls == attempts.back() || (tls == tls_attempt::if_offered && !fresh->had_tls());
            if (!may_try_again(host, failure, is_last)) {
                break;
            }
        }
        co_return nullptr;
    }

    // Opens the session and determines the kind of its server. Returns false for another kind.
    [[nodiscard]] awaitable<bool> open(session& fresh, tls_attempt tls, session_target target) {
        const auto time = time_for_a_host();
        const auto end = std::chrono::steady_clock::now() + time;
        co_await fresh.open(tls, time);
        // The query for the kind counts against the same deadline. interrupt(), unlike closing,
        // is safe from the timer's thread.
        std::optional<detail::guarded_timer> deadline;
        if (time > 0ms) {
            deadline.emplace(executor_, end, [&fresh] { fresh.interrupt(); });
        }
        try {
            const bool is_wanted = co_await fresh.is_wanted(target);
            co_return is_wanted;
        } catch (...) {
            if (!deadline || !deadline->has_rung()) {
                throw;
            }
            throw connection_error(
                errc::connect_timeout,
                "the server let us in, but did not say within " + std::to_string(time.count()) +
                    " ms of what kind it is (target_session_attrs)"
            );
        }
    }

    // Returns the attempts for a host, in their order (manual, 34.19.3). Unix-domain sockets have
    // no TLS.
    [[nodiscard]] std::vector<tls_attempt> attempts_for(const host_options& host) const {
        if (host.is_unix_socket()) {
            return {tls_attempt::without};
        }
        switch (settings_.options->tls.mode) {
            case ssl_mode::disable:
                return {tls_attempt::without};
            case ssl_mode::allow:
                return {tls_attempt::without, tls_attempt::required};
            case ssl_mode::prefer:
                return {tls_attempt::if_offered, tls_attempt::without};
            case ssl_mode::require:
            case ssl_mode::verify_ca:
            case ssl_mode::verify_full:
                break;
        }
        return {tls_attempt::required};
    }

    // Returns the time for the next host: `connect_timeout`, or less if the caller's deadline is
    // earlier; 0: none. Never 0 because the deadline has passed: that would mean no timeout.
    [[nodiscard]] std::chrono::milliseconds time_for_a_host() const {
        std::chrono::milliseconds time = settings_.options->connect_timeout;
        if (has_end_) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end_ - std::chrono::steady_clock::now()
            );
            time = time > 0ms ? std::min(time, left) : left;
            time = std::max(time, 1ms);
        }
        return time;
    }

    // Notes a failure. Returns true when another attempt with the same host, with or without TLS,
    // may succeed. Throws when no other host would help: a cancellation, and a refused user or
    // password, after which libpq does not try other hosts either (manual, 34.1.1.3).
    bool may_try_again(
        const host_options& host, const std::exception_ptr& failure, bool is_last_attempt
    ) {
        try {
            std::rethrow_exception(failure);
        } catch (const connection_error& e) {
            note(host, e.what());
            if (e.code() == errc::cancelled) {
                throw;
            }
            const bool is_refused = e.code() == errc::authentication_failed;
            if (e.code() == errc::tls_failed || (is_refused && !is_last_attempt)) {
                return true;
            }
            if (is_refused) {
                throw;
            }
        } catch (const database_error& e) {
            note(host, e.what());
            const bool may_differ = e.sqlstate() == sqlstate::cannot_connect_now ||
                                    e.sqlstate() == sqlstate::too_many_connections ||
                                    e.code() == errc::protocol_violation;
            if (!may_differ) {
                throw;
            }
        }
        return false;
    }

    void note(const host_options& host, const std::string& what) {
        summary_ += (summary_.empty() ? "" : "; ") + host.name() + ": " + what;
    }

    [[noreturn]] void throw_failure() const {
        if (failure_ != nullptr && settings_.options->hosts.size() == 1) {
            std::rethrow_exception(failure_);
        }
        throw connection_error(errc::connect_failed, "cannot connect to PostgreSQL: " + summary_);
    }

    asio::any_io_executor executor_;
    session_settings settings_;
    std::chrono::steady_clock::time_point end_;
    bool has_end_;
    std::exception_ptr failure_;
    std::string summary_;
};

}  // namespace

awaitable<std::unique_ptr<driver::connection>> connect(
    asio::any_io_executor executor, session_settings settings, std::chrono::milliseconds timeout
) {
    search among(std::move(executor), std::move(settings), timeout);
    try {
        auto found = co_await among.run();
        co_return std::move(found);
    } catch (const boost::system::system_error& e) {  // no file descriptor is left, for one
        throw connection_error(
            errc::connect_failed, "cannot connect to PostgreSQL: " + e.code().message()
        );
    }
}

}  // namespace gino::postgresql
