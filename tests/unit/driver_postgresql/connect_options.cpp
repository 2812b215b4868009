// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/connect_options.hpp"

#include <gino/core/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gino::postgresql {
namespace {

connect_options parse(const char* text) {
    return connect_options::parse(url(text));
}

std::string problem_of(const char* text) {
    try {
        static_cast<void>(parse(text));
    } catch (const argument_error& e) {
        return e.what();
    }
    return "nothing was wrong";
}

TEST(PostgresqlOptions, HaveDefaults) {
    const auto options = parse("postgresql://me@");
    EXPECT_EQ(options.host, "localhost");
    EXPECT_EQ(options.port, 5432);
    EXPECT_EQ(options.user, "me");
    EXPECT_EQ(options.password, "");
    EXPECT_EQ(options.database, "me");
    EXPECT_EQ(options.application_name, "gino");
    EXPECT_EQ(options.statement_cache_size, 100U);
    EXPECT_FALSE(parse("postgresql://").user.empty());
}

TEST(PostgresqlOptions, TakeEveryPartOfTheUrl) {
    const auto options = parse(
        "postgresql://me:p%40ss@db:7/app?application_name=shop&options=-csearch_path%3Dx&"
        "statement_cache_size=0&sslmode=disable"
    );
    EXPECT_EQ(options.password, "p@ss");
    EXPECT_EQ(options.address(), "db:7");
    EXPECT_EQ(options.database, "app");
    EXPECT_EQ(options.application_name, "shop");
    EXPECT_EQ(options.options, "-csearch_path=x");
    EXPECT_EQ(options.statement_cache_size, 0U);
}

TEST(PostgresqlOptions, ParametersReplaceHostAndPort) {
    const auto options = parse("postgresql://me@db:7/app?host=/run/postgresql&port=8");
    EXPECT_TRUE(options.is_unix_socket());
    EXPECT_EQ(options.address(), "/run/postgresql/.s.PGSQL.8");
}

TEST(PostgresqlOptions, NameTheParameterThatIsWrong) {
    EXPECT_THAT(problem_of("postgresql://h/a?colour=red"), testing::HasSubstr("\"colour\""));
    EXPECT_THAT(problem_of("postgresql://h/a?port=x"), testing::HasSubstr("port"));
    EXPECT_THAT(problem_of("postgresql://h/a?port=65536"), testing::HasSubstr("65535"));
    EXPECT_THAT(
        problem_of("postgresql://h/a?statement_cache_size=-1"),
        testing::HasSubstr("statement_cache_size")
    );
    EXPECT_THAT(problem_of("postgresql://h/a?sslmode=maybe"), testing::HasSubstr("sslmode"));
    EXPECT_THAT(problem_of("postgresql://h/a?sslmode=require"), testing::HasSubstr("TLS"));
}

TEST(PostgresqlOptions, NeverShowThePassword) {
    EXPECT_THAT(
        problem_of("postgresql://me:hush@h/a?colour=red"), testing::Not(testing::HasSubstr("hush"))
    );
    EXPECT_THAT(
        parse("postgresql://me:hush@h/a").address(), testing::Not(testing::HasSubstr("hush"))
    );
}

}  // namespace
}  // namespace gino::postgresql
