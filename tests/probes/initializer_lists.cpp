// SPDX-License-Identifier: BSD-3-Clause
// message: array used as initializer
/// @file
/// GCC 12 refuses a braced list in an expression with `co_await`. For this reason, no function that
/// users call there takes an `initializer_list`.

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace {

boost::asio::awaitable<int> in_list(std::vector<int> values) {
    co_return static_cast<int>(values.size());
}

}  // namespace

boost::asio::awaitable<int> count() {
#ifdef GINO_MISUSE
    co_return co_await in_list({1, 2, 3});
#else
    const std::vector<int> values{1, 2, 3};
    co_return co_await in_list(values);
#endif
}
