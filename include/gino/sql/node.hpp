// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node/expressions.hpp>
#include <gino/sql/node/ownership.hpp>
#include <gino/sql/node/sources.hpp>
#include <gino/sql/node/statements.hpp>

/// @file
/// The tree behind expressions and statements, independent of SQL text and databases.
///
/// Programs do not use it directly: they hold typed handles (`expr<T>`, `select_statement<Row>`).
/// Dialects read it. A node never changes once a second handle owns it, so statements can be shared
/// between threads.
