// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/environment.hpp"

#include <gino/core/error.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/trimmed.hpp"

namespace gino::postgresql {

namespace {

// The variables and their keywords (manual, 34.15, and those of later versions at the end).
constexpr std::array variables = std::to_array<std::pair<const char*, const char*>>({
    {"PGHOST", "host"},
    {"PGHOSTADDR", "hostaddr"},
    {"PGPORT", "port"},
    {"PGDATABASE", "dbname"},
    {"PGUSER", "user"},
    {"PGPASSWORD", "password"},
    {"PGPASSFILE", "passfile"},
    {"PGCHANNELBINDING", "channel_binding"},
    {"PGOPTIONS", "options"},
    {"PGAPPNAME", "application_name"},
    {"PGSSLMODE", "sslmode"},
    {"PGSSLCOMPRESSION", "sslcompression"},
    {"PGSSLCERT", "sslcert"},
    {"PGSSLKEY", "sslkey"},
    {"PGSSLROOTCERT", "sslrootcert"},
    {"PGSSLCRL", "sslcrl"},
    {"PGSSLCRLDIR", "sslcrldir"},
    {"PGSSLSNI", "sslsni"},
    {"PGREQUIREPEER", "requirepeer"},
    {"PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"},
    {"PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"},
    {"PGGSSENCMODE", "gssencmode"},
    {"PGKRBSRVNAME", "krbsrvname"},
    {"PGGSSLIB", "gsslib"},
    {"PGCONNECT_TIMEOUT", "connect_timeout"},
    {"PGCLIENTENCODING", "client_encoding"},
    {"PGTARGETSESSIONATTRS", "target_session_attrs"},
    {"PGREQUIREAUTH", "require_auth"},
    {"PGLOADBALANCEHOSTS", "load_balance_hosts"},
    {"PGSSLNEGOTIATION", "sslnegotiation"},
});

std::optional<std::string> read_file(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::string_view trimmed(std::string_view text) {
    return gino::detail::trimmed(text, " \t\v\f");
}

[[noreturn]] void refuse_service(const std::string& what) {
    throw argument_error(errc::invalid_url, "PostgreSQL's service file: " + what);
}

/// Adds those settings of a service that `into` does not have. Returns false when the file has no
/// such service.
bool add_service(std::string_view text, const std::string& service, settings& into) {
    bool is_found = false;
    // The settings of the service are kept apart: those of `into` win, but within a service the
    // first line of a keyword does.
    settings its;
    while (!text.empty()) {
        const auto line = trimmed(take_line(text));
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line.starts_with('[')) {
            if (is_found) {
                break;
            }
            is_found = line == "[" + service + "]";
            continue;
        }
        if (!is_found) {
            continue;
        }
        const std::size_t equals = line.find('=');
        const std::string name(line.substr(0, equals));
        if (equals == std::string_view::npos || !is_keyword(name)) {
            refuse_service("service \"" + service + "\" has a line that is no parameter");
        }
        if (name == "service") {
            refuse_service("service \"" + service + "\" names a service again");
        }
        its.emplace(name, line.substr(equals + 1));
    }
    into.merge(its);
    return is_found;
}

// Adds the settings of the requested service, from the user's file or the machine's (manual,
// 34.17). A file that was named has to exist; the user's file is optional.
void add_service_of(settings& given, const environment& from) {
    const auto named = given.find("service");
    const auto service =
        named != given.end() ? std::optional(named->second) : from.variable("PGSERVICE");
    if (!service) {
        return;
    }
    const auto file_named = given.find("servicefile");
    const auto file = file_named != given.end() ? std::optional(file_named->second)
                                                : from.variable("PGSERVICEFILE");
    if (file) {
        const auto text = read_file(*file);
        if (!text) {
            refuse_service("\"" + *file + "\" cannot be read");
        }
        if (add_service(*text, *service, given)) {
            return;
        }
    } else if (!from.home.empty()) {
        const auto text = read_file(from.home + "/.pg_service.conf");
        if (text && add_service(*text, *service, given)) {
            return;
        }
    }
    const auto folder = from.variable("PGSYSCONFDIR").value_or("/etc/postgresql-common");
    const auto text = read_file(folder + "/pg_service.conf");
    if (!text || !add_service(*text, *service, given)) {
        refuse_service("there is no service \"" + *service + "\"");
    }
}

/// Consumes a field of a line of the password file and its colon (manual, 34.16). Returns true when
/// the field equals `wanted`, or is `*`; an escaped `\*` is a plain asterisk.
bool take_field(std::string_view& line, std::string_view wanted) {
    const bool is_any = line == "*" || line.starts_with("*:");
    std::string field;
    while (!line.empty() && line.front() != ':') {
        if (line.front() == '\\' && line.size() > 1) {
            line.remove_prefix(1);
        }
        field += line.front();
        line.remove_prefix(1);
    }
    if (line.empty()) {
        return false;
    }
    line.remove_prefix(1);
    return is_any || field == wanted;
}

struct known_user {
    std::string name;
    std::string home;
};

// Returns the user of a number in the machine's database of users, or nothing.
std::optional<known_user> find_user(uid_t user) {
    // The reentrant function: getpwuid() has a static buffer. ERANGE: the buffer is too small.
    struct passwd entry {};
    struct passwd* found = nullptr;
    std::vector<char> buffer(4096);
    while (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == ERANGE) {
        buffer.resize(buffer.size() * 2);
    }
    if (found == nullptr) {
        return std::nullopt;
    }
    return known_user{.name = found->pw_name, .home = found->pw_dir};
}

}  // namespace

std::optional<std::string> user_name(uid_t user) {
    const auto found = find_user(user);
    return found ? std::optional(found->name) : std::nullopt;
}

environment environment::of_process() {
    const auto found = find_user(geteuid());
    environment made;
    made.variable = [](const std::string& name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): as safe as the program's own setenv() is
        const char* const value = std::getenv(name.c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    };
    made.user = found ? found->name : "postgres";
    // HOME comes before the home directory in the database of users, as in libpq.
    made.home = made.variable("HOME").value_or(found ? found->home : "");
    return made;
}

settings with_defaults(settings given, const environment& from) {
    // Precedence: the connection string, the service, the environment (manual, 34.15 and 34.17).
    add_service_of(given, from);
    for (const auto& [name, keyword] : variables) {
        if (given.contains(keyword)) {
            continue;
        }
        if (auto value = from.variable(name)) {
            given.emplace(keyword, std::move(*value));
        }
    }
    // PGREQUIRESSL is older than PGSSLMODE; libpq reads it still.
    if (!given.contains("sslmode") && from.variable("PGREQUIRESSL").value_or("").starts_with('1')) {
        given.emplace("sslmode", "require");
    }
    return given;
}

std::optional<std::string> find_password(std::string_view file, const password_question& asked) {
    while (!file.empty()) {
        std::string_view line = take_line(file);
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (take_field(line, asked.host) && take_field(line, asked.port) &&
            take_field(line, asked.database) && take_field(line, asked.user)) {
            std::string password;
            for (; !line.empty() && line.front() != ':'; line.remove_prefix(1)) {
                if (line.front() == '\\' && line.size() > 1) {
                    line.remove_prefix(1);
                }
                password += line.front();
            }
            return password;
        }
    }
    return std::nullopt;
}

std::optional<std::string> password_of(
    const settings& of, const environment& from, const password_question& asked
) {
    std::string name;
    if (const auto named = of.find("passfile"); named != of.end()) {
        name = named->second;
    } else if (!from.home.empty()) {
        name = from.home + "/.pgpass";
    }

    struct stat status {};

    const bool is_private = ::stat(name.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
                            (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    const auto text = is_private ? read_file(name) : std::nullopt;
    return text ? find_password(*text, asked) : std::nullopt;
}

}  // namespace gino::postgresql
