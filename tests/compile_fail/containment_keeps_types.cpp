// SPDX-License-Identifier: BSD-3-Clause
// message: gino: only arrays, JSON, ranges and networks contain
#include "models.hpp"

#ifdef GINO_MISUSE
auto first() {
    return user::c.marks.contains(std::vector<std::string>{"x"});
}
#else
auto first() {
    return user::c.marks.contains(std::vector<std::int32_t>{1});
}
#endif
