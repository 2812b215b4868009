// SPDX-License-Identifier: BSD-3-Clause
// message: gino: arithmetic wants numbers
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.nickname * 2;
}
#else
auto first() {
    return user::c.id * 2;
}
#endif
