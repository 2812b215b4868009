// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this value cannot be compared
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::tuple_(user::c.id, user::c.nickname) == std::tuple("a", "b");
}
#else
auto first() {
    return gino::tuple_(user::c.id, user::c.nickname) == std::tuple(1, "b");
}
#endif
