// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/composite_text.hpp>

#include <gtest/gtest.h>

namespace gino::test {
namespace {

TEST(CompositeText, SurvivesRoundTrip) {
    const attribute_texts attributes{"plain", std::nullopt, "", "a \"b\" \\ (c), d", "NULL"};

    EXPECT_EQ(
        to_composite_text(attributes), "(\"plain\",,\"\",\"a \\\"b\\\" \\\\ (c), d\",\"NULL\")"
    );
    EXPECT_EQ(parse_composite_text(to_composite_text(attributes)), attributes);
}

TEST(CompositeText, ReadsQuotingOfTheServer) {
    EXPECT_EQ(
        parse_composite_text("(a,\"b \"\"c\"\" \\\\\",,\"\")"),
        (attribute_texts{"a", "b \"c\" \\", std::nullopt, ""})
    );
}

TEST(CompositeText, RefusesMalformedText) {
    for (const auto* text : {"", "(", "(a", "(a,", "a)", "(a)b", "(\"a)", "(a\\", "()x"}) {
        EXPECT_EQ(parse_composite_text(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_composite_text("()"), attribute_texts{std::nullopt});
}

}  // namespace
}  // namespace gino::test
