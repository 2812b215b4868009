// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/url.hpp>

#include <boost/url/encode.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "core/hexadecimal.hpp"

namespace gino {

namespace {

namespace urls = boost::urls;

constexpr std::string_view shape =
    "; write scheme://[user[:password]@][host][:port][/database][?name=value&...]";

constexpr std::string_view encoding_hint =
    "; characters with a meaning of their own are written by their number in a user name, password "
    "or database name: '@' %40, ':' %3A, '/' %2F, '?' %3F, '#' %23, '%' %25, '[' %5B, ']' %5D, "
    "blank %20";

/// Throws the error of a URL. The message never quotes the URL: any part of a wrong one may contain
/// the password.
[[noreturn]] void refuse(const std::string& what, std::string_view hint = {}) {
    throw argument_error(errc::invalid_url, "cannot read the URL: " + what + std::string(hint));
}

/// The parts of a URL, split by their delimiters alone: Boost.URL reports only the first wrong
/// character, our message names the part.
struct raw_parts {
    std::string_view scheme;
    std::string_view userinfo;
    bool has_userinfo = false;
    std::string_view host;
    std::string_view port;
    std::string_view database;
    std::string_view query;
};

/// Removes the text in front of the first of `delimiters`, and returns it.
std::string_view cut(std::string_view& text, std::string_view delimiters) {
    const std::size_t size = std::min(text.find_first_of(delimiters), text.size());
    const std::string_view before = text.substr(0, size);
    text.remove_prefix(size);
    return before;
}

// user:password@host:port. The last '@' ends the user information, so that an '@' in a password is
// found there, and an IPv6 address has its colons in brackets.
void split_authority(std::string_view authority, raw_parts& parts) {
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        parts.has_userinfo = true;
        parts.userinfo = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    parts.host = authority.substr(0, has_port ? colon : authority.size());
    parts.port = has_port ? authority.substr(colon + 1) : std::string_view();
}

raw_parts split(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) {
        refuse("the scheme is missing", shape);
    }
    raw_parts parts;
    parts.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 3);
    split_authority(cut(text, "/?#"), parts);
    parts.database = cut(text, "?#");
    parts.query = cut(text, "#");
    if (!text.empty()) {
        refuse("it has a fragment ('#')", encoding_hint);
    }
    return parts;
}

void check_percent_encoding(std::string_view part, const char* name) {
    for (std::size_t at = part.find('%'); at != std::string_view::npos;
         at = part.find('%', at + 1)) {
        const auto byte = detail::hexadecimal_byte_at(part, at + 1);
        if (!byte) {
            refuse(
                std::string("the ") + name + " has a '%' that no two hexadecimal digits follow",
                encoding_hint
            );
        }
        if (*byte == std::byte{0}) {
            refuse(std::string("the ") + name + " has a NUL character (%00)");
        }
    }
}

void check_port(std::string_view port) {
    if (port.empty()) {
        return;
    }
    std::uint32_t number = 0;
    const char* const end = port.data() + port.size();
    const auto [stop, fault] = std::from_chars(port.data(), end, number);
    if (stop != end || fault == std::errc::invalid_argument) {
        refuse("the port is not a number", encoding_hint);
    }
    if (fault != std::errc() || number == 0 || number > 65'535) {
        refuse("the port is out of range; it is a number from 1 to 65535");
    }
}

/// Refuses an '@' behind the host. A "/" in a password ends the host too early; the rest of the
/// password would be read as a database or a parameter, which messages show.
void check_no_stray_at_sign(const raw_parts& parts) {
    const bool is_stray = parts.database.find('@') != std::string_view::npos ||
                          parts.query.find('@') != std::string_view::npos;
    if (is_stray && !parts.has_userinfo && !parts.host.empty()) {
        refuse("an '@' stands behind the host", encoding_hint);
    }
}

/// Finds the mistakes that Boost.URL 1.81 accepts.
void check_scheme_and_authority(const raw_parts& parts) {
    if (parts.scheme.find(':') != std::string_view::npos) {
        refuse("the scheme has a character that is no letter, digit, '+', '-' or '.'", shape);
    }
    if (parts.userinfo.find('@') != std::string_view::npos) {
        refuse("the user name or password has an '@'", encoding_hint);
    }
    // Boost.URL would read the bracket as the beginning of the host, and the text behind it as the
    // database.
    if (parts.userinfo.find_first_of("[]") != std::string_view::npos) {
        refuse("the user name or password has a bracket", encoding_hint);
    }
    const bool is_ipv6 = parts.host.starts_with('[') && parts.host.ends_with(']');
    if (!is_ipv6 && parts.host.find(':') != std::string_view::npos) {
        refuse("the host is no name or address (IPv6 is written in brackets: [::1])", shape);
    }
}

/// Finds the mistakes that the split parts show, before Boost.URL reads the whole.
void check(const raw_parts& parts) {
    check_percent_encoding(parts.userinfo, "user name or password");
    check_percent_encoding(parts.host, "host");
    check_percent_encoding(parts.database, "database");
    check_percent_encoding(parts.query, "parameters");
    check_scheme_and_authority(parts);
    check_port(parts.port);
    check_no_stray_at_sign(parts);
}

/// Names the part of a URL that does not follow the grammar although its delimiters are right.
[[noreturn]] void refuse_part(const raw_parts& parts) {
    const std::string scheme = std::string(parts.scheme) + ":";
    if (!urls::parse_uri(scheme)) {
        refuse("the scheme has a character that is no letter, digit, '+', '-' or '.'", shape);
    }
    if (!urls::parse_authority(std::string(parts.userinfo) + "@")) {
        refuse("the user name or password has a character that must be encoded", encoding_hint);
    }
    if (!urls::parse_authority(parts.host)) {
        refuse("the host is no name or address (IPv6 is written in brackets: [::1])", shape);
    }
    if (!urls::parse_origin_form("/" + std::string(parts.database))) {
        refuse("the database has a character that must be encoded", encoding_hint);
    }
    refuse("a parameter has a character that must be encoded", encoding_hint);
}

std::vector<std::pair<std::string, std::string>> read_parameters(const urls::url_view& parsed) {
    std::vector<std::pair<std::string, std::string>> result;
    if (!parsed.has_query() || parsed.encoded_query().empty()) {
        return result;
    }
    for (const auto parameter : parsed.encoded_params()) {
        std::string name = parameter.key.decode();
        if (name.empty()) {
            refuse("a parameter has no name", shape);
        }
        if (!parameter.has_value) {
            refuse("the parameter '" + name + "' has no value", shape);
        }
        const auto is_same = [&name](const auto& other) { return other.first == name; };
        if (std::any_of(result.begin(), result.end(), is_same)) {
            refuse("the parameter '" + name + "' is given twice");
        }
        result.emplace_back(std::move(name), parameter.value.decode());
    }
    return result;
}

// Converts ASCII letters only: schemes and names of parameters are ASCII (RFC 3986, section 3.1).
std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::string encoded(std::string_view text, const urls::grammar::lut_chars& allowed) {
    return urls::encode(text, allowed);
}

}  // namespace

url::url(std::string_view text) {
    const raw_parts parts = split(text);
    check(parts);
    const auto outcome = urls::parse_uri(text);
    if (!outcome) {
        refuse_part(parts);
    }
    const urls::url_view& parsed = *outcome;
    scheme = lower(parts.scheme);
    user = parsed.user();
    if (parsed.has_password()) {
        password = parsed.password();
    }
    host = parsed.host_address();
    if (!parts.port.empty()) {
        port = parsed.port_number();
    }
    const std::string path = parsed.path();
    database = path.empty() ? path : path.substr(1);
    parameters = read_parameters(parsed);
}

std::optional<std::string> url::parameter(std::string_view name) const {
    for (const auto& [known, its_value] : parameters) {
        if (known == name) {
            return its_value;
        }
    }
    return std::nullopt;
}

std::string url::redacted() const {
    const auto path_chars = urls::unreserved_chars + urls::grammar::lut_chars("/:,");
    std::string result = scheme + "://";
    if (!user.empty() || password) {
        result += encoded(user, urls::unreserved_chars) + (password ? ":***@" : "@");
    }
    const bool is_ipv6 = urls::parse_ipv6_address(host).has_value();
    result += is_ipv6 ? "[" + host + "]" : encoded(host, urls::unreserved_chars);
    if (port) {
        result += ":" + std::to_string(*port);
    }
    if (!database.empty()) {
        result += "/" + encoded(database, path_chars);
    }
    char separator = '?';
    for (const auto& [name, its_value] : parameters) {
        const bool is_secret = lower(name).find("password") != std::string::npos;
        result += separator + encoded(name, urls::unreserved_chars) + "=";
        result += is_secret ? "***" : encoded(its_value, path_chars);
        separator = '&';
    }
    return result;
}

}  // namespace gino
