// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Everything that an application needs. Web applications add <gino/ext/web.hpp> and
/// <gino/ext/beast.hpp>.

#include <gino/core/date_time.hpp>
#include <gino/core/error.hpp>
#include <gino/core/value.hpp>
#include <gino/driver/url.hpp>
#include <gino/engine/co_spawn.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/cursor.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/row.hpp>
#include <gino/engine/transaction.hpp>
#include <gino/model/crud.hpp>
#include <gino/model/database.hpp>
#include <gino/model/describe.hpp>
#include <gino/model/loader.hpp>
#include <gino/model/models.hpp>
#include <gino/schema/table_args.hpp>
#include <gino/sql/aggregates.hpp>
#include <gino/sql/case.hpp>
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
#include <gino/types/mapping.hpp>
