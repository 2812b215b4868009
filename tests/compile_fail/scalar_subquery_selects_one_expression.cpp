// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a scalar subquery selects exactly one expression
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select(user::c.id, user::c.age).scalar_subquery();
}
#else
auto first() {
    return gino::select(user::c.id).scalar_subquery();
}
#endif
