// SPDX-License-Identifier: BSD-3-Clause
// message: gino: exact decimals and floating point numbers do not mix
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.price * user::c.weight;
}
#else
auto first() {
    return user::c.price * gino::decimal("1.5");
}
#endif
