// SPDX-License-Identifier: BSD-3-Clause
// message: gino: the tuples that are compared have different sizes
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::tuple_(user::c.id, user::c.nickname) == std::tuple(1);
}
#else
auto first() {
    return gino::tuple_(user::c.id, user::c.nickname) == std::tuple(1, "a");
}
#endif
