// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/expression/dynamic.hpp>

#include <gmock/gmock.h>

#include "support/expect_sql.hpp"
#include "unit/sql/models.hpp"

namespace gino::test {
namespace {

TEST(Expression, IsEqualForTheSameColumn) {
    const auto other = alias<person>("other");
    using detail::is_same_expression;
    EXPECT_TRUE(is_same_expression(*person::c.id.node(), *person::c.id.node()));
    EXPECT_FALSE(is_same_expression(*person::c.id.node(), *person::c.name.node()));
    EXPECT_FALSE(is_same_expression(*person::c.id.node(), *other.c.id.node()));
    EXPECT_TRUE(is_same_expression(*other.c.id.node(), *other.c.id.node()));
    const auto sum = person::c.id + 1;
    EXPECT_TRUE(is_same_expression(*sum.node(), *sum.node()));
}

TEST(Expression, AppendNewKeepsOrderAndSkipsDuplicates) {
    std::vector<sql::expression_ref> columns{person::c.id.node()};
    detail::append_new(columns, {person::c.name.node(), person::c.id.node(), person::c.age.node()});
    EXPECT_EQ(columns.size(), 3U);
    EXPECT_EQ(columns[1].get(), person::c.name.node().get());
}

TEST(Expression, MayBeUsedInSeveralStatements) {
    const auto adult = person::c.age >= 18;
    EXPECT_SQL(
        select(person::c.id).where(adult),
        sqlite,
        "SELECT people.id FROM people WHERE people.age >= ?",
        18
    );
    EXPECT_SQL(
        select(person::c.name).where(adult && person::c.id != 3),
        sqlite,
        "SELECT people.name FROM people WHERE people.age >= ? AND people.id != ?",
        18,
        3
    );
    EXPECT_SQL(
        delete_from<person>().where(!adult),
        sqlite,
        "DELETE FROM people WHERE NOT people.age >= ?",
        18
    );
}

TEST(Expression, OutlivesItsOperands) {
    std::optional<decltype(person::c.name == std::string())> kept;
    {
        const std::string name = "a text that is too long to be kept in place";
        kept.emplace(person::c.name == name);
    }
    EXPECT_SQL(
        select(person::c.id).where(*kept),
        sqlite,
        "SELECT people.id FROM people WHERE people.name = ?",
        "a text that is too long to be kept in place"
    );
}

/// Folds `step` over 1, 2, ... `last`, starting with `first`.
template <class Expression, class Step>
Expression folded(const Expression& first, int last, Step step) {
    Expression so_far = first;
    for (int i = 1; i <= last; ++i) {
        so_far = step(so_far, i);
    }
    return so_far;
}

// Recursion over a tree of this depth would overflow the stack when the tree is built, written or
// destroyed.
TEST(Expression, ChainOfManyConditionsIsFlat) {
    const auto all = folded(person::c.id != 0, 2'999, [](const auto& before, int i) {
        return before && person::c.id != i;
    });
    const auto any = folded(person::c.id == 0, 2'999, [](const auto& before, int i) {
        return before || person::c.id == i;
    });
    const auto both = sqlite::dialect().compile(select(person::c.id).where(all && any).node());
    EXPECT_EQ(both.parameters.size(), 6'000U);
}

TEST(Expression, ListOfManyConditionsIsFlat) {
    std::vector<condition> conditions;
    for (int i = 0; i < 20'000; ++i) {
        conditions.push_back(person::c.id != i);
    }
    const auto made =
        sqlite::dialect().compile(select(person::c.id).where(and_(conditions)).node());
    EXPECT_EQ(made.parameters.size(), 20'000U);
}

TEST(Expression, DeepArithmeticIsRefused) {
    const auto sum =
        folded(person::c.id + 0, 299'999, [](const auto& before, int i) { return before + i; });
    try {
        static_cast<void>(sqlite::dialect().compile(select(sum).node()));
        FAIL() << "it was written";
    } catch (const compile_error& refused) {
        EXPECT_THAT(refused.what(), ::testing::HasSubstr("deep"));
    }
}

}  // namespace
}  // namespace gino::test
