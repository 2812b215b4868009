// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Expressions that GCC 12 miscompiles. In a full expression with `co_await`, it destroys twice
///
/// * a temporary that is initialised as an aggregate there and has a non-trivial destructor;
/// * an object with a non-trivial destructor that an arm of `?:` awaits.
///
/// The library's interfaces prevent users from writing these expressions by accident
/// (docs/decisions/0008-gcc-12.md). These tests fail when a compiler no longer has the defect.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "probes/shapes.hpp"

namespace {

using namespace probes;

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the name of the test is the shape's.
#define BROKEN_SHAPE(name)                                         \
    awaitable<int> name();                                         \
    TEST(BrokenShape, name) {                                      \
        expect_defect(is_gcc_12, balance_after(&name) < 0, #name); \
    }                                                              \
    awaitable<int> name()

BROKEN_SHAPE(AggregateInBraces) {
    co_return co_await insert_value({1, 2, 3});
}

BROKEN_SHAPE(AggregateByValue) {
    co_return co_await insert_value(model{.name = 1, .email = 2, .age = 3});
}

BROKEN_SHAPE(AggregateByConstReference) {
    co_return co_await insert_const(model{.name = 1, .email = 2, .age = 3});
}

BROKEN_SHAPE(AggregateByRvalueReference) {
    co_return co_await insert_temporary(model{.name = 1, .email = 2, .age = 3});
}

BROKEN_SHAPE(MemberOfTemporaryAggregate) {
    co_return co_await model{.name = 1, .email = 2, .age = 3}.create();
}

BROKEN_SHAPE(AggregateThatFunctionPassesOn) {
    const auto pass_on = [](auto object) { return object; };
    co_return co_await insert_value(pass_on(model{.name = 1, .email = 2, .age = 3}));
}

struct options {
    tracked name{};
    int limit = 0;
};

awaitable<int> with_options(options chosen = {}) {
    co_return chosen.limit;
}

BROKEN_SHAPE(AggregateAsDefaultArgument) {
    co_return co_await with_options();
}

struct base {
    tracked id{};
};

struct derived : base {
    tracked name{};
};

awaitable<int> insert_derived(const derived& one) {
    return answer(one.name.id());
}

BROKEN_SHAPE(AggregateWithBase) {
    co_return co_await insert_derived(derived{{1}, 2});
}

awaitable<int> take_array(std::array<tracked, 2> values) {
    co_return values[0].id();
}

BROKEN_SHAPE(ArrayOfObjects) {
    co_return co_await take_array({1, 2});
}

BROKEN_SHAPE(AggregateOfAwaits) {
    const model fantix{co_await give(1), co_await give(2), 3};
    co_return fantix.age;
}

bool yes() {
    return true;
}

BROKEN_SHAPE(ObjectAwaitedInOneArm) {
    const tracked one = yes() ? co_await give(1) : tracked{2};
    co_return one.id();
}

BROKEN_SHAPE(ObjectsAwaitedInBothArms) {
    const tracked one = yes() ? co_await give(1) : co_await give(2);
    co_return one.id();
}

BROKEN_SHAPE(AggregateInEitherArm) {
    co_return co_await insert_value(yes() ? model{1, 2, 3} : model{4, 5, 6});
}

awaitable<std::optional<model>> find_none() {
    co_return std::nullopt;
}

BROKEN_SHAPE(AggregateAsFallback) {
    const model found = (co_await find_none()).value_or(model{1, 2, 3});
    co_return found.age;
}

BROKEN_SHAPE(ClosureWithCopyCapture) {
    tracked outer{5};
    co_return co_await call([outer] { return outer.id(); });
}

BROKEN_SHAPE(ClosureWithInitCapture) {
    co_return co_await call([outer = tracked{5}] { return outer.id(); });
}

BROKEN_SHAPE(ClosureInStdFunction) {
    tracked outer{5};
    co_return co_await call(std::function<int()>([outer] { return outer.id(); }));
}

BROKEN_SHAPE(CoroutineThatIsCalledInPlace) {
    tracked outer{5};
    co_return co_await [outer]() -> awaitable<int> { co_return outer.id(); }();
}

}  // namespace
