// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node/expressions.hpp>
#include <gino/sql/node/ownership.hpp>
#include <gino/sql/node/sources.hpp>
#include <gino/sql/node/statements.hpp>

/// @file
/// The tree that expressions and statements are: no text, no database.
///
/// Programs never touch it: they hold typed handles (`expr<T>`, `select_statement<Row>`). Dialects
/// read it. A node never changes once a second handle holds it, so statements can be shared between
/// threads.
