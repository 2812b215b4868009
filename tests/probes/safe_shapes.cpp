// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Expressions with `co_await` that every supported compiler translates correctly. The library's
/// interfaces require only expressions of these kinds.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "probes/shapes.hpp"

namespace {

using namespace probes;

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the name of the test is the shape's.
#define SAFE_SHAPE(name)                    \
    awaitable<int> name();                  \
    TEST(SafeShape, name) {                 \
        EXPECT_EQ(balance_after(&name), 0); \
    }                                       \
    awaitable<int> name()

// Objects.

SAFE_SHAPE(NamedAggregate) {
    model fantix{.name = 1, .email = 2, .age = 3};
    co_return co_await insert(fantix);
}

SAFE_SHAPE(NamedAggregateThatIsMoved) {
    model fantix{.name = 1, .email = 2, .age = 3};
    co_return co_await insert_value(std::move(fantix));
}

SAFE_SHAPE(MemberOfNamedAggregate) {
    model fantix{.name = 1, .email = 2, .age = 3};
    co_return co_await fantix.create();
}

SAFE_SHAPE(MemberOfTemporaryWithConstructor) {
    co_return co_await record(1, 2, 3).create();
}

SAFE_SHAPE(BracesThatCallConstructor) {
    co_return co_await insert_record({1, 2, 3});
}

model make_model() {
    return {.name = 1, .email = 2, .age = 3};
}

SAFE_SHAPE(AggregateThatFunctionReturns) {
    co_return co_await insert_const(make_model()) + co_await insert_value(make_model());
}

awaitable<int> take_pair(std::pair<tracked, tracked> both) {
    co_return both.first.id() + both.second.id();
}

awaitable<int> take_tuple(std::tuple<tracked, tracked> both) {
    co_return std::get<0>(both).id() + std::get<1>(both).id();
}

SAFE_SHAPE(BracesOfPairAndTuple) {
    co_return co_await take_pair({1, 2}) + co_await take_tuple({1, 2});
}

awaitable<std::unique_ptr<tracked>> pass_on(std::unique_ptr<tracked> object) {
    co_return std::move(object);
}

SAFE_SHAPE(ObjectThatCanOnlyMove) {
    const auto object = co_await pass_on(std::make_unique<tracked>(4));
    co_return object->id();
}

// Options.

struct trivial_options {
    std::string_view name = {};
    int limit = 0;
};

awaitable<int> with_trivial_options(trivial_options options = {}) {
    co_return options.limit;
}

SAFE_SHAPE(TriviallyDestructibleAggregate) {
    const int given = co_await with_trivial_options({.name = "daisy", .limit = 2});
    co_return given + co_await with_trivial_options();
}

class chained_options {
public:
    chained_options() = default;

    chained_options& name(std::string value) & {
        name_ = std::move(value);
        return *this;
    }

    chained_options&& name(std::string value) && {
        name_ = std::move(value);
        return std::move(*this);
    }

private:
    std::string name_{};
    tracked mark_{};
};

awaitable<int> with_chained_options(chained_options options = {}) {
    static_cast<void>(options);
    co_return 0;
}

SAFE_SHAPE(DefaultArgumentWithDeclaredConstructor) {
    co_return co_await with_chained_options();
}

SAFE_SHAPE(ChainedSetters) {
    co_return co_await with_chained_options(chained_options().name(std::string(40, 'x')));
}

// Functions.

SAFE_SHAPE(ClosureThatCapturesByReference) {
    tracked outer{5};
    co_return co_await in_transaction([&](tracked& transaction) -> awaitable<int> {
        tracked inner{1};
        co_return outer.id() + transaction.id() + co_await answer(inner.id());
    });
}

SAFE_SHAPE(ClosureThatCapturesNothingOrTrivially) {
    int five = 5;
    co_return co_await call([five] { return five; }) + co_await call([] { return 1; });
}

SAFE_SHAPE(NamedClosureThatIsMoved) {
    tracked outer{5};
    auto closure = [outer] { return outer.id(); };
    co_return co_await call(std::move(closure));
}

SAFE_SHAPE(GenericLambda) {
    auto twice = [](auto value) -> awaitable<int> { co_return 2 * value.id(); };
    co_return co_await twice(tracked{3});
}

// Awaiting several times in one expression.

bool yes() {
    return true;
}

SAFE_SHAPE(NumbersAwaitedInBothArms) {
    co_return yes() ? co_await execute("one", tracked{1}) : co_await execute("two", tracked{2});
}

SAFE_SHAPE(ObjectAwaitedInEitherBranch) {
    tracked one;
    if (yes()) {
        one = co_await give(1);
    } else {
        one = co_await give(2);
    }
    co_return one.id();
}

SAFE_SHAPE(AwaitsOnBothSidesOfLogic) {
    const bool found = (yes() && (co_await give(1)).id() == 2) || (co_await give(2)).id() == 2;
    co_return found ? 1 : 0;
}

SAFE_SHAPE(SumOfAwaits) {
    tracked outer{1};
    co_return (co_await give(2)).id() + outer.id() + (co_await give(3)).id() * co_await answer(2);
}

SAFE_SHAPE(ConcatenationWithAwait) {
    const std::string text = "a" + std::string(40, 'x') + std::to_string(co_await answer(4));
    co_return static_cast<int>(text.size());
}

SAFE_SHAPE(AwaitIntoContainer) {
    std::map<int, tracked> by_id;
    by_id[1] = co_await give(7);
    by_id.emplace(2, co_await give(8));
    co_return static_cast<int>(by_id.size());
}

SAFE_SHAPE(AwaitsIntoVariablesFirst) {
    tracked name = co_await give(1);
    tracked email = co_await give(2);
    model fantix{.name = std::move(name), .email = std::move(email), .age = 3};
    co_return co_await insert(fantix);
}

template <typename... Tracked>
awaitable<int> sum(Tracked... all) {
    int total = 0;
    ((total += co_await answer(all.id())), ...);
    co_return total;
}

SAFE_SHAPE(FoldOverAwait) {
    co_return co_await sum(tracked{1}, tracked{2}, tracked{3});
}

// Statements around an await.

awaitable<std::vector<tracked>> all() {
    std::vector<tracked> rows;
    rows.emplace_back(1);
    rows.emplace_back(2);
    co_return rows;
}

awaitable<std::optional<tracked>> next(int& left) {
    if (left-- > 0) {
        co_return tracked{left};
    }
    co_return std::nullopt;
}

SAFE_SHAPE(LoopOverAwaitedRows) {
    int total = 0;
    for (const auto& row : co_await all()) {
        total += co_await answer(row.id());
    }
    co_return total;
}

SAFE_SHAPE(LoopWhileThereAreRows) {
    int left = 3;
    int total = 0;
    while (const auto row = co_await next(left)) {
        total += row->id();
    }
    co_return total;
}

SAFE_SHAPE(ReferencesToPartsOfAwaitedObject) {
    auto both = co_await [](int) -> awaitable<std::pair<tracked, tracked>> {
        co_return std::pair<tracked, tracked>{1, 2};
    }(0);
    const auto& [first, second] = both;
    co_return first.id() + second.id();
}

awaitable<int> fail(tracked one) {
    throw std::runtime_error("failed with " + std::to_string(one.id()));
    co_return 0;
}

SAFE_SHAPE(ExceptionThroughAwait) {
    try {
        co_return co_await fail(1);
    } catch (const std::runtime_error&) {
    }
    co_return 1;
}

// A query language.

class node {
public:
    explicit node(tracked value) : value_(std::move(value)) {}

private:
    tracked value_;
};

struct column {
    node operator==(tracked value) const { return node(std::move(value)); }

    node operator=(tracked value) const { return node(std::move(value)); }
};

class query {
public:
    query& where(node) & { return *this; }

    query&& where(node) && { return std::move(*this); }

    awaitable<int> all() && { return answer(1); }

private:
    tracked mark_{};
};

SAFE_SHAPE(QueryThatIsBuiltInPlace) {
    const column name;
    co_return co_await query().where(name == tracked{1}).where(name == tracked{2}).all();
}

SAFE_SHAPE(AssignmentsAsArguments) {
    const column name;
    co_return co_await execute("UPDATE", name = tracked{1}, name = tracked{2});
}

SAFE_SHAPE(VariadicValues) {
    co_return co_await execute("SELECT", tracked{1}, std::string(40, 'x'), 3);
}

awaitable<int> take_span(std::span<const int> values) {
    co_return static_cast<int>(values.size());
}

SAFE_SHAPE(ListThatHasName) {
    static constexpr int values[] = {1, 2, 3};
    const std::vector<int> more{4, 5};
    co_return co_await take_span(values) + co_await take_span(more);
}

}  // namespace
