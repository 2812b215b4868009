// SPDX-License-Identifier: BSD-3-Clause
// message: gino: do_update\(\) wants to know which columns conflict
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::insert<user>().values(user::c.id = 1).on_conflict().do_update(user::c.id = 2);
}
#else
auto first() {
    return gino::insert<user>()
        .values(user::c.id = 1)
        .on_conflict(user::c.id)
        .do_update(user::c.id = 2);
}
#endif
