// SPDX-License-Identifier: BSD-3-Clause
// message: gino: group_by\(\) takes expressions
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select(user::c.age).group_by("age");
}
#else
auto first() {
    return gino::select(user::c.age).group_by(user::c.age);
}
#endif
