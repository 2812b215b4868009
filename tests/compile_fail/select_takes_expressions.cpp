// SPDX-License-Identifier: BSD-3-Clause
// message: gino: select\(\) takes expressions
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::select(7);
}
#else
auto first() {
    return gino::select(gino::literal(7));
}
#endif
