// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a model is wanted here
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select(user::c.age).join<int>(user::c.id == 1);
}
#else
auto first() {
    return gino::select(user::c.age).join<team>(user::c.id == 1);
}
#endif
