// SPDX-License-Identifier: BSD-3-Clause
// message: gino: min\(\) and max\(\) of booleans are bool_and\(\) and bool_or\(\)
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::func::min(user::c.id > 3);
}
#else
auto first() {
    return gino::func::min(user::c.id);
}
#endif
