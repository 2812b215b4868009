// SPDX-License-Identifier: BSD-3-Clause
// message: gino: an element of an array has a place
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.marks["x"];
}
#else
auto first() {
    return user::c.marks[1];
}
#endif
