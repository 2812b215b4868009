// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/connect_options.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace gino::postgresql {

namespace {

// Never quotes the given value: it may be a password in the wrong place.
[[noreturn]] void throw_bad_value(std::string_view name, std::string_view wanted) {
    throw argument_error(
        errc::invalid_url,
        "PostgreSQL's parameter \"" + std::string(name) + "\" has to be " + std::string(wanted)
    );
}

[[noreturn]] void throw_missing(const std::string& what) {
    throw argument_error(errc::invalid_url, "gino has no " + what);
}

std::size_t number(std::string_view name, const std::string& given, std::size_t most) {
    std::size_t n = 0;
    const auto [end, failure] = std::from_chars(given.data(), given.data() + given.size(), n);
    if (failure != std::errc() || end != given.data() + given.size() || n > most) {
        throw_bad_value(name, "a number from 0 to " + std::to_string(most));
    }
    return n;
}

/// A keyword's value as it is written, and its meaning.
template <class T>
struct word {
    std::string_view text;
    T meaning;
};

template <class T, std::size_t Size>
T one_of(std::string_view name, const std::string& given, const word<T> (&words)[Size]) {
    std::string list;
    for (const auto& [text, meaning] : words) {
        if (text == given) {
            return meaning;
        }
        list += (list.empty() ? "" : ", ") + std::string(text);
    }
    throw_bad_value(name, "one of " + list);
}

constexpr word<bool> switches[] = {{"0", false}, {"1", true}};

constexpr word<ssl_mode> ssl_modes[] = {
    {"disable", ssl_mode::disable},
    {"allow", ssl_mode::allow},
    {"prefer", ssl_mode::prefer},
    {"require", ssl_mode::require},
    {"verify-ca", ssl_mode::verify_ca},
    {"verify-full", ssl_mode::verify_full}};

constexpr word<channel_binding_mode> channel_binding_modes[] = {
    {"disable", channel_binding_mode::disable},
    {"prefer", channel_binding_mode::prefer},
    {"require", channel_binding_mode::require}};

constexpr word<session_target> session_targets[] = {
    {"any", session_target::any},
    {"read-write", session_target::read_write},
    {"read-only", session_target::read_only},
    {"primary", session_target::primary},
    {"standby", session_target::standby},
    {"prefer-standby", session_target::prefer_standby}};

constexpr word<statement_mode> statement_modes[] = {
    {"named", statement_mode::named},
    {"unnamed", statement_mode::unnamed},
    {"simple", statement_mode::simple}};

std::string tls_version(std::string_view name, const std::string& given) {
    static constexpr std::string_view known[] = {"", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    if (std::ranges::find(known, given) == std::ranges::end(known)) {
        throw_bad_value(name, "one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
    }
    return given;
}

// Reads `require_auth` (manual of PostgreSQL 16, 34.1.2): a list of methods or, with "!" in front
// of each, all methods but these. GSSAPI and SSPI may be named, but are never used.
std::set<std::string, std::less<>> ways_to_authenticate(const std::string& given) {
    static constexpr std::string_view ours[] = {"none", "password", "md5", "scram-sha-256"};
    static constexpr std::string_view others[] = {"gss", "sspi"};
    std::set<std::string, std::less<>> named;
    const bool is_negated = given.starts_with('!');
    for (const auto& part : split_list(given)) {
        const std::string way = part.substr(is_negated && part.starts_with('!') ? 1 : 0);
        const bool is_ours = std::ranges::find(ours, way) != std::ranges::end(ours);
        if (!is_ours && std::ranges::find(others, way) == std::ranges::end(others)) {
            throw_bad_value("require_auth", "a list of none, password, md5, scram-sha-256");
        }
        named.insert(way);
    }
    if (!is_negated) {
        return named;
    }
    std::set<std::string, std::less<>> rest;
    for (const auto way : ours) {
        if (!named.contains(way)) {
            rest.emplace(way);
        }
    }
    return rest;
}

bool is_present(const std::string& file) {
    struct stat status {};

    return ::stat(file.c_str(), &status) == 0;
}

/// Reads the settings into `connect_options`, and refuses invalid values.
class reader {
public:
    reader(settings given, const environment& from) : given_(std::move(given)), from_(from) {}

    connect_options read() {
        check_what_is_not_there();
        connect_options options;
        options.user = text("user", from_.user);
        // The database has the name of the user by default (manual, 34.1.2).
        options.database = text("dbname", options.user);
        options.application_name =
            text("application_name", text("fallback_application_name", "gino"));
        options.options = text("options", "");
        read_hosts(options);
        read_tls(options.tls);
        read_transport(options);
        options.channel_binding =
            one_of("channel_binding", text("channel_binding", "prefer"), channel_binding_modes);
        if (const auto given = text("require_auth", ""); !given.empty()) {
            options.allowed_authentication = ways_to_authenticate(given);
        }
        options.required_peer = text("requirepeer", "");
        options.target =
            one_of("target_session_attrs", text("target_session_attrs", "any"), session_targets);
        options.statement_cache_size =
            number("statement_cache_size", text("statement_cache_size", "100"), 100'000);
        options.statements =
            one_of("prepared_statements", text("prepared_statements", "named"), statement_modes);
        // Without named statements a pooler is probably in between, and several Syncs at once are
        // not sent unless they are requested.
        const bool is_unnamed =
            options.statements != statement_mode::named || options.statement_cache_size == 0;
        options.pipeline = one_of<bool>(
            "pipeline", text("pipeline", is_unnamed ? "off" : "on"), {{"on", true}, {"off", false}}
        );
        options.random_order = one_of<bool>(
            "load_balance_hosts",
            text("load_balance_hosts", "disable"),
            {{"disable", false}, {"random", true}}
        );
        return options;
    }

private:
    // Returns a setting, or `otherwise`. An empty value means the default, as in libpq.
    [[nodiscard]] std::string text(std::string_view name, const std::string& otherwise) const {
        const auto found = given_.find(name);
        return found == given_.end() || found->second.empty() ? otherwise : found->second;
    }

    [[nodiscard]] int seconds(std::string_view name) const {
        return static_cast<int>(number(name, text(name, "0"), 1'000'000));
    }

    // Refuses parameters that need features which gino does not have. To ignore them could be less
    // secure than the user believes.
    void check_what_is_not_there() const {
        static constexpr word<int> protocols[] = {{"3.0", 0}, {"3.2", 2}, {"latest", 2}};
        one_of("max_protocol_version", text("max_protocol_version", "latest"), protocols);
        const auto gss = text("gssencmode", "disable");
        if (gss != "disable" && gss != "prefer") {
            throw_missing("GSSAPI: gssencmode is disable or prefer (which does without)");
        }
        if (text("gssdelegation", "0") != "0") {
            throw_missing("GSSAPI: leave the parameter \"gssdelegation\" away");
        }
        if (text("min_protocol_version", "3.0") != "3.0") {
            throw_missing("protocol but 3.0: min_protocol_version is 3.0");
        }
        for (const auto* oauth :
             {"oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope"}) {
            if (!text(oauth, "").empty()) {
                throw_missing("OAuth: leave the parameters of \"oauth_\" away");
            }
        }
        if (!text("scram_client_key", "").empty() || !text("scram_server_key", "").empty()) {
            throw_missing("SCRAM by keys: give the password instead of scram_client_key");
        }
        if (!text("sslkeylogfile", "").empty()) {
            throw_missing("sslkeylogfile: the keys of TLS are written nowhere");
        }
        if (const auto replication = text("replication", "false");
            replication != "false" && replication != "off" && replication != "no" &&
            replication != "0") {
            throw_missing("replication protocol: leave the parameter \"replication\" away");
        }
        const auto encoding = text("client_encoding", "UTF8");
        if (encoding != "UTF8" && encoding != "utf8" && encoding != "UTF-8" && encoding != "auto") {
            throw_missing("client_encoding but UTF8");
        }
    }

    void read_transport(connect_options& options) const {
        // As in libpq, a negative number means no timeout.
        const auto timeout = text("connect_timeout", "0");
        options.connect_timeout = std::chrono::seconds(
            timeout.starts_with('-') ? 0 : number("connect_timeout", timeout, 1'000'000)
        );
        options.socket.keepalives = one_of("keepalives", text("keepalives", "1"), switches);
        options.socket.keepalives_idle = seconds("keepalives_idle");
        options.socket.keepalives_interval = seconds("keepalives_interval");
        options.socket.keepalives_count = seconds("keepalives_count");
        options.socket.tcp_user_timeout = std::chrono::milliseconds(
            number("tcp_user_timeout", text("tcp_user_timeout", "30000"), 1'000'000'000)
        );
    }

    // Returns the name of a file: the given one, which may be empty for none, or the usual one in
    // ~/.postgresql if that exists (manual, 34.19.4).
    [[nodiscard]] std::string file(std::string_view name, const std::string& usual) const {
        const auto found = given_.find(name);
        if (found != given_.end()) {
            return found->second;
        }
        const std::string path = from_.home + "/.postgresql/" + usual;
        return !from_.home.empty() && is_present(path) ? path : "";
    }

    void read_tls(tls_options& tls) const {
        tls.mode = one_of("sslmode", text("sslmode", "prefer"), ssl_modes);
        tls.root_certificate = file("sslrootcert", "root.crt");
        tls.crl_folder = text("sslcrldir", "");
        tls.crl = tls.crl_folder.empty() ? file("sslcrl", "root.crl") : text("sslcrl", "");
        const bool shows_certificate = one_of<bool>(
            "sslcertmode", text("sslcertmode", "allow"), {{"disable", false}, {"allow", true}}
        );
        tls.certificate = shows_certificate ? file("sslcert", "postgresql.crt") : "";
        tls.key = shows_certificate ? file("sslkey", "postgresql.key") : "";
        tls.key_password = text("sslpassword", "");
        tls.sni = one_of("sslsni", text("sslsni", "1"), switches);
        tls.min_version =
            tls_version("ssl_min_protocol_version", text("ssl_min_protocol_version", "TLSv1.2"));
        tls.max_version =
            tls_version("ssl_max_protocol_version", text("ssl_max_protocol_version", ""));
        tls.is_direct = one_of<bool>(
            "sslnegotiation",
            text("sslnegotiation", "postgres"),
            {{"postgres", false}, {"direct", true}}
        );
        if (tls.is_direct && tls.mode < ssl_mode::require) {
            throw_bad_value(
                "sslmode", "require, verify-ca or verify-full with sslnegotiation=direct"
            );
        }
        // As in libpq, `require` with a root certificate means `verify-ca` (manual, 34.19.1).
        if (tls.mode == ssl_mode::require && !tls.root_certificate.empty()) {
            tls.mode = ssl_mode::verify_ca;
        }
        // Anybody can obtain a certificate of a public authority, so the host name has to match.
        if (tls.root_certificate == "system" && tls.mode != ssl_mode::verify_full) {
            throw_bad_value("sslmode", "verify-full with sslrootcert=system");
        }
        if (tls.mode >= ssl_mode::verify_ca && tls.root_certificate.empty()) {
            throw argument_error(
                errc::invalid_url,
                "sslmode=" + text("sslmode", "") +
                    " needs certificates to trust: say sslrootcert=FILE, or sslrootcert=system, or "
                    "put them into ~/.postgresql/root.crt"
            );
        }
        tls.verification = tls.mode == ssl_mode::verify_full ? net::tls_verification::host_name
                           : tls.mode == ssl_mode::verify_ca ? net::tls_verification::certificate
                                                             : net::tls_verification::none;
        // Direct TLS requires ALPN (manual, 55.2.10): a server of another protocol refuses it.
        tls.application = tls.is_direct ? "postgresql" : "";
        tls.names = {
            .root_certificate = "sslrootcert",
            .crl = "sslcrl",
            .crl_folder = "sslcrldir",
            .certificate = "sslcert",
            .key = "sslkey"};
    }

    // Returns the folder of the usual Unix-domain socket if the socket exists, otherwise localhost.
    static std::string default_host(std::uint16_t port) {
        for (const auto* folder : {"/run/postgresql", "/var/run/postgresql", "/tmp"}) {
            if (is_present(std::string(folder) + "/.s.PGSQL." + std::to_string(port))) {
                return folder;
            }
        }
        return "localhost";
    }

    static std::uint16_t port_of(const std::string& given) {
        const auto port = given.empty() ? 5432 : number("port", given, 65535);
        if (port == 0) {
            throw_bad_value("port", "a number from 1 to 65535");
        }
        return static_cast<std::uint16_t>(port);
    }

    // Combines the lists of hosts, addresses and ports (manual, 34.1.1.3). A single port applies to
    // all hosts.
    void read_hosts(connect_options& options) const {
        const auto hosts = split_list(text("host", ""));
        const auto addresses = split_list(text("hostaddr", ""));
        const auto ports = split_list(text("port", ""));
        const bool has_hosts = !text("host", "").empty();
        const bool has_addresses = !text("hostaddr", "").empty();
        const std::size_t count = has_addresses ? addresses.size() : hosts.size();
        if (has_hosts && has_addresses && hosts.size() != addresses.size()) {
            throw_bad_value("hostaddr", "a list as long as that of host");
        }
        if (ports.size() != 1 && ports.size() != count) {
            throw_bad_value("port", "one number, or as many as there are hosts");
        }
        options.hosts.clear();
        for (std::size_t i = 0; i < count; ++i) {
            host_options one;
            one.port = port_of(ports[ports.size() == 1 ? 0 : i]);
            one.address = has_addresses ? addresses[i] : "";
            one.host = has_hosts ? hosts[i] : "";
            if (one.host.empty()) {
                one.host = one.address.empty() ? default_host(one.port) : one.address;
            }
            one.password = password_for(one, options);
            options.hosts.push_back(std::move(one));
        }
    }

    [[nodiscard]] std::string password_for(const host_options& host, const connect_options& options)
        const {
        if (auto given = text("password", ""); !given.empty()) {
            return given;
        }
        // In the password file the default socket has the name localhost (manual, 34.16).
        const bool is_usual_socket = host.host == "/run/postgresql" ||
                                     host.host == "/var/run/postgresql" || host.host == "/tmp";
        const password_question asked{
            .host = is_usual_socket ? "localhost" : host.host,
            .port = std::to_string(host.port),
            .database = options.database,
            .user = options.user};
        return password_of(given_, from_, asked).value_or("");
    }

    settings given_;
    const environment& from_;
};

settings settings_of(const url& where) {
    // A parameter of the query replaces the same part of the url, as in libpq.
    settings found;
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            found.emplace(name, value);
        }
    };
    put("user", where.user);
    put("password", where.password.value_or(""));
    put("host", where.host);
    put("port", where.port ? std::to_string(*where.port) : "");
    put("dbname", where.database);
    for (const auto& [name, value] : where.parameters) {
        if (!is_keyword(name)) {
            throw argument_error(
                errc::invalid_url,
                "a PostgreSQL URL has no parameter \"" + name +
                    "\"; it has those of libpq (manual, 34.1.2), statement_cache_size, "
                    "prepared_statements, pipeline, and the pool's, which begin with pool_"
            );
        }
        found.insert_or_assign(name, value);
    }
    return found;
}

}  // namespace

std::string host_options::name() const {
    if (is_unix_socket()) {
        return host + "/.s.PGSQL." + std::to_string(port);
    }
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

net::server_address host_options::where() const {
    if (is_unix_socket()) {
        return {.host = name(), .port = 0, .is_unix_socket = true};
    }
    return {.host = address.empty() ? host : address, .port = port};
}

connect_options connect_options::parse(const url& where, const environment& from) {
    return reader(with_defaults(settings_of(where), from), from).read();
}

}  // namespace gino::postgresql
