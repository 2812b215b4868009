// SPDX-License-Identifier: BSD-3-Clause
// A model with a mistake, which is not to be explained with pages of gino's own headers.
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname;

    GINO_MODEL(user, "users", id, nicknam)
};
