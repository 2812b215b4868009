// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this value is not of the type that it is bound as
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::text("SELECT :a").bind<std::int64_t>("a", "x");
}
#else
auto first() {
    return gino::text("SELECT :a").bind<std::int64_t>("a", 3);
}
#endif
