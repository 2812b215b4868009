// SPDX-License-Identifier: BSD-3-Clause
// message: gino: transaction\(\) takes a callback, whose verbs are in the transaction: write
#include <gino/gino.hpp>

gino::awaitable<void> pay(gino::database& db, gino::engine& on, gino::connection& held) {
#ifdef GINO_MISUSE
    co_await db.transaction();
    co_await on.transaction({.read_only = true});
    co_await held.transaction();
#else
    auto of_database = co_await db.begin();
    auto of_engine = co_await on.begin({.read_only = true});
    auto of_connection = co_await held.begin();
#endif
}
