// SPDX-License-Identifier: BSD-3-Clause
// message: gino: GCC 12 destroys this argument twice when it is written inside of co_await: give it
#include <gino/engine/copy.hpp>
#include <gino/gino.hpp>

#include <functional>
#include <memory>
#include <string>

gino::awaitable<void> greet(gino::database& db, gino::connection& held, std::string name) {
#ifdef GINO_MISUSE
    co_await db.transaction([name]() -> gino::awaitable<void> { co_return; });
#else
    auto by_copy = [name]() -> gino::awaitable<void> { co_return; };
    co_await db.transaction(by_copy);
    co_await db.transaction([&name]() -> gino::awaitable<void> { co_return; });
    co_await db.with_connection(by_copy);
    auto only_moves = [of = std::make_unique<std::string>(name)]() -> gino::awaitable<void> {
        co_return;
    };
    co_await db.transaction(std::ref(only_moves));
    co_await held.transaction(std::ref(by_copy));
    co_await gino::copy_out(held, "COPY users TO STDOUT", [&name](std::span<const std::byte>) {});
#endif
}
