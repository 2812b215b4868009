// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Everything that most applications need. <gino/model/copy.hpp> adds COPY,
/// <gino/engine/backup.hpp> backups of SQLite; web applications add <gino/ext/web.hpp> and
/// <gino/ext/beast.hpp>.

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
#include <gino/sql/aggregates.hpp>
#include <gino/sql/array.hpp>
#include <gino/sql/case.hpp>
#include <gino/sql/create_as.hpp>
#include <gino/sql/cte.hpp>
#include <gino/sql/delete.hpp>
#include <gino/sql/dynamic.hpp>
#include <gino/sql/functions.hpp>
#include <gino/sql/grouping.hpp>
#include <gino/sql/insert.hpp>
#include <gino/sql/json.hpp>
#include <gino/sql/named_source.hpp>
#include <gino/sql/operators.hpp>
#include <gino/sql/paging.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/set_operations.hpp>
#include <gino/sql/text.hpp>
#include <gino/sql/tuple.hpp>
#include <gino/sql/update.hpp>
#include <gino/sql/window.hpp>
#include <gino/types/array.hpp>
#include <gino/types/composite.hpp>
#include <gino/types/enumeration.hpp>
#include <gino/types/hstore.hpp>
#include <gino/types/mapping.hpp>
#include <gino/types/network.hpp>
#include <gino/types/numeric.hpp>
#include <gino/types/range.hpp>
#include <gino/types/temporal.hpp>
#include <gino/types/uuid.hpp>
