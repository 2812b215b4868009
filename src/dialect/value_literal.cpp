// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/value_literal.hpp"

#include <gino/core/error.hpp>

#include <cmath>

#include "dialect/identifier_preparer.hpp"

namespace gino::detail {

namespace {

std::string quoted_text(std::string_view text) {
    std::string literal;
    append_string_literal(literal, text);
    return literal;
}

// One function for each alternative of `value`. Texts become literals in single quotes, whose type
// the database infers from the column.
struct literal_writer {
    literal_style style;

    std::string operator()(null_t) const { return "NULL"; }

    std::string operator()(bool held) const {
        return std::string(held ? style.true_ : style.false_);
    }

    std::string operator()(std::int64_t held) const { return std::to_string(held); }

    std::string operator()(double held) const {
        const std::string text = to_string(value(held));
        // NaN and the infinities have no literal; PostgreSQL reads their names from a text.
        return std::isfinite(held) ? text : quoted_text(text);
    }

    std::string operator()(const std::string& held) const { return quoted_text(held); }

    std::string operator()(const json_text& held) const { return quoted_text(held.text); }

    // SQLite stores points in time in UTC, without an offset.
    std::string operator()(timestamptz held) const {
        return quoted_text(
            style.with_offset ? to_string(held) : to_string(timestamp(held.time_since_epoch()))
        );
    }

    std::string operator()(const decimal& held) const {
        const bool bare = style.bare_decimals && held.is_finite();
        return bare ? held.to_string() : quoted_text(held.to_string());
    }

    std::string operator()(const bytes& /*held*/) const { refuse(); }

    std::string operator()(const value::array& /*held*/) const { refuse(); }

    std::string operator()(const value::range& /*held*/) const { refuse(); }

    // Dates, times, intervals, UUIDs and addresses: their text.
    template <class Simple>
    std::string operator()(const Simple& held) const {
        return quoted_text(to_string(held));
    }

private:
    // Databases write binary values, arrays and ranges differently.
    [[noreturn]] static void refuse() {
        throw compile_error(
            errc::cannot_compile, "a value of this type cannot be written into a CREATE statement"
        );
    }
};

}  // namespace

std::string write_value_literal(const value& v, const literal_style& style) {
    return std::visit(literal_writer{style}, v.get());
}

}  // namespace gino::detail
