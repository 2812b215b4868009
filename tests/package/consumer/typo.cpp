// SPDX-License-Identifier: BSD-3-Clause
// A model with a mistake. The compiler's message must not quote pages of gino's headers.
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname;

    GINO_MODEL(user, "users", id, nicknam)
};
