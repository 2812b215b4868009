// SPDX-License-Identifier: BSD-3-Clause
// message: gino: only JSON and arrays have elements
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.nickname[1];
}
#else
auto first() {
    return user::c.marks[1];
}
#endif
