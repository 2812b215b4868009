// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Checks that a coroutine destroys each object that it constructs exactly once.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <iostream>
#include <string_view>

namespace probes {

namespace asio = boost::asio;
using asio::awaitable;

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ == 12
inline constexpr bool is_gcc_12 = true;
#else
inline constexpr bool is_gcc_12 = false;
#endif

/// A value whose constructions and destructions are counted. It owns no resource, so that a second
/// destruction of the same object is harmless.
class tracked {
public:
    tracked(int id = 0) noexcept : id_(id) { ++balance; }

    tracked(const tracked& other) noexcept : id_(other.id_) { ++balance; }

    tracked(tracked&& other) noexcept : id_(other.id_) { ++balance; }

    tracked& operator=(const tracked&) noexcept = default;
    tracked& operator=(tracked&&) noexcept = default;

    ~tracked() { --balance; }

    [[nodiscard]] int id() const noexcept { return id_; }

    /// The number of constructions minus the number of destructions.
    inline static int balance = 0;

private:
    int id_;
};

/// Runs a coroutine to its end and returns the number of `tracked` objects that it left alive. A
/// negative result is the number of objects that were destroyed twice.
inline int balance_after(awaitable<int> (*shape)()) {
    tracked::balance = 0;
    asio::io_context context;
    asio::co_spawn(context, shape(), [](const std::exception_ptr& failure, int) {
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    });
    context.run();
    return tracked::balance;
}

/// Expects a known defect. On a compiler or library that is known to have it, its absence fails the
/// test, because the rule that avoids it is no longer needed. Elsewhere the finding is printed.
inline void expect_defect(bool is_known_here, bool was_seen, std::string_view rule) {
    if (is_known_here) {
        EXPECT_TRUE(was_seen) << "repaired: " << rule << " is not needed any more";
    } else {
        std::cout << (was_seen ? "the defect is here too: " : "no defect here: ") << rule << '\n';
    }
}

}  // namespace probes
