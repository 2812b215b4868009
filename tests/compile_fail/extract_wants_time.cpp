// SPDX-License-Identifier: BSD-3-Clause
// message: gino: extract\(\) wants a date or a time
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::extract(gino::date_part::year, user::c.nickname);
}
#else
auto first() {
    return gino::extract(gino::date_part::year, user::c.born);
}
#endif
