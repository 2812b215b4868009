// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a row of values_list\(\) has as many values
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return gino::values_list("v", gino::column_name<int>("a")).row(1, 2);
}
#else
auto first() {
    return gino::values_list("v", gino::column_name<int>("a")).row(1);
}
#endif
