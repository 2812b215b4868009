// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/engine.hpp>
#include <gino/ext/database_config.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino::ext {

namespace json = boost::json;

namespace {

// Messages name the key and never the value, which may be a password.
[[noreturn]] void throw_wrong_type(std::string_view key, std::string_view wanted) {
    throw argument_error(
        errc::invalid_option,
        "the database configuration's \"" + std::string(key) + "\" has to be " + std::string(wanted)
    );
}

std::string text_of(std::string_view key, const json::value& v) {
    if (!v.is_string()) {
        throw_wrong_type(key, "a string");
    }
    return std::string(v.get_string());
}

// The JSON parser yields int64 for small and uint64 for large numbers; doubles such as 5.0 are
// refused.
std::uint64_t number_of(std::string_view key, const json::value& v, std::uint64_t most) {
    const bool is_natural = v.is_uint64() || (v.is_int64() && v.get_int64() >= 0);
    if (!is_natural || v.to_number<std::uint64_t>() > most) {
        throw_wrong_type(key, "a whole number from 0 to " + std::to_string(most));
    }
    return v.to_number<std::uint64_t>();
}

bool flag_of(std::string_view key, const json::value& v) {
    if (!v.is_bool()) {
        throw_wrong_type(key, "true or false");
    }
    return v.get_bool();
}

// Seconds may have a fraction, which is cut at milliseconds; at most a day.
std::chrono::milliseconds seconds_of(std::string_view key, const json::value& v) {
    constexpr double most = 86'400.0;
    if (!v.is_number() || v.to_number<double>() < 0 || v.to_number<double>() > most) {
        throw_wrong_type(key, "a number of seconds from 0 to 86400");
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(v.to_number<double>() * 1000));
}

using parameter_list = std::vector<std::pair<std::string, std::string>>;

// Reads an object of parameters for the URL. A null member has its default, as everywhere in the
// configuration; numbers and booleans are written as JSON writes them.
parameter_list parameters_of(std::string_view key, const json::value& v) {
    if (!v.is_object()) {
        throw_wrong_type(key, "an object");
    }
    parameter_list parameters;
    for (const auto& [name, setting] : v.get_object()) {
        if (setting.is_null()) {
            continue;
        }
        if (setting.is_structured()) {
            throw_wrong_type(
                std::string(key) + "." + std::string(name), "a string, a number, true or false"
            );
        }
        parameters.emplace_back(
            std::string(name),
            setting.is_string() ? std::string(setting.get_string()) : json::serialize(setting)
        );
    }
    return parameters;
}

// Only names that begin with "ssl" are accepted in an object, so that a misspelt key is an error.
void read_ssl(database_config& into, std::string_view key, const json::value& v) {
    if (v.is_bool()) {
        into.ssl = v.get_bool() ? "require" : "disable";
    } else if (v.is_string()) {
        into.ssl = std::string(v.get_string());
    } else if (v.is_object()) {
        into.ssl_options = parameters_of(key, v);
        for (const auto& [name, setting] : into.ssl_options) {
            if (!name.starts_with("ssl")) {
                throw_wrong_type("ssl." + name, "an option of TLS: their names begin with ssl");
            }
        }
    } else {
        throw_wrong_type(
            key, "true, false, one of PostgreSQL's sslmode words, or an object of TLS options"
        );
    }
}

// A key of the configuration and the function that reads it.
struct known_key {
    std::string_view name;
    void (*read)(database_config& into, std::string_view key, const json::value& v);
};

constexpr std::size_t most_connections = 100'000;

// Every key, in the order in which they are listed in messages.
constexpr std::array known_keys{
    known_key{"dsn", [](auto& into, auto key, auto& v) { into.dsn = text_of(key, v); }},
    known_key{"driver", [](auto& into, auto key, auto& v) { into.driver = text_of(key, v); }},
    known_key{"host", [](auto& into, auto key, auto& v) { into.host = text_of(key, v); }},
    known_key{
        "port",
        [](auto& into, auto key, auto& v) {
            into.port = static_cast<std::uint16_t>(
                number_of(key, v, std::numeric_limits<std::uint16_t>::max())
            );
        }},
    known_key{"user", [](auto& into, auto key, auto& v) { into.user = text_of(key, v); }},
    known_key{"password", [](auto& into, auto key, auto& v) { into.password = text_of(key, v); }},
    known_key{"database", [](auto& into, auto key, auto& v) { into.database = text_of(key, v); }},
    known_key{
        "pool_min_size",
        [](auto& into, auto key, auto& v) {
            into.pool_min_size = number_of(key, v, most_connections);
        }},
    known_key{
        "pool_max_size",
        [](auto& into, auto key, auto& v) {
            into.pool_max_size = number_of(key, v, most_connections);
        }},
    known_key{"echo", [](auto& into, auto key, auto& v) { into.echo = flag_of(key, v); }},
    known_key{"ssl", read_ssl},
    known_key{"kwargs", [](auto& into, auto key, auto& v) { into.kwargs = parameters_of(key, v); }},
    known_key{
        "retry_limit",
        [](auto& into, auto key, auto& v) {
            into.retry_limit = static_cast<std::uint32_t>(number_of(key, v, 1'000'000));
        }},
    known_key{
        "retry_interval",
        [](auto& into, auto key, auto& v) { into.retry_interval = seconds_of(key, v); }},
};

[[noreturn]] void throw_unknown_key(std::string_view key) {
    std::string message = "the database configuration has no \"" + std::string(key) + "\"; it has";
    for (const auto& known : known_keys) {
        message += (&known == &known_keys.front() ? " " : ", ") + std::string(known.name);
    }
    throw argument_error(errc::invalid_option, message);
}

bool is_sqlite(std::string_view driver) {
    return driver.starts_with("sqlite");
}

// Makes a URL of the single fields. A SQLite URL has no user, host or port: the database is a file.
// The fields are assigned, not written into a text, so that they need no percent-encoding.
gino::url url_of_parts(const database_config& config) {
    if (is_sqlite(config.driver)) {
        gino::url made("sqlite://");
        made.scheme = config.driver;
        made.database = config.database;
        return made;
    }
    gino::url made("postgresql://");
    made.scheme = config.driver;
    made.user = config.user;
    if (!config.password.empty()) {
        made.password = config.password;
    }
    made.host = config.host;
    made.port = config.port;
    made.database = config.database;
    return made;
}

// Setting a parameter twice is an error, because the configuration does not define which one
// counts.
void add_parameter(gino::url& to, const std::string& name, const std::string& setting) {
    if (to.parameter(name)) {
        throw argument_error(
            errc::invalid_option,
            "the database configuration sets \"" + name + "\" twice: in its dsn, ssl or kwargs"
        );
    }
    to.parameters.emplace_back(name, setting);
}

}  // namespace

database_config database_config::parse(const json::object& config) {
    database_config parsed;
    for (const auto& [key, setting] : config) {
        const std::string_view name(key.data(), key.size());
        const auto* known = std::ranges::find(known_keys, name, &known_key::name);
        if (known == known_keys.end()) {
            throw_unknown_key(name);
        }
        if (!setting.is_null()) {
            known->read(parsed, name, setting);
        }
    }
    // The default of the minimum follows a smaller maximum; a minimum of the configuration does
    // not.
    const auto* minimum = config.if_contains("pool_min_size");
    if (minimum == nullptr || minimum->is_null()) {
        parsed.pool_min_size = std::min(parsed.pool_min_size, parsed.pool_max_size);
    }
    if (parsed.pool_max_size == 0 || parsed.pool_min_size > parsed.pool_max_size) {
        throw argument_error(
            errc::invalid_option,
            "the database configuration's pool_max_size has to be at least 1 and at least "
            "pool_min_size"
        );
    }
    return parsed;
}

gino::url database_config::url() const {
    gino::url made = dsn ? read_url(*dsn) : url_of_parts(*this);
    if (ssl) {
        add_parameter(made, "sslmode", *ssl);
    }
    for (const auto& [name, setting] : ssl_options) {
        add_parameter(made, name, setting);
    }
    for (const auto& [name, setting] : kwargs) {
        add_parameter(made, name, setting);
    }
    return made;
}

}  // namespace gino::ext
