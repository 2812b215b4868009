// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/url.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <string>

namespace gino {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Returns the message of the error that a URL causes, or an empty text without an error.
std::string refusal_of(const std::string& text) {
    try {
        const url read(text);
    } catch (const argument_error& fault) {
        EXPECT_EQ(fault.code(), errc::invalid_url);
        return fault.what();
    }
    return {};
}

TEST(Url, ReadsEveryPart) {
    const url read("postgresql://me:secret@db.example:5433/app?sslmode=disable&x=1");

    EXPECT_EQ(read.scheme, "postgresql");
    EXPECT_EQ(read.user, "me");
    EXPECT_EQ(read.password, "secret");
    EXPECT_EQ(read.host, "db.example");
    EXPECT_EQ(read.port, 5433);
    EXPECT_EQ(read.database, "app");
    EXPECT_EQ(read.parameter("sslmode"), "disable");
    EXPECT_EQ(read.parameter("x"), "1");
    EXPECT_EQ(read.parameter("y"), std::nullopt);
}

TEST(Url, LeavesMissingPartsEmpty) {
    const url read("postgresql://");

    EXPECT_EQ(read.user, "");
    EXPECT_EQ(read.password, std::nullopt);
    EXPECT_EQ(read.host, "");
    EXPECT_EQ(read.port, std::nullopt);
    EXPECT_EQ(read.database, "");
    EXPECT_TRUE(read.parameters.empty());
}

TEST(Url, DistinguishesEmptyPasswordFromNone) {
    EXPECT_EQ(url("postgresql://me:@localhost").password, "");
    EXPECT_EQ(url("postgresql://me@localhost").password, std::nullopt);
}

TEST(Url, ReadsSqlitePaths) {
    EXPECT_EQ(url("sqlite://").database, "");
    EXPECT_EQ(url("sqlite:///app.db").database, "app.db");
    EXPECT_EQ(url("sqlite:////var/lib/app.db").database, "/var/lib/app.db");
    EXPECT_EQ(url("sqlite:////home/me@work/app.db").database, "/home/me@work/app.db");
}

TEST(Url, DecodesEachPart) {
    const url read("postgresql://m%40e:p%2Fw%3A%25@%2Frun%2Fdb/my%20app?options=-c%20a%3Db");

    EXPECT_EQ(read.user, "m@e");
    EXPECT_EQ(read.password, "p/w:%");
    EXPECT_EQ(read.host, "/run/db");
    EXPECT_EQ(read.database, "my app");
    EXPECT_EQ(read.parameter("options"), "-c a=b");
}

TEST(Url, KeepsPlusSigns) {
    EXPECT_EQ(url("sqlite:///a+b.db?mode=r+w").parameter("mode"), "r+w");
    EXPECT_EQ(url("sqlite:///a+b.db").database, "a+b.db");
}

TEST(Url, ConvertsSchemeToLowerCase) {
    EXPECT_EQ(url("PostgreSQL://h").scheme, "postgresql");
}

TEST(Url, ReadsIpv6AddressWithoutBrackets) {
    const url read("postgresql://[::1]:5433/app");

    EXPECT_EQ(read.host, "::1");
    EXPECT_EQ(read.port, 5433);
    EXPECT_EQ(url("postgresql://[fe80::1]/app").port, std::nullopt);
}

TEST(Url, KeepsOrderOfItsParameters) {
    const url read("sqlite:///a.db?z=1&a=2&m=");

    ASSERT_EQ(read.parameters.size(), 3U);
    EXPECT_EQ(read.parameters[0].first, "z");
    EXPECT_EQ(read.parameters[1].first, "a");
    EXPECT_EQ(read.parameters[2].second, "");
}

struct wrong_url {
    const char* name;
    const char* text;
    const char* says;

    friend std::ostream& operator<<(std::ostream& out, const wrong_url& wrong) {
        return out << wrong.name;
    }
};

class UrlRefuses : public testing::TestWithParam<wrong_url> {};

TEST_P(UrlRefuses, InvalidPartAndNamesIt) {
    EXPECT_THAT(refusal_of(GetParam().text), HasSubstr(GetParam().says));
}

TEST_P(UrlRefuses, InvalidPartWithoutQuotingThePassword) {
    EXPECT_THAT(refusal_of(GetParam().text), Not(HasSubstr("hush")));
}

INSTANTIATE_TEST_SUITE_P(
    ,
    UrlRefuses,
    testing::Values(
        wrong_url{"Nothing", "", "the scheme is missing"},
        wrong_url{"PathAlone", "/hush/app.db", "the scheme is missing"},
        wrong_url{"SchemeWithoutSlashes", "sqlite:hush.db", "the scheme is missing"},
        wrong_url{"EmptyScheme", "://me:hush@h", "the scheme is missing"},
        wrong_url{"SchemeWithBlank", "post gres://me:hush@h", "the scheme has a character"},
        wrong_url{"SchemeWithDigitFirst", "4gres://me:hush@h", "the scheme has a character"},
        wrong_url{"PortIsAWord", "postgresql://me:hush@h:http/a", "the port is not a number"},
        wrong_url{"PortHasAWordBehind", "postgresql://me:hush@h:1x/a", "the port is not a number"},
        wrong_url{"PortIsNegative", "postgresql://me:hush@h:-1/a", "the port is not a number"},
        wrong_url{"PortIsZero", "postgresql://me:hush@h:0/a", "the port is out of range"},
        wrong_url{"PortIsTooLarge", "postgresql://me:hush@h:65536/a", "the port is out of range"},
        wrong_url{
            "PortIsHuge", "postgresql://me:hush@h:99999999999999/a", "the port is out of range"},
        wrong_url{
            "PasswordWithPercent", "postgresql://me:hu%sh-hush@h/a", "the user name or password"},
        wrong_url{"PasswordWithPercentAtEnd", "postgresql://me:hush%@h/a", "hexadecimal"},
        wrong_url{"PasswordWithNul", "postgresql://me:hush%00@h/a", "NUL"},
        wrong_url{"PasswordWithAt", "postgresql://me:hu@hush@h/a", "the user name or password"},
        wrong_url{"PasswordWithSlash", "postgresql://me:x/hush@h/a", "the port is not a number"},
        wrong_url{"PasswordOfDigitsWithSlash", "postgresql://me:1/hush@h/a", "behind the host"},
        wrong_url{"PasswordOfDigitsWithQuery", "postgresql://me:1?hush@h/a", "behind the host"},
        wrong_url{"PasswordWithHash", "postgresql://me:x#hush@h/a", "fragment"},
        wrong_url{"PasswordWithBlank", "postgresql://me:hu hush@h/a", "the user name or password"},
        wrong_url{"HostWithPercent", "postgresql://me:hush@h%4/a", "the host has a '%'"},
        wrong_url{"HostWithBlank", "postgresql://me:hush@h h/a", "the host is no name"},
        wrong_url{"HostIsOpenBracket", "postgresql://me:hush@[::1/a", "the host is no name"},
        wrong_url{"BracketsInUser", "postgresql://[::]@:5", "user name or password has a bracket"},
        wrong_url{"TextBehindBracket", "postgresql://me:hush@[::1];:1/a", "the host is no name"},
        wrong_url{"SchemeWithColon", "sqlite:a:///hush", "the scheme has a character"},
        wrong_url{"Ipv6WithoutBrackets", "postgresql://me:hush@::1/a", "the host is no name"},
        wrong_url{"DatabaseWithPercent", "postgresql://me:hush@h/a%zz", "the database has a '%'"},
        wrong_url{
            "DatabaseWithBlank", "postgresql://me:hush@h/a b", "the database has a character"},
        wrong_url{"ParameterTwice", "sqlite:///a?m=1&n=2&m=hush", "'m' is given twice"},
        wrong_url{"ParameterTwiceEncoded", "sqlite:///a?m=1&%6d=hush", "'m' is given twice"},
        wrong_url{"ParameterWithoutValue", "sqlite:///a?m", "'m' has no value"},
        wrong_url{"ParameterWithoutName", "sqlite:///a?=hush", "a parameter has no name"},
        wrong_url{"ParameterNothing", "sqlite:///a?m=1&&n=2", "a parameter has no name"},
        wrong_url{"ParameterWithPercent", "sqlite:///a?m=hush%", "the parameters has a '%'"},
        wrong_url{"ParameterWithBlank", "sqlite:///a?m=hush hush", "a parameter has a character"}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST(UrlForPeople, HidesThePassword) {
    EXPECT_EQ(
        url("postgresql://me:hush@localhost:5432/app").redacted(),
        "postgresql://me:***@localhost:5432/app"
    );
    EXPECT_EQ(url("postgresql://me:@localhost").redacted(), "postgresql://me:***@localhost");
}

TEST(UrlForPeople, HidesParametersThatArePasswords) {
    EXPECT_EQ(
        url("postgresql://h/a?sslmode=require&sslpassword=hush").redacted(),
        "postgresql://h/a?sslmode=require&sslpassword=***"
    );
}

TEST(UrlForPeople, ParsesToTheSameUrl) {
    for (const char* text :
         {"sqlite://",
          "sqlite:///app.db",
          "sqlite:////var/a%20b.db?mode=ro",
          "postgresql://me@[::1]:1/a%2Fb%3F",
          "postgresql://%2Frun%2Fdb/app",
          "postgresql://%2Frun%2Fa%3Ab/app"}) {
        const url once(text);
        const url twice(once.redacted());

        EXPECT_EQ(twice.redacted(), once.redacted());
        EXPECT_EQ(twice.host, once.host);
        EXPECT_EQ(twice.database, once.database);
    }
}

TEST(UrlForPeople, ParsesToTheSameUrlForRandomParts) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> any_byte(1, 255);
    std::uniform_int_distribution<std::size_t> any_size(1, 12);
    const auto any_text = [&] {
        std::string text(any_size(random), ' ');
        for (char& c : text) {
            c = static_cast<char>(any_byte(random));
        }
        return text;
    };

    for (int round = 0; round < 2'000; ++round) {
        url made("test://h");
        made.user = any_text();
        made.host = any_text();
        made.database = any_text();
        made.parameters = {{"name", any_text()}};

        const url read(made.redacted());

        ASSERT_EQ(read.user, made.user);
        ASSERT_EQ(read.host, made.host);
        ASSERT_EQ(read.database, made.database);
        ASSERT_EQ(read.parameters, made.parameters);
    }
}

TEST(Url, ThrowsOnlyArgumentErrorsOnRandomText) {
    std::mt19937 random(11);
    const std::string alphabet = "ab:/?#[]@%&=+0123 \t-._~\x80";
    std::uniform_int_distribution<std::size_t> any_letter(0, alphabet.size() - 1);
    std::uniform_int_distribution<std::size_t> any_size(0, 24);
    int refused = 0;

    for (int round = 0; round < 20'000; ++round) {
        std::string text = "s://";
        for (std::size_t rest = any_size(random); rest > 0; --rest) {
            text += alphabet[any_letter(random)];
        }
        refused += refusal_of(text).empty() ? 0 : 1;
    }

    EXPECT_GT(refused, 0);
    EXPECT_LT(refused, 20'000);
}

}  // namespace
}  // namespace gino
