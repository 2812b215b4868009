// SPDX-License-Identifier: BSD-3-Clause
// message: gino: check\(\) takes a boolean expression
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::check("ck", user::c.age);
}
#else
auto first() {
    return gino::check("ck", user::c.age > 0);
}
#endif
