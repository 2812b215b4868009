// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/text_scanner.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gino::detail {
namespace {

/// Returns the text with each parameter written as <name>.
std::string marked(std::string_view sql) {
    std::string text;
    scan_text(
        sql,
        {.plain = [&](std::string_view piece) { text += piece; },
         .parameter = [&](std::string_view name) { text += "<" + std::string(name) + ">"; }}
    );
    return text;
}

TEST(TextScanner, FindsNamedParameters) {
    EXPECT_EQ(marked("SELECT :a, :b_2"), "SELECT <a>, <b_2>");
    EXPECT_EQ(marked(":a"), "<a>");
    EXPECT_EQ(marked("(:a)"), "(<a>)");
    EXPECT_EQ(marked(""), "");
}

TEST(TextScanner, IgnoresCastsSlicesAndEscapes) {
    EXPECT_EQ(marked("a::int"), "a::int");
    EXPECT_EQ(marked(":a::int"), "<a>::int");
    EXPECT_EQ(marked("a[1:2]"), "a[1:2]");
    EXPECT_EQ(marked("\\:a"), ":a");
    EXPECT_EQ(marked("a : b"), "a : b");
    EXPECT_EQ(marked("x := 1"), "x := 1");
}

TEST(TextScanner, IgnoresQuotedText) {
    EXPECT_EQ(marked("':a' :b"), "':a' <b>");
    EXPECT_EQ(marked("'it''s :a' :b"), "'it''s :a' <b>");
    EXPECT_EQ(marked("\":a\" :b"), "\":a\" <b>");
    EXPECT_EQ(marked("E'\\':a' :b"), "E'\\':a' <b>");
    EXPECT_EQ(marked("$$:a$$ :b"), "$$:a$$ <b>");
    EXPECT_EQ(marked("$t$ $$ :a $t$ :b"), "$t$ $$ :a $t$ <b>");
    EXPECT_EQ(marked("'never closed :a"), "'never closed :a");
    EXPECT_EQ(marked("$$never closed :a"), "$$never closed :a");
}

TEST(TextScanner, IgnoresComments) {
    EXPECT_EQ(marked("-- :a\n:b"), "-- :a\n<b>");
    EXPECT_EQ(marked("/* :a */ :b"), "/* :a */ <b>");
    EXPECT_EQ(marked("/* /* :a */ :c */ :b"), "/* /* :a */ :c */ <b>");
    EXPECT_EQ(marked("/* never closed :a"), "/* never closed :a");
}

}  // namespace
}  // namespace gino::detail
