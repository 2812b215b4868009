// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/connect_options.hpp"

#include <gino/core/error.hpp>
#include <gino/driver/postgresql/driver.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

namespace gino::postgresql {
namespace {

using variables = std::map<std::string, std::string>;

/// Returns an environment of the given variables and home folder only, without this process's own.
environment with(variables known, std::string home = "") {
    environment made;
    made.variable = [known =
                         std::move(known)](const std::string& name) -> std::optional<std::string> {
        const auto found = known.find(name);
        return found == known.end() ? std::nullopt : std::optional(found->second);
    };
    made.home = std::move(home);
    made.user = "me";
    return made;
}

connect_options parse(const char* text, const environment& from = with({})) {
    return connect_options::parse(read_url(text), from);
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
    ASSERT_EQ(options.hosts.size(), 1U);
    EXPECT_EQ(options.hosts[0].port, 5432);
    EXPECT_EQ(options.user, "me");
    EXPECT_EQ(options.hosts[0].password, "");
    EXPECT_EQ(options.database, "me");
    EXPECT_EQ(options.application_name, "gino");
    EXPECT_EQ(options.statement_cache_size, 100U);
    EXPECT_FALSE(parse("postgresql://").user.empty());
}

TEST(PostgresqlOptions, ReadEveryPartOfTheUrl) {
    const auto options = parse(
        "postgresql://me:p%40ss@db:7/app?application_name=shop&options=-csearch_path%3Dx&"
        "statement_cache_size=0&sslmode=disable"
    );
    EXPECT_EQ(options.hosts[0].password, "p@ss");
    EXPECT_EQ(options.address(), "db:7");
    EXPECT_EQ(options.database, "app");
    EXPECT_EQ(options.application_name, "shop");
    EXPECT_EQ(options.options, "-csearch_path=x");
    EXPECT_EQ(options.statement_cache_size, 0U);
}

TEST(PostgresqlOptions, TurnPipelineOffByDefaultWithUnnamedStatements) {
    EXPECT_TRUE(parse("postgresql://h/a").pipeline);
    EXPECT_FALSE(parse("postgresql://h/a?pipeline=off").pipeline);
    EXPECT_FALSE(parse("postgresql://h/a?prepared_statements=unnamed").pipeline);
    EXPECT_FALSE(parse("postgresql://h/a?statement_cache_size=0").pipeline);
    EXPECT_TRUE(parse("postgresql://h/a?prepared_statements=unnamed&pipeline=on").pipeline);
    EXPECT_THAT(problem_of("postgresql://h/a?pipeline=1"), testing::HasSubstr("pipeline"));
}

TEST(PostgresqlOptions, PreferParametersToHostAndPort) {
    const url where("postgresql://me@db:7/app?host=/run/postgresql&port=8");
    const auto options = connect_options::parse(where, with({}));
    EXPECT_TRUE(options.hosts[0].is_unix_socket());
    EXPECT_EQ(options.address(), "/run/postgresql/.s.PGSQL.8");
}

TEST(PostgresqlOptions, NameTheInvalidParameter) {
    EXPECT_THAT(problem_of("postgresql://h/a?colour=red"), testing::HasSubstr("\"colour\""));
    EXPECT_THAT(problem_of("postgresql://h/a?port=x"), testing::HasSubstr("port"));
    EXPECT_THAT(problem_of("postgresql://h/a?port=65536"), testing::HasSubstr("65535"));
    EXPECT_THAT(
        problem_of("postgresql://h/a?statement_cache_size=-1"),
        testing::HasSubstr("statement_cache_size")
    );
    EXPECT_THAT(problem_of("postgresql://h/a?sslmode=maybe"), testing::HasSubstr("sslmode"));
    EXPECT_THAT(
        problem_of("postgresql://h/a?sslmode=verify-ca"), testing::HasSubstr("sslrootcert")
    );
    EXPECT_THAT(problem_of("postgresql://h/a?gssencmode=require"), testing::HasSubstr("GSSAPI"));
    EXPECT_THAT(problem_of("postgresql://h/a?replication=database"), testing::HasSubstr("replic"));
    EXPECT_THAT(problem_of("postgresql://h/a?gssdelegation=1"), testing::HasSubstr("GSSAPI"));
    EXPECT_THAT(problem_of("postgresql://h/a?oauth_issuer=x"), testing::HasSubstr("OAuth"));
    EXPECT_THAT(
        problem_of("postgresql://h/a?min_protocol_version=3.2"), testing::HasSubstr("protocol")
    );
    EXPECT_THAT(
        problem_of("postgresql://h/a?max_protocol_version=2"),
        testing::HasSubstr("3.0, 3.2, latest")
    );
    EXPECT_THAT(problem_of("postgresql://h/a?scram_client_key=x"), testing::HasSubstr("password"));
    EXPECT_THAT(
        problem_of("postgresql://h/a?sslkeylogfile=x"), testing::HasSubstr("sslkeylogfile")
    );
    EXPECT_THAT(
        problem_of("postgresql://h/a?sslcertmode=require"), testing::HasSubstr("disable, allow")
    );
    EXPECT_THAT(problem_of("postgresql://h/a?client_encoding=latin1"), testing::HasSubstr("UTF8"));
    EXPECT_THAT(problem_of("postgresql://a,b/a?port=1,2,3"), testing::HasSubstr("port"));
    EXPECT_THAT(
        problem_of("postgresql://a,b/a?hostaddr=127.0.0.1"), testing::HasSubstr("hostaddr")
    );
    EXPECT_THAT(problem_of("postgresql://h/a?require_auth=oauth"), testing::HasSubstr("scram"));
}

TEST(PostgresqlOptions, HaveSeveralHosts) {
    const auto options =
        parse("postgresql://me:x@one:1,two,[::1]:3/app?target_session_attrs=primary");
    ASSERT_EQ(options.hosts.size(), 3U);
    EXPECT_EQ(options.hosts[0].name(), "one:1");
    EXPECT_EQ(options.hosts[1].name(), "two:5432");
    EXPECT_EQ(options.hosts[2].name(), "[::1]:3");
    EXPECT_EQ(options.target, session_target::primary);
    EXPECT_EQ(parse("host=a,b port=7").hosts[1].port, 7);
    EXPECT_EQ(parse("hostaddr=127.0.0.1").hosts[0].host, "127.0.0.1");
    EXPECT_TRUE(parse("postgresql://%2Frun%2Fpg/app").hosts[0].is_unix_socket());
}

TEST(PostgresqlOptions, FallBackToTheEnvironment) {
    const auto from = with(
        {{"PGHOST", "db"},
         {"PGPORT", "7"},
         {"PGUSER", "somebody"},
         {"PGPASSWORD", "hush"},
         {"PGSSLMODE", "disable"},
         {"PGREQUIREAUTH", "!md5"}}
    );
    const auto options = parse("postgresql://other@/app", from);
    EXPECT_EQ(options.hosts[0].name(), "db:7");
    EXPECT_EQ(options.hosts[0].password, "hush");
    EXPECT_EQ(options.user, "other");
    EXPECT_EQ(options.tls.mode, ssl_mode::disable);
    EXPECT_THAT(
        options.allowed_authentication, testing::ElementsAre("none", "password", "scram-sha-256")
    );
}

TEST(PostgresqlOptions, AcceptParametersOfLaterLibpqVersions) {
    const auto options = parse(
        "postgresql://h/a?sslcertmode=disable&sslcert=mine.crt&sslkey=mine.key&gssdelegation=0&"
        "min_protocol_version=3.0&max_protocol_version=3.2"
    );

    EXPECT_EQ(options.tls.certificate, "");
    EXPECT_EQ(options.tls.key, "");
    EXPECT_EQ(parse("postgresql://h/a?sslcert=mine.crt").tls.certificate, "mine.crt");
}

TEST(PostgresqlOptions, ComeFromTheNamedServiceFile) {
    const std::string file = testing::TempDir() + "gino_named_service_file";
    std::ofstream(file) << "[shop]\nhost=db\n";
    const std::string url = "postgresql:///app?service=shop&servicefile=" + file;

    EXPECT_EQ(parse(url.c_str(), with({{"PGSERVICEFILE", "/nowhere"}})).hosts[0].host, "db");

    std::filesystem::remove(file);
}

TEST(PostgresqlOptions, PreferServiceFileToEnvironment) {
    const std::string home = testing::TempDir() + "gino_service";
    std::filesystem::create_directories(home);
    std::ofstream(home + "/.pg_service.conf") << "# ours\n[other]\nhost=no\n\n"
                                                 "[shop]\nhost=db\n port=8\nuser=keeper\n"
                                                 "[last]\nhost=never\n";
    const auto options =
        parse("postgresql://me@/app?service=shop", with({{"PGPORT", "9"}, {"PGHOST", "x"}}, home));
    EXPECT_EQ(options.hosts[0].name(), "db:8");
    EXPECT_EQ(options.user, "me");
    EXPECT_THROW(
        static_cast<void>(parse("postgresql:///?service=nothing", with({}, home))), argument_error
    );
    std::filesystem::remove_all(home);
}

TEST(PostgresqlOptions, ReadPasswordOfEachHostFromPasswordFile) {
    const std::string home = testing::TempDir() + "gino_pgpass";
    std::filesystem::create_directories(home);
    const std::string file = home + "/.pgpass";
    std::ofstream(file) << "# host:port:database:user:password\n"
                           "one:*:app:me:first\n*:7:*:me:a\\:b\\\\c\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    const auto options = parse("postgresql://me@one:5,two:7,three:9/app", with({}, home));
    EXPECT_EQ(options.hosts[0].password, "first");
    EXPECT_EQ(options.hosts[1].password, "a:b\\c");
    EXPECT_EQ(options.hosts[2].password, "");
    EXPECT_EQ(parse("postgresql://me:own@one/app", with({}, home)).hosts[0].password, "own");
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::others_read
    );
    EXPECT_EQ(parse("postgresql://me@one/app", with({}, home)).hosts[0].password, "");
    std::filesystem::remove_all(home);
}

TEST(PostgresqlOptions, VerifyAuthorityInModeRequireWithRootCertificate) {
    EXPECT_EQ(parse("postgresql://h/a?sslmode=require").tls.mode, ssl_mode::require);
    EXPECT_EQ(
        parse("postgresql://h/a?sslmode=require&sslrootcert=x.crt").tls.mode, ssl_mode::verify_ca
    );
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
