// SPDX-License-Identifier: BSD-3-Clause
// message: gino: sum\(\) wants numbers
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::func::sum(user::c.nickname);
}
#else
auto first() {
    return gino::func::sum(user::c.id);
}
#endif
