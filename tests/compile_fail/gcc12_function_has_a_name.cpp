// SPDX-License-Identifier: BSD-3-Clause
// message: gino: GCC 12 destroys this argument twice when it is written inside of co_await: give it
#include <gino/engine/copy.hpp>
#include <gino/gino.hpp>

#include <string>

gino::awaitable<void> save(gino::connection& on, std::string name) {
#ifdef GINO_MISUSE
    co_await gino::copy_out(on, "COPY users TO STDOUT", [name](std::span<const std::byte>) {});
#else
    auto take = [name](std::span<const std::byte>) {};
    co_await gino::copy_out(on, "COPY users TO STDOUT", take);
#endif
}
