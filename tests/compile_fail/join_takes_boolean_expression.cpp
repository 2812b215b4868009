// SPDX-License-Identifier: BSD-3-Clause
// message: gino: where\(\) takes a boolean expression
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select(user::c.age).join<team>(team::c.id);
}
#else
auto first() {
    return gino::select(user::c.age).join<team>(team::c.id == user::c.id);
}
#endif
