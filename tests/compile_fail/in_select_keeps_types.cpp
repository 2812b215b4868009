// SPDX-License-Identifier: BSD-3-Clause
// message: gino: in.select. wants a select of one column
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select<user>().where(user::c.id.in(gino::select(team::c.name)));
}
#else
auto first() {
    return gino::select<user>().where(user::c.id.in(gino::select(team::c.id)));
}
#endif
