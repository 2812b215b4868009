// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/identifier_preparer.hpp"

#include <gino/core/error.hpp>

#include <gtest/gtest.h>

#include <array>

namespace gino::detail {
namespace {

constexpr std::array<std::string_view, 2> reserved{"order", "select"};
constexpr identifier_preparer names(reserved, 63);

TEST(IdentifierPreparer, LeavesPlainNamesUnquoted) {
    EXPECT_EQ(names.quote("users"), "users");
    EXPECT_EQ(names.quote("_users_2"), "_users_2");
}

TEST(IdentifierPreparer, QuotesReservedWordsAndSpecialCharacters) {
    EXPECT_EQ(names.quote("order"), "\"order\"");
    EXPECT_EQ(names.quote("Users"), "\"Users\"");
    EXPECT_EQ(names.quote("2nd"), "\"2nd\"");
    EXPECT_EQ(names.quote("two words"), "\"two words\"");
    EXPECT_EQ(names.quote("a.b"), "\"a.b\"");
    EXPECT_EQ(
        names.quote("gr\xc3\xb6\xc3\x9f"
                    "e"),
        "\"gr\xc3\xb6\xc3\x9f"
        "e\""
    );
    EXPECT_EQ(names.quote("semi;colon--"), "\"semi;colon--\"");
}

TEST(IdentifierPreparer, DoublesQuotes) {
    EXPECT_EQ(names.quote("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(names.quote("\""), "\"\"\"\"");
    EXPECT_EQ(names.quote("x\"; DROP TABLE users; --"), "\"x\"\"; DROP TABLE users; --\"");
}

TEST(IdentifierPreparer, RefusesInvalidNames) {
    EXPECT_THROW(static_cast<void>(names.quote("")), argument_error);
    EXPECT_THROW(static_cast<void>(names.quote(std::string_view("a\0b", 3))), argument_error);
    EXPECT_THROW(static_cast<void>(names.quote("\xff\xfe")), argument_error);
}

TEST(IdentifierPreparer, RefusesNamesOverTheLengthLimit) {
    EXPECT_EQ(names.quote(std::string(63, 'a')), std::string(63, 'a'));
    EXPECT_THROW(static_cast<void>(names.quote(std::string(64, 'a'))), argument_error);
    constexpr identifier_preparer any_length(reserved, 0);
    EXPECT_EQ(any_length.quote(std::string(64, 'a')), std::string(64, 'a'));
}

TEST(StringLiteral, DoublesApostrophes) {
    std::string text;
    append_string_literal(text, "it's \\ '");
    EXPECT_EQ(text, "'it''s \\ '''");
    EXPECT_THROW(append_string_literal(text, std::string_view("\0", 1)), argument_error);
}

}  // namespace
}  // namespace gino::detail
