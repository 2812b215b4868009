// SPDX-License-Identifier: BSD-3-Clause
// message: gino: models<...> takes models
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::models<int>;
}
#else
auto first() {
    return gino::models<user>;
}
#endif
