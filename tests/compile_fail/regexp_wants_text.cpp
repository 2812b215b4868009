// SPDX-License-Identifier: BSD-3-Clause
// message: gino: LIKE and regular expressions want a text
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.id.regexp_match("^1");
}
#else
auto first() {
    return user::c.nickname.regexp_match("^1");
}
#endif
