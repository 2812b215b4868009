// SPDX-License-Identifier: BSD-3-Clause
// message: gino: GCC 12 destroys this argument twice when it is written inside of co_await: give it
#include <gino/gino.hpp>

#include <string>

#include "models.hpp"

struct greeting_loader {
    using value_type = std::string;

    std::string words;

    gino::loaded<std::string> do_load(const gino::row&, gino::load_context&) const {
        return {.value = words, .distinct = true};
    }
};

gino::awaitable<void> greet(gino::database& db, std::string name) {
#ifdef GINO_MISUSE
    co_await db.all(gino::select<user>().load(greeting_loader{.words = name}));
#else
    const greeting_loader greeting{.words = name};
    co_await db.all(gino::select<user>().load(greeting));
    co_await db.all(gino::select<user>().load(user::c.id));
#endif
}
