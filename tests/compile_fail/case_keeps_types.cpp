// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this value cannot be compared
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::case_(user::c.id == 1, "one").else_(2);
}
#else
auto first() {
    return gino::case_(user::c.id == 1, "one").else_("two");
}
#endif
