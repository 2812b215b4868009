// SPDX-License-Identifier: BSD-3-Clause
#include "engine/connection/transaction_stack.hpp"

#include <gtest/gtest.h>

namespace gino::detail {

namespace {

TEST(TransactionStack, CountsDepthFromOne) {
    transaction_stack stack;

    EXPECT_EQ(stack.push({}).depth, 1U);
    EXPECT_EQ(stack.push({}).depth, 2U);
    EXPECT_EQ(stack.wanted(), 2U);
}

TEST(TransactionStack, KeepsModesOfTheOutermostTransaction) {
    transaction_stack stack;

    stack.push({.isolation = isolation_level::serializable});
    stack.push({});

    EXPECT_EQ(stack.outermost().isolation, isolation_level::serializable);
}

TEST(TransactionStack, EndOfOuterTransactionEndsInner) {
    transaction_stack stack;
    const auto outer = stack.push({});
    const auto inner = stack.push({});

    stack.cut(outer.depth - 1);

    EXPECT_FALSE(stack.is_wanted(outer));
    EXPECT_FALSE(stack.is_wanted(inner));
}

TEST(TransactionStack, DistinguishesALaterTransactionFromAnEndedOne) {
    transaction_stack stack;
    const auto first = stack.push({});
    stack.cut(0);

    const auto second = stack.push({});

    EXPECT_FALSE(stack.is_wanted(first));
    EXPECT_TRUE(stack.is_wanted(second));
    EXPECT_FALSE(stack.abandon(first));
    EXPECT_TRUE(stack.is_wanted(second));
}

TEST(TransactionStack, RequiresRollbackOfAbandonedTransactions) {
    transaction_stack stack;
    const auto outer = stack.push({});
    const auto inner = stack.push({});

    EXPECT_TRUE(stack.abandon(inner));

    EXPECT_TRUE(stack.has_abandoned());
    EXPECT_TRUE(stack.is_wanted(outer));
    stack.cut(stack.wanted());
    EXPECT_FALSE(stack.has_abandoned());
}

TEST(TransactionStack, EndsAbandonedInnerTransactionOnce) {
    transaction_stack stack;
    const auto outer = stack.push({});
    const auto inner = stack.push({});
    stack.abandon(outer);

    EXPECT_FALSE(stack.abandon(inner));
}

TEST(TransactionStack, RemembersLossUntilTheOutermostHandleEnds) {
    transaction_stack stack;
    const auto outer = stack.push({});
    const auto inner = stack.push({});

    stack.lose();
    EXPECT_TRUE(stack.is_lost());
    stack.abandon(inner);
    EXPECT_TRUE(stack.is_lost());
    stack.abandon(outer);

    EXPECT_FALSE(stack.is_lost());
    EXPECT_FALSE(stack.has_abandoned());
}

TEST(TransactionStack, IgnoresLossOutsideOfATransaction) {
    transaction_stack stack;
    const auto gone = stack.push({});
    stack.abandon(gone);

    stack.lose();

    EXPECT_FALSE(stack.is_lost());
    EXPECT_FALSE(stack.has_abandoned());
}

}  // namespace
}  // namespace gino::detail
