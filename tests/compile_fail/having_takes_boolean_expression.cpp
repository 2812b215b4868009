// SPDX-License-Identifier: BSD-3-Clause
// message: gino: where\(\) takes a boolean expression
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select(user::c.age).group_by(user::c.age).having(user::c.age);
}
#else
auto first() {
    return gino::select(user::c.age).group_by(user::c.age).having(user::c.age > 3);
}
#endif
