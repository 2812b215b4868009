// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/connect_options.hpp"

#include <gino/core/error.hpp>

#include <charconv>
#include <pwd.h>
#include <string_view>
#include <unistd.h>

namespace gino::postgresql {

namespace {

[[noreturn]] void throw_bad_value(std::string_view name, std::string_view wanted) {
    throw argument_error(
        errc::invalid_url,
        "the PostgreSQL URL's parameter \"" + std::string(name) + "\" has to be " +
            std::string(wanted)
    );
}

std::size_t number(std::string_view name, const std::string& given, std::size_t most) {
    std::size_t n = 0;
    const auto [end, failure] = std::from_chars(given.data(), given.data() + given.size(), n);
    if (failure != std::errc() || end != given.data() + given.size() || n > most) {
        throw_bad_value(name, "a number from 0 to " + std::to_string(most));
    }
    return n;
}

void check_ssl_mode(const std::string& mode) {
    if (mode == "disable" || mode == "allow" || mode == "prefer") {
        return;
    }
    if (mode == "require" || mode == "verify-ca" || mode == "verify-full") {
        throw argument_error(
            errc::invalid_url,
            "sslmode=" + mode + " asks for TLS, which this version does not have yet"
        );
    }
    throw_bad_value("sslmode", "one of disable, allow, prefer");
}

void read_parameter(connect_options& into, const std::string& name, const std::string& given) {
    if (name == "host") {
        into.host = given;
    } else if (name == "port") {
        into.port = static_cast<std::uint16_t>(number(name, given, 65535));
    } else if (name == "application_name") {
        into.application_name = given;
    } else if (name == "options") {
        into.options = given;
    } else if (name == "statement_cache_size") {
        into.statement_cache_size = number(name, given, 100'000);
    } else if (name == "sslmode") {
        check_ssl_mode(given);
    } else {
        throw argument_error(
            errc::invalid_url,
            "a PostgreSQL URL has no parameter \"" + name +
                "\"; it has host, port, application_name, options, statement_cache_size, sslmode"
        );
    }
}

std::string user_of_process() {
    struct passwd entry {};
    struct passwd* found = nullptr;
    char buffer[4096];
    getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found);
    return found != nullptr ? found->pw_name : "postgres";
}

}  // namespace

std::string connect_options::address() const {
    return is_unix_socket() ? host + "/.s.PGSQL." + std::to_string(port)
                            : host + ":" + std::to_string(port);
}

connect_options connect_options::parse(const url& where) {
    connect_options options;
    if (!where.host.empty()) {
        options.host = where.host;
    }
    if (where.port) {
        options.port = *where.port;
    }
    options.user = where.user.empty() ? user_of_process() : where.user;
    options.password = where.password.value_or("");
    options.database = where.database.empty() ? options.user : where.database;
    for (const auto& [name, given] : where.parameters) {
        read_parameter(options, name, given);
    }
    return options;
}

}  // namespace gino::postgresql
