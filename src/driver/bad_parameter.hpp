// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace gino::driver::detail {

/// The column that the parameter `$number` is stored in or compared with, as far as the text of the
/// statement shows it at a glance; empty: it does not.
[[nodiscard]] std::string column_of_parameter(std::string_view sql, std::size_t number);

/// The sentence about a value that cannot be sent.
[[nodiscard]] std::string describe_bad_parameter(
    std::string_view why, std::size_t number, std::string_view sql
);

/// Throws the error of a value that cannot be sent, with the number of its parameter, its column
/// and the beginning of the statement.
[[noreturn]] void throw_bad_parameter(
    const argument_error& e, std::size_t number, std::string_view sql
);

}  // namespace gino::driver::detail
