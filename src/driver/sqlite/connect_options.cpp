// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/sqlite/connect_options.hpp>

#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

namespace gino::sqlite {

namespace {

using std::string_view_literals::operator""sv;

/// A name in the URL and its value.
template <class Value>
struct choice {
    std::string_view name;
    Value value;
};

[[noreturn]] void refuse(const std::string& what) {
    throw argument_error(errc::invalid_url, "cannot use the SQLite URL: " + what);
}

// Returns the value of a name; an error lists the names.
template <class Value, std::size_t Size>
Value choose(
    std::string_view parameter, const std::string& text, const std::array<choice<Value>, Size>& from
) {
    std::string known;
    for (const auto& one : from) {
        if (one.name == text) {
            return one.value;
        }
        known += (known.empty() ? "" : ", ") + std::string(one.name);
    }
    refuse("\"" + text + "\" is no value of " + std::string(parameter) + "; there are: " + known);
}

bool read_switch(std::string_view parameter, const std::string& text) {
    constexpr std::array choices{
        choice<bool>{"on", true},
        choice<bool>{"off", false},
        choice<bool>{"true", true},
        choice<bool>{"false", false},
        choice<bool>{"1", true},
        choice<bool>{"0", false},
    };
    return choose(parameter, text, choices);
}

std::uint32_t read_number(
    std::string_view parameter, const std::string& text, std::uint32_t largest
) {
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, number);
    if (stop != end || fault != std::errc() || number > largest) {
        refuse(
            "\"" + text + "\" is no value of " + std::string(parameter) +
            "; it is a number from 0 to " + std::to_string(largest)
        );
    }
    return number;
}

open_mode read_mode(const std::string& text) {
    constexpr std::array choices{
        choice<open_mode>{"rwc", open_mode::read_write_create},
        choice<open_mode>{"rw", open_mode::read_write},
        choice<open_mode>{"ro", open_mode::read_only},
        choice<open_mode>{"memory", open_mode::memory},
    };
    return choose("mode"sv, text, choices);
}

journal_mode read_journal_mode(const std::string& text) {
    constexpr std::array choices{
        choice<journal_mode>{"wal", journal_mode::wal},
        choice<journal_mode>{"delete", journal_mode::delete_},
        choice<journal_mode>{"truncate", journal_mode::truncate},
        choice<journal_mode>{"persist", journal_mode::persist},
        choice<journal_mode>{"memory", journal_mode::memory},
    };
    return choose("journal_mode"sv, text, choices);
}

synchronous_mode read_synchronous(const std::string& text) {
    constexpr std::array choices{
        choice<synchronous_mode>{"off", synchronous_mode::off},
        choice<synchronous_mode>{"normal", synchronous_mode::normal},
        choice<synchronous_mode>{"full", synchronous_mode::full},
        choice<synchronous_mode>{"extra", synchronous_mode::extra},
    };
    return choose("synchronous"sv, text, choices);
}

/// A parameter of the URL and the function that reads its value.
struct known_parameter {
    std::string_view name;
    void (*read)(connect_options& into, const std::string& text);
};

// In the order in which the error of an unknown parameter lists them.
constexpr std::array known_parameters{
    known_parameter{
        "busy_timeout",
        [](connect_options& into, const std::string& text) {
            constexpr std::uint32_t one_day = 86'400'000;
            into.busy_timeout =
                std::chrono::milliseconds(read_number("busy_timeout"sv, text, one_day));
        }},
    known_parameter{
        "foreign_keys",
        [](connect_options& into, const std::string& text) {
            into.foreign_keys = read_switch("foreign_keys"sv, text);
        }},
    known_parameter{
        "immutable",
        [](connect_options& into, const std::string& text) {
            into.immutable = read_switch("immutable"sv, text);
        }},
    known_parameter{
        "journal_mode",
        [](connect_options& into, const std::string& text) {
            into.journal_mode = read_journal_mode(text);
        }},
    known_parameter{
        "mode",
        [](connect_options& into, const std::string& text) { into.mode = read_mode(text); }},
    known_parameter{
        "statement_cache_size",
        [](connect_options& into, const std::string& text) {
            into.statement_cache_size = read_number("statement_cache_size"sv, text, 100'000);
        }},
    known_parameter{
        "synchronous",
        [](connect_options& into, const std::string& text) {
            into.synchronous = read_synchronous(text);
        }},
};

void read_parameter(connect_options& into, const std::string& name, const std::string& text) {
    std::string known;
    for (const auto& one : known_parameters) {
        if (one.name == name) {
            one.read(into, text);
            return;
        }
        known += (known.empty() ? "" : ", ") + std::string(one.name);
    }
    refuse(
        "nobody knows the parameter \"" + name + "\"; there are: " + known +
        ", and the pool's, which begin with pool_"
    );
}

// Refuses the parts of a URL that only a server has. In "sqlite://app.db", for example, "app.db" is
// the host, not a file.
void check_has_no_server(const url& where) {
    if (!where.host.empty() || where.port) {
        refuse(
            "it names a host, and a file has none; write three slashes before a relative path "
            "(sqlite:///app.db), four before an absolute one (sqlite:////var/lib/app.db)"
        );
    }
    if (!where.user.empty() || where.password) {
        refuse("it names a user, and SQLite has none; who may open the file decides");
    }
}

}  // namespace

connect_options::connect_options(const url& where) : path(where.database) {
    check_has_no_server(where);
    for (const auto& [name, text] : where.parameters) {
        read_parameter(*this, name, text);
    }
    if (path.empty() || path == ":memory:") {
        mode = open_mode::memory;
    }
    if (mode == open_mode::memory) {
        path.clear();
    }
    if (mode == open_mode::memory && journal_mode &&
        *journal_mode != sqlite::journal_mode::memory) {
        refuse("a database in memory has journal_mode=memory and no other");
    }
    if (immutable && mode == open_mode::memory) {
        refuse("immutable=on needs a file");
    }
    // mode=rwc, the default, is accepted: immutable=on changes it to read_only below.
    if (immutable && mode == open_mode::read_write && where.parameter("mode")) {
        refuse("immutable=on and mode=rw contradict each other");
    }
    if (immutable) {
        mode = open_mode::read_only;
    }
}

}  // namespace gino::sqlite
