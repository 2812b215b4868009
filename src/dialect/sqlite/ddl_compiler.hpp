// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/schema/table.hpp>

#include <vector>

#include "dialect/ddl_compiler.hpp"

namespace gino::sqlite {

[[nodiscard]] const detail::ddl_compiler& ddl() noexcept;

/// What has to be there before the table.
[[nodiscard]] std::vector<schema_object> objects_of(const table_definition& table);

}  // namespace gino::sqlite
