// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/gino.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "golden/models.hpp"

/// @file
/// Compares the rows that the reference shows below a statement with the rows of both databases.
namespace golden {

inline std::string shown(const std::string& text) {
    return text;
}

inline std::string shown(bool truth) {
    return truth ? "true" : "false";
}

std::string shown(double number);
std::string shown(const team& one);
std::string shown(const user& one);
std::string shown(const document& one);
std::string shown(const gino::row& row);

inline std::string shown(const boost::json::value& json) {
    return boost::json::serialize(json);
}

template <class T>
std::string shown(const std::optional<T>& any);
template <class T>
std::string shown(const std::vector<T>& list);

template <class T>
std::string shown(const T& any) {
    if constexpr (std::is_integral_v<T>) {
        return std::to_string(any);
    } else {
        return gino::to_string(any);
    }
}

template <class T>
std::string shown(const std::optional<T>& any) {
    return any ? shown(*any) : "NULL";
}

template <class T>
std::string shown(const std::vector<T>& list) {
    std::string text;
    for (const auto& one : list) {
        text += (text.empty() ? "{" : ", ") + shown(one);
    }
    return text.empty() ? "{}" : text + "}";
}

template <class... Ts>
std::string shown(const std::tuple<Ts...>& row) {
    std::string text;
    const auto append = [&text](const std::string& one) {
        text += (text.empty() ? "" : " | ") + one;
    };
    std::apply([&](const auto&... one) { (append(shown(one)), ...); }, row);
    return text;
}

struct documented_rows {
    std::string_view place;   ///< Page and line: "functions.md:12".
    std::string_view wanted;  ///< A line for each row.
    bool has_order;
    bool on_sqlite;
};

using rows_of = std::function<gino::awaitable<std::vector<std::string>>(gino::transaction&)>;

/// Runs a statement on each database, over the rows of docs/reference/sql/README.md.
void check_rows(const documented_rows& documented, const rows_of& run);

template <class Statement>
inline constexpr bool has_rows = false;

template <gino::statement Statement>
inline constexpr bool has_rows<Statement> = !std::is_void_v<typename Statement::row_type>;

template <class Statement>
void expect_rows(const documented_rows& documented, const Statement& statement) {
    if constexpr (has_rows<Statement>) {
        check_rows(
            documented,
            [&](gino::transaction& on) -> gino::awaitable<std::vector<std::string>> {
                std::vector<std::string> lines;
                const auto rows = co_await on.all(statement);
                for (const auto& row : rows) {
                    lines.push_back(shown(row));
                }
                co_return lines;
            }
        );
    }
}

}  // namespace golden
