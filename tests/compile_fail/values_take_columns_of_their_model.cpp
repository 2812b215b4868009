// SPDX-License-Identifier: BSD-3-Clause
// message: gino: values\(\) takes assignments to columns
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::insert<user>().values(team::c.id = 1);
}
#else
auto first() {
    return gino::insert<user>().values(user::c.id = 1);
}
#endif
