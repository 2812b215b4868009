// SPDX-License-Identifier: BSD-3-Clause
// message: gino: the selects of a set operation have the same types
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::union_(gino::select(user::c.id), gino::select(team::c.name));
}
#else
auto first() {
    return gino::union_(gino::select(user::c.id), gino::select(team::c.id));
}
#endif
