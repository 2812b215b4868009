// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/codec/binding.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "core/hexadecimal.hpp"
#include "core/utf8.hpp"
#include "driver/bad_parameter.hpp"

namespace gino::sqlite {

namespace {

/// Writes a point in time in UTC, without an offset: SQLite has no type with a time zone, and the
/// text compares with CURRENT_TIMESTAMP, which is in UTC.
std::string in_utc(timestamptz point) {
    return to_string(timestamp(point.time_since_epoch()));
}

// Returns the shortest text that is read as the same number.
std::string shortest_digits(double number) {
    char digits[32];
    return {std::begin(digits), std::to_chars(std::begin(digits), std::end(digits), number).ptr};
}

void write_json_text(std::string_view text, std::string& into) {
    into += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            into += '\\';
            into += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            into += "\\u00";
            gino::detail::append_hexadecimal(into, static_cast<std::byte>(c));
        } else {
            into += c;
        }
    }
    into += '"';
}

fault bad_element(const char* what) {
    return bad_argument(
        errc::bad_value,
        std::string("an array for SQLite has ") + what + ", for which JSON has no form"
    );
}

/// Writes one element of an array.
struct element_writer {
    std::string& into;

    outcome operator()(null_t) const { return plain("null"); }

    // 0 and 1, as in the boolean columns that the elements are compared with.
    outcome operator()(bool held) const { return plain(held ? "1" : "0"); }

    outcome operator()(std::int64_t held) const { return plain(std::to_string(held)); }

    outcome operator()(double held) const {
        if (!std::isfinite(held)) {
            return bad_element("a number that is not finite");
        }
        // With a point, json_each() returns a REAL rather than an INTEGER.
        const std::string digits = shortest_digits(held);
        const bool looks_integer = digits.find_first_of(".e") == std::string::npos;
        return plain(looks_integer ? digits + ".0" : digits);
    }

    outcome operator()(const std::string& held) const {
        if (held.find('\0') != std::string::npos) {
            return bad_element("text with a NUL byte");
        }
        if (!gino::detail::is_utf8(held)) {
            return bad_element("text that is not UTF-8");
        }
        return text(held);
    }

    outcome operator()(const bytes& /*held*/) const { return bad_element("a binary value"); }

    outcome operator()(timestamptz held) const { return text(in_utc(held)); }

    // As a JSON string: json_each() then returns the document's own text, as a column holds it.
    outcome operator()(const json_text& held) const { return text(held.text); }

    outcome operator()(const value::array& held) const { return write_array(held, into); }

    // Types with a to_string(): dates, decimals, addresses.
    template <class Textual>
    outcome operator()(const Textual& held) const {
        return text(to_string(held));
    }

    outcome operator()(const value::range& /*held*/) const { return bad_element("a range"); }

private:
    [[nodiscard]] outcome plain(std::string_view written) const {
        into += written;
        return {};
    }

    [[nodiscard]] outcome text(std::string_view written) const {
        write_json_text(written, into);
        return {};
    }
};

/// Binds one value. Values that SQLite would change silently are refused here; its own refusals
/// come as result codes.
class binder {
public:
    binder(
        sqlite3_stmt* statement, int place, const sql_type& type, bound_lifetime lifetime
    ) noexcept
        : statement_(statement), place_(place), type_(type), lifetime_(lifetime) {}

    outcome operator()(null_t) const { return checked(sqlite3_bind_null(statement_, place_)); }

    outcome operator()(bool held) const {
        return checked(sqlite3_bind_int64(statement_, place_, held ? 1 : 0));
    }

    // SQLite stores any integer in a column declared SMALLINT, so the range is checked here, as
    // PostgreSQL checks it.
    outcome operator()(std::int64_t held) const {
        const bool has_room = type_.kind == type_kind::smallint  ? std::in_range<std::int16_t>(held)
                              : type_.kind == type_kind::integer ? std::in_range<std::int32_t>(held)
                                                                 : true;
        if (!has_room) {
            return refused(
                std::to_string(held) + " does not fit into a " + std::string(to_string(type_.kind))
            );
        }
        return checked(sqlite3_bind_int64(statement_, place_, held));
    }

    outcome operator()(double held) const {
        if (std::isnan(held)) {
            return refused("it is NaN, of which SQLite makes NULL; send NULL if that is meant");
        }
        return checked(sqlite3_bind_double(statement_, place_, held));
    }

    outcome operator()(const std::string& held) const { return text(held, destructor()); }

    outcome operator()(const bytes& held) const {
        // The pointer of an empty vector may be null, which SQLite binds as NULL.
        if (held.empty()) {
            return checked(sqlite3_bind_zeroblob(statement_, place_, 0));
        }
        return checked(
            sqlite3_bind_blob64(statement_, place_, held.data(), held.size(), destructor())
        );
    }

    outcome operator()(date held) const { return day(held, to_string(held)); }

    outcome operator()(timestamp held) const {
        return day(std::chrono::floor<std::chrono::days>(held), to_string(held));
    }

    outcome operator()(timestamptz held) const {
        return operator()(timestamp(held.time_since_epoch()));
    }

    outcome operator()(time_of_day held) const {
        using std::chrono::hours;
        if (held.since_midnight < hours(0) || held.since_midnight > hours(24)) {
            return refused("it is no time of a day, which is from 00:00 to 24:00");
        }
        return text(to_string(held), SQLITE_TRANSIENT);
    }

    outcome operator()(const json_text& held) const { return text(held.text, destructor()); }

    outcome operator()(const value::array& held) const {
        std::string written;
        if (auto wrong = write_array(held, written)) {
            return refused(wrong->message);
        }
        return text(written, SQLITE_TRANSIENT);
    }

    // Types with a to_string(): the same texts as in an array.
    template <class Textual>
    outcome operator()(const Textual& held) const {
        return text(to_string(held), SQLITE_TRANSIENT);
    }

    outcome operator()(const value::range& /*held*/) const {
        return refused("it is a range, which SQLite does not have");
    }

private:
    // For bytes of the caller. A text that is written here ends with this call: SQLITE_TRANSIENT.
    [[nodiscard]] sqlite3_destructor_type destructor() const noexcept {
        return lifetime_ == bound_lifetime::statement ? SQLITE_STATIC : SQLITE_TRANSIENT;
    }

    // Refuses years that have not four digits: their texts would not sort in the order of time. The
    // infinities do sort so: "-" is before and "i" behind all digits.
    [[nodiscard]] outcome day(date held, const std::string& written) const {
        using namespace std::chrono_literals;
        constexpr date first(std::chrono::local_days(1y / 1 / 1));
        constexpr date last(std::chrono::local_days(9999y / 12 / 31));
        const bool is_infinite = written.ends_with("infinity");
        if (!is_infinite && (held < first || held > last)) {
            return refused("SQLite stores the years 1 to 9999");
        }
        return text(written, SQLITE_TRANSIENT);
    }

    [[nodiscard]] outcome text(std::string_view held, sqlite3_destructor_type destroy) const {
        if (held.find('\0') != std::string_view::npos) {
            return refused("it has a NUL byte, which text cannot have; send it as binary");
        }
        if (!gino::detail::is_utf8(held)) {
            return refused("it is not UTF-8, which text has to be; send it as binary");
        }
        return checked(
            sqlite3_bind_text64(statement_, place_, held.data(), held.size(), destroy, SQLITE_UTF8)
        );
    }

    [[nodiscard]] outcome refused(std::string_view why, errc code = errc::bad_value) const {
        return bad_argument(
            code,
            driver::detail::describe_bad_parameter(
                why, static_cast<std::size_t>(place_), sqlite3_sql(statement_)
            )
        );
    }

    [[nodiscard]] outcome checked(int code) const {
        if (code == SQLITE_OK) {
            return {};
        }
        if (code == SQLITE_TOOBIG) {
            return refused("it is larger than a value may be", errc::limit_exceeded);
        }
        return describe_error(sqlite3_db_handle(statement_), code, sqlite3_sql(statement_));
    }

    sqlite3_stmt* statement_;
    int place_;
    const sql_type& type_;
    bound_lifetime lifetime_;
};

}  // namespace

outcome write_array(const value::array& elements, std::string& into) {
    into += '[';
    for (const value& element : elements) {
        if (&element != &elements.front()) {
            into += ',';
        }
        if (auto wrong = std::visit(element_writer{into}, element.get())) {
            return wrong;
        }
    }
    into += ']';
    return {};
}

outcome bind(
    sqlite3_stmt* statement, std::span<const driver::parameter> parameters, bound_lifetime lifetime
) {
    // The count is the largest index of a parameter ("Number Of SQL Parameters").
    const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
    if (parameters.size() != wanted) {
        return bad_argument(
            errc::invalid_argument,
            "cannot run the statement: it has " + std::to_string(wanted) +
                " parameters, and was given " + std::to_string(parameters.size()) +
                "; statement: " + sqlite3_sql(statement)
        );
    }
    int place = 0;
    for (const auto& one : parameters) {
        const binder bind_here(statement, ++place, one.type, lifetime);
        if (auto wrong = std::visit(bind_here, one.bound->get())) {
            return wrong;
        }
    }
    return {};
}

}  // namespace gino::sqlite
