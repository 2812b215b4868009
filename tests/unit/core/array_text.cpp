// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/array_text.hpp>

#include <gtest/gtest.h>

namespace gino {
namespace {

value text(const char* t) {
    return value(std::string(t));
}

TEST(ArrayText, SurvivesRoundTrip) {
    const value::array flat{text("a"), text("b \"c\" \\ {},"), value(), text(""), text("NULL")};
    const value::array nested{value(value::array{text("a")}), value(value::array{text("b")})};

    EXPECT_EQ(parse_array_text(to_array_text(flat)), flat);
    EXPECT_EQ(parse_array_text(to_array_text(nested)), nested);
    EXPECT_EQ(parse_array_text("{}"), value::array());
    EXPECT_EQ(parse_array_text("{red,NULL}"), (value::array{text("red"), value()}));
}

TEST(ArrayText, RefusesMalformedArrays) {
    for (const auto* bad :
         {"", "a", "{", "{a", "{a,}", "{,a}", "{a}b", "{\"a}", "{\"a\\", "{{{{{{{a}}}}}}}"}) {
        EXPECT_FALSE(parse_array_text(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace gino
