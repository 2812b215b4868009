// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/cte.hpp>
#include <gino/sql/expression/case.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/set_operations.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace gino::testing {

/// A generator of names, texts, and expressions whose values are known.
class statement_generator {
public:
    /// @param choose  Returns the next random number.
    explicit statement_generator(std::function<std::uint64_t()> choose)
        : choose_(std::move(choose)) {}

    std::size_t below(std::size_t limit) { return choose_() % limit; }

    // Returns a text of pieces that have a meaning in SQL.
    std::string nasty_text(std::size_t most_pieces) {
        static constexpr std::string_view pieces[] = {
            "'",     "''", "\"", "\\", "--", "/*", "*/", "$$", "$1",       "$a$",
            ":name", "?",  ";",  "%",  "_",  "\n", "\t", "E'", "\xc3\xa4", "\xf0\x9f\x90\x98",
            "NULL",  "a",  " ",  "::", "-",  "(",  ")",  "{",  "}",        ","};
        std::string text;
        for (std::size_t i = below(most_pieces + 1); i > 0; --i) {
            text += pieces[below(std::size(pieces))];
        }
        return text;
    }

    // Returns a unique name, which is not empty and within PostgreSQL's length limit.
    std::string nasty_name() {
        return (nasty_text(6) + "n").substr(0, 40) + std::to_string(++names_);
    }

    /// Returns an expression whose value is `wanted` within any other expression.
    expr<std::string> text(const std::string& wanted, std::size_t depth) {
        if (depth == 0) {
            return gino::literal(wanted);
        }
        const auto inner = text(wanted, depth - 1);
        const auto other = gino::literal(nasty_text(5));
        switch (below(8)) {
            case 0:
                return gino::func::coalesce(gino::null_of<std::string>(), inner);
            case 1:
                return gino::case_(truth(true, depth - 1), inner).else_(other);
            case 2:
                return gino::case_(truth(false, depth - 1), other).else_(inner);
            case 3:
                return inner + "";
            case 4: {
                const auto name = inner.label(nasty_name());
                const auto s = gino::select(name).subquery(nasty_name());
                return gino::type_coerce<std::string>(gino::select(s[name]).scalar_subquery());
            }
            case 5: {
                const auto name = inner.label(nasty_name());
                const auto c = gino::select(name).cte(nasty_name());
                return gino::type_coerce<std::string>(gino::select(c[name]).scalar_subquery());
            }
            case 6: {
                const auto both = gino::union_(gino::select(inner), gino::select(inner));
                return gino::type_coerce<std::string>(both.scalar_subquery());
            }
            default:
                return gino::cast<std::string>(inner);
        }
    }

    /// Returns a condition whose value is `wanted`.
    expr<bool> truth(bool wanted, std::size_t depth) {
        if (depth == 0) {
            return wanted ? gino::literal(2) > 1 : gino::literal(2) < 1;
        }
        const bool other = below(2) == 0;
        const auto a = truth(wanted, depth - 1);
        const auto b = truth(other, depth - 1);
        switch (below(5)) {
            case 0:
                return wanted ? a || b : a && b;
            case 1:
                return !truth(!wanted, depth - 1);
            case 2:
                return wanted == other ? a && b : (wanted ? a && !b : a || !b);
            case 3: {
                const auto n = number(depth - 1);
                return wanted ? n.first.between(n.second, n.second) : n.first.in(n.second + 1);
            }
            default: {
                const auto n = number(depth - 1);
                return wanted ? n.first == n.second : n.first != n.second;
            }
        }
    }

    /// Returns an expression of small numbers, and its value.
    std::pair<expr<std::int64_t>, std::int64_t> number(std::size_t depth) {
        if (depth == 0) {
            const auto n = static_cast<std::int64_t>(below(7)) - 3;
            return {gino::literal(n), n};
        }
        const auto [a, x] = number(depth - 1);
        const auto [b, y] = number(depth - 1);
        switch (below(4)) {
            case 0:
                return {a + b, x + y};
            case 1:
                return {a - b, x - y};
            case 2:
                return {a * b, x * y};
            default:
                return {-a, -x};
        }
    }

private:
    std::function<std::uint64_t()> choose_;
    int names_ = 0;
};

}  // namespace gino::testing
