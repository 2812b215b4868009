// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/conninfo.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/hexadecimal.hpp"
#include "core/trimmed.hpp"

namespace gino::postgresql {

namespace {

/// The keywords of libpq 15, the keywords of later versions that gino knows, and gino's own.
constexpr std::array keywords = std::to_array<std::string_view>({
    "service",
    "user",
    "password",
    "passfile",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "port",
    "client_encoding",
    "options",
    "application_name",
    "fallback_application_name",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "sslmode",
    "sslcompression",
    "sslcert",
    "sslkey",
    "sslpassword",
    "sslrootcert",
    "sslcrl",
    "sslcrldir",
    "sslsni",
    "requirepeer",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "gssencmode",
    "krbsrvname",
    "gsslib",
    "replication",
    "target_session_attrs",
    // libpq 16
    "require_auth",
    "load_balance_hosts",
    "sslcertmode",
    "gssdelegation",
    // libpq 17
    "sslnegotiation",
    // libpq 18
    "servicefile",
    "min_protocol_version",
    "max_protocol_version",
    "sslkeylogfile",
    "scram_client_key",
    "scram_server_key",
    "oauth_issuer",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_scope",
    // ours
    "statement_cache_size",
    "prepared_statements",
    "pipeline",
});

[[noreturn]] void refuse(const std::string& what) {
    throw argument_error(
        errc::invalid_url, "cannot read the PostgreSQL connection string: " + what
    );
}

bool is_blank(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_uri(std::string_view text) noexcept {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

// Decodes the percent-encoding of a part of a URI. Blanks around a part are ignored, as in libpq
// since version 18.
std::string decode(std::string_view whole) {
    const std::string_view text = gino::detail::trimmed(whole);
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ') {
            refuse("it has a blank within a part; write %20 for it");
        }
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const auto byte = detail::hexadecimal_byte_at(text, i + 1);
        if (!byte) {
            refuse(
                "a '%' stands without two hexadecimal digits behind it; write %25 for the "
                "character itself"
            );
        }
        if (*byte == std::byte{0}) {
            refuse("it has a NUL character (%00)");
        }
        decoded += static_cast<char>(*byte);
        i += 2;
    }
    return decoded;
}

/// Reads a text from left to right.
class reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_done() const noexcept { return rest_.empty(); }

    // Returns the next character, or a NUL at the end: a connection string has no NUL itself.
    [[nodiscard]] char front() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

    bool take(char c) noexcept {
        if (front() != c || rest_.empty()) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    char take_any() noexcept {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view take_until(std::string_view delimiters) noexcept {
        const std::size_t size = std::min(rest_.find_first_of(delimiters), rest_.size());
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    void skip_blanks() noexcept {
        while (!rest_.empty() && is_blank(rest_.front())) {
            rest_.remove_prefix(1);
        }
    }

    /// True when the rest has a `c` that is not after an `end`.
    [[nodiscard]] bool has_before(char c, char end) const noexcept {
        return rest_.find(c) < std::min(rest_.find(end), rest_.size());
    }

private:
    std::string_view rest_;
};

/// Parses a connection string. Errors never quote a value: it may be a password.
class parser {
public:
    explicit parser(unknown_keywords unknown) : unknown_(unknown) {}

    // Reads a URI from left to right (manual, 34.1.1.2). The parts are decoded after they were
    // separated: an encoded delimiter belongs to its part.
    settings uri(std::string_view text) {
        reader from(text.substr(text.find("://") + 3));
        if (from.has_before('@', '/')) {
            credentials(from);
        }
        hosts(from);
        if (from.take('/')) {
            put_unless_empty("dbname", from.take_until("?"));
        }
        if (from.take('?')) {
            parameters(from);
        }
        return std::move(found_);
    }

    // Reads "keyword = value" pairs (manual, 34.1.1.1). Blanks around "=" are optional.
    settings keyword_values(std::string_view text) {
        reader from(text);
        for (from.skip_blanks(); !from.is_done(); from.skip_blanks()) {
            const std::string name(from.take_until("= \t\n\v\f\r"));
            from.skip_blanks();
            if (!from.take('=')) {
                refuse("a keyword has no \"=\" behind it");
            }
            from.skip_blanks();
            put(name, from.take('\'') ? quoted(from) : plain(from));
        }
        return std::move(found_);
    }

private:
    void credentials(reader& from) {
        put_unless_empty("user", from.take_until(":@"));
        if (from.take(':')) {
            put_unless_empty("password", from.take_until("@"));
        }
        from.take('@');
    }

    // Collects the hosts and ports of a URI as two lists of the same length; parts may be empty.
    void hosts(reader& from) {
        std::string hosts;
        std::string ports;
        do {
            if (!hosts.empty() || !ports.empty() || more_) {
                hosts += ',';
                ports += ',';
            }
            more_ = true;
            hosts += from.take('[') ? bracketed(from) : from.take_until(":/?,");
            if (from.take(':')) {
                ports += from.take_until("/?,");
            }
        } while (from.take(','));
        put_unless_empty("host", hosts);
        put_unless_empty("port", ports);
    }

    // The address of an IPv6 host, without its brackets: it has colons of its own.
    static std::string_view bracketed(reader& from) {
        const auto address = from.take_until("]");
        if (!from.take(']')) {
            refuse("an IPv6 address does not end with \"]\"");
        }
        if (address.empty()) {
            refuse("an IPv6 address is empty");
        }
        if (!from.is_done() &&
            std::string_view(":/?,").find(from.front()) == std::string_view::npos) {
            refuse("\":\", \"/\", \"?\" or \",\" was expected behind an IPv6 address");
        }
        return address;
    }

    void parameters(reader& from) {
        while (!from.is_done()) {
            const auto name = from.take_until("=&");
            if (!from.take('=')) {
                refuse("a parameter has no \"=\"");
            }
            const auto value = from.take_until("=&");
            if (from.front() == '=') {
                refuse("a parameter has two \"=\"; write %3D for the character itself");
            }
            from.take('&');
            const std::string keyword = decode(name);
            const std::string held = decode(value);
            // As libpq does for URIs of JDBC (manual, 34.1.1.2).
            const bool is_jdbc = keyword == "ssl" && held == "true";
            put(is_jdbc ? "sslmode" : keyword, is_jdbc ? "require" : held);
        }
    }

    // Reads a value up to a blank; a backslash escapes the character after it.
    static std::string plain(reader& from) {
        std::string value;
        while (!from.is_done() && !is_blank(from.front())) {
            if (from.take('\\') && from.is_done()) {
                break;
            }
            value += from.take_any();
        }
        if (!from.is_done()) {
            from.take_any();
        }
        return value;
    }

    // The quote at the beginning is consumed already. A backslash escapes a quote or a backslash.
    static std::string quoted(reader& from) {
        std::string value;
        while (!from.take('\'')) {
            const bool is_escaped = from.take('\\');
            if (!from.is_done()) {
                value += from.take_any();
            } else if (!is_escaped || from.is_done()) {
                refuse("a value in quotes does not end");
            }
        }
        return value;
    }

    void put_unless_empty(std::string_view name, std::string_view encoded) {
        if (!encoded.empty()) {
            put(std::string(name), decode(encoded));
        }
    }

    // Adds a setting. Quotes at most 40 bytes of an unknown name, which may be a misplaced value.
    void put(const std::string& name, std::string value) {
        if (name == "requiressl") {  // the predecessor of sslmode
            return put("sslmode", value.starts_with('1') ? "require" : "prefer");
        }
        if (!is_keyword(name) && (unknown_ == unknown_keywords::refused || name.empty())) {
            refuse(
                "there is no parameter \"" + name.substr(0, 40) +
                "\"; the manual of libpq lists them (34.1.2), and ours are statement_cache_size, "
                "prepared_statements and pipeline"
            );
        }
        if (!found_.emplace(name, std::move(value)).second) {
            refuse("the parameter \"" + name + "\" stands twice");
        }
    }

    unknown_keywords unknown_;
    settings found_;
    bool more_ = false;
};

}  // namespace

bool is_keyword(std::string_view name) noexcept {
    return std::ranges::find(keywords, name) != keywords.end();
}

settings parse_conninfo(std::string_view text, unknown_keywords unknown) {
    if (text.find('\0') != std::string_view::npos) {
        refuse("it has a NUL character");
    }
    parser by(unknown);
    return is_uri(text) ? by.uri(text) : by.keyword_values(text);
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(comma + 1);
    }
}

}  // namespace gino::postgresql
