// SPDX-License-Identifier: BSD-3-Clause
// message: gino: pages go by columns that cannot be NULL
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::after(gino::key(user::c.age, 3));
}
#else
auto first() {
    return gino::after(gino::key(user::c.id, 3));
}
#endif
