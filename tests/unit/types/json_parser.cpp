// SPDX-License-Identifier: BSD-3-Clause
#include "types/json_parser.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <limits>
#include <string>

namespace gino::detail {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string problem_of(const std::string& text, const json_limits& limits = {}) {
    boost::json::value document;
    const auto problem = parse_json(text, limits, document);
    return problem ? problem->text : "";
}

TEST(JsonParser, ReadsEveryKindOfValue) {
    const std::string text =
        R"({"a":[1,-2,18446744073709551615,1.5E0,true,false,null,"\u00e9\n"],"b":{},"c":[]})";
    boost::json::value document;

    EXPECT_FALSE(parse_json(" " + text + " \n", {}, document));

    EXPECT_EQ(document, boost::json::parse(text));
}

TEST(JsonParser, RefusesMalformedJson) {
    for (const auto* text : {"", "{", "[1,]", "{\"a\"}", "{} {}", "nul", "\"\xff\"", "1 2"}) {
        EXPECT_THAT(problem_of(text), StartsWith("is malformed: ")) << text;
    }
}

TEST(JsonParser, ChecksLimitsWhileParsing) {
    const json_limits limits{.depth = 2, .members = 2, .values = 4};

    EXPECT_EQ(problem_of(R"({"a":1,"b":2})", limits), "");
    EXPECT_EQ(problem_of(R"({"a":1,"b":2,"c":3})", limits), "has an object of more than 2 members");
    EXPECT_EQ(problem_of("[1,2,3]", limits), "");
    EXPECT_EQ(problem_of("[1,2,3,4]", limits), "has more than 4 values");
    EXPECT_EQ(problem_of("[[[1]]]", limits), "is nested deeper than 2 levels");
}

// Keys with colliding hashes would all be compared with each other.
TEST(JsonParser, StopsAtTheFirstMemberOverTheLimit) {
    std::string text = "{";
    for (int i = 0; i < 65'536; ++i) {
        text += "\"" + std::to_string(i) + "\":0,";
    }
    boost::json::value document;

    const auto problem = parse_json(text, {}, document);

    EXPECT_THAT(problem->text, HasSubstr("more than 10000 members"));
    EXPECT_LT(problem->offset, text.size() / 5);
}

TEST(JsonParser, LimitsManyObjectsWithManyMembers) {
    std::string object = "{";
    for (int i = 0; i < 10'000; ++i) {
        object += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    }
    object += "}";

    EXPECT_EQ(problem_of("[" + object + "]"), "");
    EXPECT_EQ(
        problem_of("[" + object + "," + object + "]"), "has too many objects with many members"
    );
}

TEST(JsonParser, RefusesDuplicateKeys) {
    EXPECT_EQ(problem_of(R"({"a":1,"\u0061":2})"), "has the key \"a\" twice in one object");
    EXPECT_EQ(problem_of(R"([{"a":1},{"a":2}])"), "");
}

TEST(JsonParser, RefusesNumbersOutOfRangeOfDouble) {
    EXPECT_EQ(problem_of("[1e999]"), "has a number that is too large");
    EXPECT_EQ(problem_of("-1e999"), "has a number that is too large");
    EXPECT_EQ(problem_of("1e-999"), "");
}

TEST(JsonDocument, IsSearchedForNonFiniteNumbers) {
    const double infinite = std::numeric_limits<double>::infinity();

    EXPECT_TRUE(has_non_finite({{"a", {1, infinite}}}));
    EXPECT_TRUE(has_non_finite(std::numeric_limits<double>::quiet_NaN()));
    EXPECT_FALSE(has_non_finite({{"a", {1, 1.5, nullptr}}}));
}

}  // namespace
}  // namespace gino::detail
