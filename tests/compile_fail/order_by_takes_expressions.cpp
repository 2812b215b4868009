// SPDX-License-Identifier: BSD-3-Clause
// message: gino: order_by\(\) takes expressions
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select<user>().order_by("age");
}
#else
auto first() {
    return gino::select<user>().order_by(user::c.age);
}
#endif
