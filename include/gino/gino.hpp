// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Includes everything that most applications need: models, statements, types, engines.
///
/// Other headers are included separately: <gino/model/copy.hpp> for COPY,
/// <gino/engine/backup.hpp> for backups of SQLite, <gino/ext/web.hpp> and <gino/ext/beast.hpp> for
/// web applications. A program that includes single headers instead compiles faster.
///
/// Namespaces: `gino` for everything public, `gino::postgresql` and `gino::sqlite` for one
/// database, `gino::ext` for web applications, `gino::detail` for the library itself.

#include <gino/core/date_time.hpp>
#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>
#include <gino/core/value.hpp>
#include <gino/dialect/ddl.hpp>
#include <gino/driver/url.hpp>
#include <gino/engine/batch.hpp>
#include <gino/engine/co_spawn.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/cursor.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/listener.hpp>
#include <gino/engine/row.hpp>
#include <gino/engine/transaction.hpp>
#include <gino/model/crud.hpp>
#include <gino/model/database.hpp>
#include <gino/model/describe.hpp>
#include <gino/model/loader.hpp>
#include <gino/model/models.hpp>
#include <gino/schema/table_args.hpp>
#include <gino/sql/create_as.hpp>
#include <gino/sql/cte.hpp>
#include <gino/sql/delete.hpp>
#include <gino/sql/expression/aggregates.hpp>
#include <gino/sql/expression/array.hpp>
#include <gino/sql/expression/case.hpp>
#include <gino/sql/expression/dynamic.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/expression/grouping.hpp>
#include <gino/sql/expression/json.hpp>
#include <gino/sql/expression/operators.hpp>
#include <gino/sql/expression/tuple.hpp>
#include <gino/sql/expression/window.hpp>
#include <gino/sql/insert.hpp>
#include <gino/sql/named_source.hpp>
#include <gino/sql/paging.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/set_operations.hpp>
#include <gino/sql/text.hpp>
#include <gino/sql/update.hpp>
#include <gino/types/array.hpp>
#include <gino/types/composite.hpp>
#include <gino/types/enumeration.hpp>
#include <gino/types/hstore.hpp>
#include <gino/types/json_limits.hpp>
#include <gino/types/mapping.hpp>
#include <gino/types/network.hpp>
#include <gino/types/numeric.hpp>
#include <gino/types/range.hpp>
#include <gino/types/temporal.hpp>
#include <gino/types/uuid.hpp>
