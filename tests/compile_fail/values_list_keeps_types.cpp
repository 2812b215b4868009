// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this value cannot be compared
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::values_list("v", gino::column_name<int>("a")).row("x");
}
#else
auto first() {
    return gino::values_list("v", gino::column_name<int>("a")).row(1);
}
#endif
