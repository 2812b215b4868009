// SPDX-License-Identifier: BSD-3-Clause
// message: gino: the selects of a set operation have the same types
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::union_(
        gino::select(user::c.age), gino::select(gino::cast<std::int32_t>(team::c.id))
    );
}
#else
auto first() {
    return gino::union_(
        gino::select(user::c.age),
        gino::select(gino::nullable(gino::cast<std::int32_t>(team::c.id)))
    );
}
#endif
