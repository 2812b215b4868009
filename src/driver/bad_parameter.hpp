// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace gino::driver::detail {

/// Returns the column that the parameter `$number` is stored in or compared with. Reads the common
/// forms of statements only; empty for other ones.
[[nodiscard]] std::string column_of_parameter(std::string_view sql, std::size_t number);

/// Returns the message about a value that cannot be sent: parameter, column, reason, statement.
[[nodiscard]] std::string describe_bad_parameter(
    std::string_view why, std::size_t number, std::string_view sql
);

/// Throws the error of a value that cannot be sent, with the number of its parameter, its column
/// and the beginning of the statement.
[[noreturn]] void throw_bad_parameter(
    const argument_error& e, std::size_t number, std::string_view sql
);

}  // namespace gino::driver::detail
