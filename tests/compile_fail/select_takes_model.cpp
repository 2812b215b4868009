// SPDX-License-Identifier: BSD-3-Clause
// message: gino: select<T>\(\) takes a model
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct not_a_model {};

#ifdef GINO_MISUSE
auto all() {
    return gino::select<not_a_model>();
}
#else
auto all() {
    return gino::select<user>();
}
#endif
