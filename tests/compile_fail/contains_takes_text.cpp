// SPDX-License-Identifier: BSD-3-Clause
// message: gino: contains\(\), startswith\(\) and endswith\(\) take a text
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.nickname.contains(7);
}
#else
auto first() {
    return user::c.nickname.contains("7");
}
#endif
