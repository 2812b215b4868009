// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/conninfo.hpp"

#include <gino/core/error.hpp>

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <random>
#include <set>

#include "support/libpq_conninfo.hpp"

// The results of libpq are the expected results.
namespace gino::postgresql {
namespace {

using testing::read_by_libpq;

std::optional<settings> read_by_us(const std::string& text, std::string& problem) {
    try {
        return parse_conninfo(text);
    } catch (const argument_error& e) {
        problem = e.what();
        return std::nullopt;
    }
}

void expect_as_libpq(const std::string& text) {
    std::string problem;
    const auto ours = read_by_us(text, problem);
    const bool is_stricter = problem.find("stands twice") != std::string::npos;
    if (!is_stricter && !testing::depends_on_version(text)) {
        EXPECT_EQ(ours, read_by_libpq(text)) << text << "\n" << problem;
    }
}

std::string one_of(std::mt19937& random, const std::vector<std::string>& parts) {
    return parts[random() % parts.size()];
}

TEST(Conninfo, AcceptsTheKeywordsOfLibpq) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconndefaults(), &PQconninfoFree
    );
    for (const auto* one = options.get(); one->keyword != nullptr; ++one) {
        EXPECT_TRUE(is_keyword(one->keyword)) << one->keyword;
    }
}

TEST(Conninfo, ReadsUrisAsLibpqDoes) {
    for (const auto* text : {
             "postgresql://",
             "postgres://localhost",
             "postgresql://user@",
             "postgresql://user:pass@host:5433/db?sslmode=require",
             "postgresql://:pass@host",
             "postgresql://a:b:c@h",
             "postgresql://a@b@c",
             "postgresql://[::1]:5/x",
             "postgresql://[::1",
             "postgresql://[]/x",
             "postgresql://[::1]x",
             "postgresql://h1:1,h2,:3/db",
             "postgresql://,/",
             "postgresql://%2Fvar%2Frun/db",
             "postgresql:///?host=/tmp&port=1",
             "postgresql:///x%00",
             "postgresql:///x%4",
             "postgresql:///x%zz",
             "postgresql:///x?ssl=true",
             "postgresql:///x?ssl=false",
             "postgresql:///x?a",
             "postgresql:///x?host",
             "postgresql:///x?host=a=b",
             "postgresql:///x?host=a&",
             "postgresql:///x?&host=a",
             "postgresql:///x?host=a&&port=1",
             "postgresql://?host=a@b",
             "postgresql://h?user=u",
             "postgresql:///x?%68ost=a%26b",
             "postgresql:///db/with/slash?user=%C3%A9",
             "postgresql:///x?=1",
             "POSTGRESQL://x",
             "postgresql:x",
         }) {
        expect_as_libpq(text);
    }
}

TEST(Conninfo, RefusesBlanksWithinPartsOfUri) {
    const settings wanted{{"host", "h"}, {"port", "5"}, {"user", "a b"}};
    std::string problem;

    EXPECT_EQ(read_by_us("postgresql:// h ? port = 5 & user = a%20b ", problem), wanted);
    EXPECT_EQ(read_by_us("postgresql://h?user=a b", problem), std::nullopt);
    EXPECT_NE(problem.find("%20"), std::string::npos);
}

TEST(Conninfo, ReadsKeywordsAsLibpqDoes) {
    for (const auto* text : {
             "",
             "   ",
             "host=a",
             " host = a  port=5 ",
             "host='a b' password='it\\'s \\\\ x'",
             "host=a\\ b",
             "host=a\\",
             "host='a",
             "host='a\\",
             "host='a'port=1",
             "host=",
             "host= port=5",
             "host",
             "host port=5",
             "=x",
             "requiressl=1",
             "requiressl=0",
             "nothing=1",
             "host=a\tport=1\nuser=b",
             "host=a'b'c",
         }) {
        expect_as_libpq(text);
    }
}

TEST(Conninfo, ReadsGeneratedStringsAsLibpqDoes) {
    std::mt19937 random(20261121);
    const std::vector<std::string> uri_parts{
        "a",
        "b1",
        ":",
        "@",
        "/",
        "?",
        "&",
        "=",
        ",",
        "[",
        "]",
        "::1",
        "%41",
        "%",
        "%0",
        "%00",
        "5432",
        "host",
        "user=",
        "host=",
        "port=",
        "dbname=x",
        "sslmode=require",
        "ssl=true",
        "#",
        " ",
        "+",
        "\xc3\xa9",
        ".",
        "-",
        "&user=me",
        "?password=p"};
    const std::vector<std::string> word_parts{
        "host",      "port",     "user",     "dbname",       "password", "=",    " ",  "'",
        "\\",        "a",        "b c",      "\t",           "\n",       "5432", "=x", "host=a",
        "user='me'", "sslmode=", "nothing=", "requiressl=1", "\v",       ","};
    for (int i = 0; i < 20'000; ++i) {
        std::string uri = random() % 2 == 0 ? "postgresql://" : "postgres://";
        std::string words;
        for (auto k = random() % 12; k > 0; --k) {
            uri += one_of(random, uri_parts);
            words += one_of(random, word_parts);
        }
        expect_as_libpq(uri);
        expect_as_libpq(words);
        if (HasFailure()) {
            break;
        }
    }
}

TEST(Conninfo, RefusesDuplicateParameters) {
    EXPECT_THROW(static_cast<void>(parse_conninfo("host=a host=b")), argument_error);
    EXPECT_THROW(static_cast<void>(parse_conninfo("postgresql://h/?host=other")), argument_error);
}

TEST(Conninfo, NeverQuotesAValue) {
    for (const auto* text :
         {"postgresql://me:hush@h/%",
          "host='hush",
          "password=hush host",
          "postgresql://h/?hush=1"}) {
        std::string problem;
        EXPECT_EQ(read_by_us(text, problem), std::nullopt) << text;
        if (std::string_view(text) != "postgresql://h/?hush=1") {
            EXPECT_EQ(problem.find("hush"), std::string::npos) << problem;
        }
    }
}

}  // namespace
}  // namespace gino::postgresql
