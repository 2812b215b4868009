// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a foreign key's column and the column that it points to
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::foreign_key(user::c.nickname, team::c.id);
}
#else
auto first() {
    return gino::foreign_key(user::c.id, team::c.id);
}
#endif
