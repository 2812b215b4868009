// SPDX-License-Identifier: BSD-3-Clause
#include "relationship.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <string_view>

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

relationship make(const char* name) {
    return {.name = name, .architecture = {}, .version = {}, .alternatives = {}};
}

struct failure {
    std::string what;
    std::size_t place = 0;
};

failure failure_of(std::string_view text) {
    try {
        static_cast<void>(parse_relationships(text));
    } catch (const relationship_error& e) {
        return {e.what(), e.place()};
    }
    return {"no failure", 0};
}

TEST(Relationship, ReadsNames) {
    EXPECT_THAT(
        parse_relationships("libc6,g++ ,  libgcc-s1,\n lib32stdc++6.1"),
        ElementsAre(make("libc6"), make("g++"), make("libgcc-s1"), make("lib32stdc++6.1"))
    );
}

TEST(Relationship, ReadsVersions) {
    auto exact = make("a");
    exact.version = "= 1:2.3~rc1-4+b1";
    auto later = make("b");
    later.version = ">= 1.2";
    auto earlier = make("c");
    earlier.version = "<< 3";

    EXPECT_THAT(
        parse_relationships("a (= 1:2.3~rc1-4+b1), b(>=1.2), c ( <<  3 )"),
        ElementsAre(exact, later, earlier)
    );
}

TEST(Relationship, ReadsArchitectures) {
    auto any = make("python3");
    any.architecture = "any";
    any.version = ">= 3.9";
    auto listed = make("b");
    listed.architecture = "amd64 i386";

    EXPECT_THAT(
        parse_relationships("python3:any (>= 3.9), b [amd64  i386]"), ElementsAre(any, listed)
    );
}

TEST(Relationship, KeepsAlternativesAsText) {
    auto first = make("a");
    first.version = ">= 1.2";
    first.alternatives = "b [amd64] | c:any (<< 2)";
    auto next = make("d");

    EXPECT_THAT(
        parse_relationships("a (>= 1.2) | b [amd64]\n  |  c:any (<< 2), d"),
        ElementsAre(first, next)
    );
}

TEST(Relationship, IgnoresBuildProfiles) {
    EXPECT_THAT(parse_relationships("a <!nocheck> <cross>, b"), ElementsAre(make("a"), make("b")));
}

TEST(Relationship, ReadsNothingFromEmptyElements) {
    EXPECT_THAT(parse_relationships(""), IsEmpty());
    EXPECT_THAT(parse_relationships(" ,\n, "), IsEmpty());
    EXPECT_THAT(parse_relationships("a,"), ElementsAre(make("a")));
}

struct wrong_text {
    const char* name;
    const char* text;
    const char* problem;
    std::size_t place;

    friend void PrintTo(const wrong_text& shown, std::ostream* out) { *out << shown.text; }
};

class RelationshipSyntax : public ::testing::TestWithParam<wrong_text> {};

TEST_P(RelationshipSyntax, IsRefusedWithThePositionOfTheError) {
    const failure found = failure_of(GetParam().text);

    EXPECT_EQ(found.what, GetParam().problem);
    EXPECT_EQ(found.place, GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(
    Text,
    RelationshipSyntax,
    ::testing::Values(
        wrong_text{"NoName", "(>= 1)", "expected the name of a package, found \"(\"", 0},
        wrong_text{
            "NameWithSign",
            "a, +b",
            "the name of a package begins with a letter or a digit, found \"+\"",
            3},
        wrong_text{"NoComma", "a b", "expected \",\", \"|\" or the end, found \"b\"", 2},
        wrong_text{"NoArchitecture", "a: , b", "expected an architecture, found \" \"", 2},
        wrong_text{"NoOperator", "a (1.2)", "expected one of << <= = >= >>, found \"1\"", 3},
        wrong_text{"NoVersion", "a (>= )", "expected a version, found \")\"", 6},
        wrong_text{"OpenVersion", "a (>= 1", "expected \")\" behind the version, found the end", 7},
        wrong_text{"OpenList", "a [amd64", "expected \"]\", found \"a\"", 3},
        wrong_text{"NoAlternative", "a | , b", "expected the name of a package, found \",\"", 4}
    ),
    [](const auto& parameter) { return parameter.param.name; }
);

}  // namespace
