// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/database_config.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace {

using gino::ext::database_config;

std::string message_of(const boost::json::object& config) {
    try {
        static_cast<void>(database_config::parse(config).url());
    } catch (const gino::argument_error& e) {
        return e.what();
    }
    return {};
}

TEST(DatabaseConfig, HasTheDocumentedDefaults) {
    const auto config = database_config::parse({});

    EXPECT_EQ(config.driver, "postgresql");
    EXPECT_EQ(config.host, "localhost");
    EXPECT_EQ(config.port, 5432);
    EXPECT_EQ(config.user, "postgres");
    EXPECT_EQ(config.password, "");
    EXPECT_EQ(config.database, "postgres");
    EXPECT_EQ(config.pool_min_size, 5U);
    EXPECT_EQ(config.pool_max_size, 10U);
    EXPECT_FALSE(config.echo);
    EXPECT_FALSE(config.ssl);
    EXPECT_EQ(config.retry_limit, 1U);
    EXPECT_EQ(config.retry_interval, std::chrono::seconds(1));
}

TEST(DatabaseConfig, BuildsUrlFromItsParts) {
    const auto url = database_config::parse({{"user", "me"},
                                             {"password", "p@ss"},
                                             {"host", "db"},
                                             {"port", 7},
                                             {"database", "app"},
                                             {"ssl", false},
                                             {"kwargs", {{"application_name", "shop"}}}}
    ).url();

    EXPECT_EQ(url.scheme, "postgresql");
    EXPECT_EQ(url.user, "me");
    EXPECT_EQ(url.password, "p@ss");
    EXPECT_EQ(url.host, "db");
    EXPECT_EQ(url.port, 7);
    EXPECT_EQ(url.database, "app");
    EXPECT_EQ(url.parameter("sslmode"), "disable");
    EXPECT_EQ(url.parameter("application_name"), "shop");
}

TEST(DatabaseConfig, PrefersDsnOverParts) {
    const auto url =
        database_config::parse({{"dsn", "sqlite:///app.db"}, {"host", "ignored"}}).url();

    EXPECT_EQ(url.scheme, "sqlite");
    EXPECT_EQ(url.database, "app.db");
    EXPECT_EQ(url.host, "");
}

TEST(DatabaseConfig, AcceptsEachDriverByItsNames) {
    for (const auto* driver : {"postgresql", "postgres", "asyncpg"}) {
        const auto url = database_config::parse({{"driver", driver}}).url();
        EXPECT_EQ(url.scheme, driver);
        EXPECT_EQ(url.host, "localhost");
    }
    const auto url = database_config::parse({{"driver", "sqlite"}, {"database", "app.db"}}).url();
    EXPECT_EQ(url.scheme, "sqlite");
    EXPECT_EQ(url.database, "app.db");
}

TEST(DatabaseConfig, AcceptsSslAsBooleanOrMode) {
    const auto mode_of = [](const boost::json::value& ssl) {
        return database_config::parse({{"ssl", ssl}}).url().parameter("sslmode");
    };

    EXPECT_EQ(mode_of(true), "require");
    EXPECT_EQ(mode_of(false), "disable");
    EXPECT_EQ(mode_of("verify-full"), "verify-full");
    EXPECT_NE(message_of({{"ssl", 1}}).find("\"ssl\""), std::string::npos);
}

TEST(DatabaseConfig, AcceptsSslAsNamedOptions) {
    const auto url = database_config::parse(
                         {{"ssl", {{"sslmode", "verify-full"}, {"sslrootcert", "authority.crt"}}}}
    ).url();

    EXPECT_EQ(url.parameter("sslmode"), "verify-full");
    EXPECT_EQ(url.parameter("sslrootcert"), "authority.crt");
    EXPECT_NE(message_of({{"ssl", {{"user", "me"}}}}).find("\"ssl.user\""), std::string::npos);
    EXPECT_NE(
        message_of({{"ssl", {{"sslmode", "require"}}}, {"kwargs", {{"sslmode", "allow"}}}}
        ).find("twice"),
        std::string::npos
    );
}

TEST(DatabaseConfig, NullMeansTheDefaultOfItsKey) {
    boost::json::object config;
    for (const auto* key :
         {"dsn",
          "driver",
          "host",
          "port",
          "user",
          "password",
          "database",
          "pool_min_size",
          "pool_max_size",
          "echo",
          "ssl",
          "kwargs",
          "retry_limit",
          "retry_interval"}) {
        config[key] = nullptr;
    }

    const auto parsed = database_config::parse(config);

    EXPECT_FALSE(parsed.dsn);
    EXPECT_FALSE(parsed.ssl);
    EXPECT_EQ(parsed.password, "");
    EXPECT_EQ(parsed.pool_min_size, 5U);
    EXPECT_EQ(parsed.url().redacted(), database_config::parse({}).url().redacted());
    EXPECT_NE(message_of({{"hots", nullptr}}).find("\"hots\""), std::string::npos);
    EXPECT_TRUE(database_config::parse({{"kwargs", {{"sslmode", nullptr}}}}).kwargs.empty());
}

TEST(DatabaseConfig, MaximumLimitsTheDefaultMinimum) {
    EXPECT_EQ(database_config::parse({{"pool_max_size", 3}}).pool_min_size, 3U);
    EXPECT_NE(
        message_of({{"pool_min_size", 5}, {"pool_max_size", 3}}).find("pool_max_size"),
        std::string::npos
    );
}

TEST(DatabaseConfig, AcceptsFractionsOfSeconds) {
    EXPECT_EQ(
        database_config::parse({{"retry_interval", 0.5}}).retry_interval,
        std::chrono::milliseconds(500)
    );
    EXPECT_NE(message_of({{"retry_interval", -1}}).find("retry_interval"), std::string::npos);
    EXPECT_NE(message_of({{"retry_limit", -1}}).find("retry_limit"), std::string::npos);
}

TEST(DatabaseConfig, RefusesParametersAlsoGivenInTheDsn) {
    const std::string message = message_of(
        {{"dsn", "postgresql://h/a?application_name=x"}, {"kwargs", {{"application_name", "y"}}}}
    );

    EXPECT_NE(message.find("application_name"), std::string::npos) << message;
}

TEST(DatabaseConfig, NamesUnknownKeyAndListsTheOthers) {
    const std::string message = message_of({{"hots", "x"}});

    EXPECT_NE(message.find("\"hots\""), std::string::npos) << message;
    EXPECT_NE(message.find("retry_interval"), std::string::npos) << message;
}

TEST(DatabaseConfig, NamesKeyOfWrongTypeAndNeverItsValue) {
    const std::string message = message_of({{"password", 4711}});

    EXPECT_NE(message.find("\"password\""), std::string::npos) << message;
    EXPECT_EQ(message.find("4711"), std::string::npos) << message;
    EXPECT_NE(message_of({{"port", 65536}}).find("\"port\""), std::string::npos);
    EXPECT_NE(message_of({{"echo", 1}}).find("\"echo\""), std::string::npos);
    EXPECT_NE(message_of({{"pool_max_size", 0}}).find("pool_max_size"), std::string::npos);
}

}  // namespace
