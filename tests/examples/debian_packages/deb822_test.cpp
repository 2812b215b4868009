// SPDX-License-Identifier: BSD-3-Clause
#include "deb822.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using ::testing::StrEq;

std::vector<deb822_paragraph> read_all(std::string_view text) {
    deb822_reader reader(text, "file");
    std::vector<deb822_paragraph> all;
    while (auto paragraph = reader.next()) {
        all.push_back(*paragraph);
    }
    return all;
}

std::string failure_of(std::string_view text) {
    try {
        static_cast<void>(read_all(text));
    } catch (const input_error& e) {
        return e.what();
    }
    return "no failure";
}

TEST(Deb822, ReadsFieldsOfAParagraph) {
    const auto all = read_all("Package: vim\nVersion:2:9.0  \n");

    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].find("package")->value, "vim");
    EXPECT_EQ(all[0].find("Version")->value, "2:9.0");
    EXPECT_EQ(all[0].find("Section"), nullptr);
}

TEST(Deb822, SeparatesParagraphsByEmptyLines) {
    const auto all = read_all("\n\nA: 1\nB: 2\n \t\n\nA: 3\n");

    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].line, 3U);
    EXPECT_FALSE(all[0].ends_with_the_text);
    EXPECT_EQ(all[1].find("A")->value, "3");
    EXPECT_EQ(all[1].line, 7U);
    EXPECT_TRUE(all[1].ends_with_the_text);
}

TEST(Deb822, KeepsContinuationLines) {
    const auto all = read_all("Description: one\n two\n .\n\tthree \nB: 1\n");

    EXPECT_EQ(all[0].find("Description")->value, "one\n two\n .\n\tthree");
    EXPECT_EQ(all[0].find("B")->line, 5U);
}

TEST(Deb822, ReadsAValueThatBeginsOnTheSecondLine) {
    const auto all = read_all("Conffiles:\n /etc/a 1\n /etc/b 2\nB: 1\n");

    EXPECT_EQ(all[0].find("Conffiles")->value, "/etc/a 1\n /etc/b 2");
}

TEST(Deb822, ReadsEmptyValues) {
    const auto all = read_all("A:\nB: \n");

    EXPECT_EQ(all[0].find("A")->value, "");
    EXPECT_EQ(all[0].find("B")->value, "");
}

TEST(Deb822, ReadsLineEndsOfOtherSystems) {
    const auto all = read_all("A: 1\r\nB: 2\r\n\r\nA: 3\r\n");

    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].find("B")->value, "2");
}

TEST(Deb822, ReadsNothingFromAnEmptyText) {
    EXPECT_TRUE(read_all("").empty());
    EXPECT_TRUE(read_all("\n\n").empty());
}

TEST(Deb822, RefusesALineWithoutAField) {
    EXPECT_THAT(
        failure_of("A: 1\nnonsense\n"),
        StrEq("file:2: expected \"Field: value\", a line that begins with a blank, or an empty line"
        )
    );
    EXPECT_THAT(failure_of(": 1\n"), ::testing::StartsWith("file:1: expected"));
    EXPECT_THAT(failure_of("A b: 1\n"), ::testing::StartsWith("file:1: expected"));
    EXPECT_THAT(failure_of("-A: 1\n"), ::testing::StartsWith("file:1: expected"));
}

TEST(Deb822, RefusesAContinuationWithoutAField) {
    EXPECT_THAT(
        failure_of("A: 1\n\n more\n"),
        StrEq("file:3: this line continues a field, but there is none before it")
    );
}

TEST(Deb822, RefusesADuplicateField) {
    EXPECT_THAT(failure_of("A: 1\na: 2\n"), StrEq("file:2: field \"a\" comes twice"));
}

TEST(Deb822, RefusesATruncatedLastLine) {
    EXPECT_THAT(
        failure_of("A: 1\nB: 2"),
        StrEq("file:2: the file is cut off in this line: it does not end with a line end")
    );
}

TEST(Deb822, RefusesInvalidText) {
    const auto* expected = "file:1: this is no text in UTF-8";

    EXPECT_THAT(failure_of(std::string_view("A: \0\n", 5)), ::testing::StartsWith(expected));
    EXPECT_THAT(failure_of("A: \xff\n"), ::testing::StartsWith(expected));
    EXPECT_THAT(failure_of("A: \xc3\n"), ::testing::StartsWith(expected));
    EXPECT_THAT(failure_of("A: \xc0\xaf\n"), ::testing::StartsWith(expected));
    EXPECT_THAT(failure_of("A: \xed\xa0\x80\n"), ::testing::StartsWith(expected));
    EXPECT_THAT(failure_of("A: \xf4\x90\x80\x80\n"), ::testing::StartsWith(expected));
}

TEST(Deb822, ReadsUnicode) {
    const auto all = read_all("A: \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\n");

    EXPECT_EQ(all[0].find("A")->value, "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}

}  // namespace
