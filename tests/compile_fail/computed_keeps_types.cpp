// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a computed column and the expression
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::computed(user::c.nickname, user::c.id);
}
#else
auto first() {
    return gino::computed(user::c.nickname, user::c.nickname + "!");
}
#endif
