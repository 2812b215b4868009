// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/sqlite/connect_options.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace gino::sqlite {
namespace {

using testing::HasSubstr;

connect_options read(const char* text) {
    return connect_options(gino::url(text));
}

TEST(ConnectOptions, HaveDefaultsForAFile) {
    const connect_options options = read("sqlite:///app.db");

    EXPECT_EQ(options.path, "app.db");
    EXPECT_EQ(options.mode, open_mode::read_write_create);
    EXPECT_EQ(options.busy_timeout, std::chrono::milliseconds(5000));
    EXPECT_EQ(options.journal_mode, std::nullopt);
    EXPECT_EQ(options.synchronous, synchronous_mode::normal);
    EXPECT_TRUE(options.foreign_keys);
    EXPECT_EQ(options.statement_cache_size, 100U);
    EXPECT_FALSE(options.immutable);
}

TEST(ConnectOptions, AcceptEveryUrlOfAnInMemoryDatabase) {
    for (const char* text :
         {"sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///x.db?mode=memory"}) {
        const connect_options options = read(text);

        EXPECT_EQ(options.mode, open_mode::memory) << text;
        EXPECT_EQ(options.path, "") << text;
    }
}

TEST(ConnectOptions, ReadEachParameter) {
    const connect_options options = read(
        "sqlite:////var/app.db?mode=rw&busy_timeout=10&journal_mode=truncate&synchronous=extra"
        "&foreign_keys=false&statement_cache_size=0"
    );

    EXPECT_EQ(options.path, "/var/app.db");
    EXPECT_EQ(options.mode, open_mode::read_write);
    EXPECT_EQ(options.busy_timeout, std::chrono::milliseconds(10));
    EXPECT_EQ(options.journal_mode, journal_mode::truncate);
    EXPECT_EQ(options.synchronous, synchronous_mode::extra);
    EXPECT_FALSE(options.foreign_keys);
    EXPECT_EQ(options.statement_cache_size, 0U);
}

TEST(ConnectOptions, OpenAnImmutableFileReadOnly) {
    EXPECT_EQ(read("sqlite:///a.db?immutable=1").mode, open_mode::read_only);
}

struct wrong_option {
    const char* name;
    const char* text;
    const char* says;

    friend std::ostream& operator<<(std::ostream& out, const wrong_option& wrong) {
        return out << wrong.name;
    }
};

class ConnectOptionsRefuse : public testing::TestWithParam<wrong_option> {};

TEST_P(ConnectOptionsRefuse, InvalidUrlsWithAnExplanation) {
    try {
        static_cast<void>(read(GetParam().text));
        FAIL();
    } catch (const argument_error& refused) {
        EXPECT_EQ(refused.code(), errc::invalid_url);
        EXPECT_THAT(refused.what(), HasSubstr(GetParam().says));
    }
}

INSTANTIATE_TEST_SUITE_P(
    ,
    ConnectOptionsRefuse,
    testing::Values(
        wrong_option{
            "UnknownParameter", "sqlite:///a?cache=1", "\"cache\"; there are: busy_timeout, "},
        wrong_option{"UnknownMode", "sqlite:///a?mode=w", "there are: rwc, rw, ro, memory"},
        wrong_option{"UnknownJournalMode", "sqlite:///a?journal_mode=off", "wal, delete"},
        wrong_option{"UnknownSynchronous", "sqlite:///a?synchronous=1", "off, normal"},
        wrong_option{"SwitchThatIsNone", "sqlite:///a?foreign_keys=maybe", "on, off"},
        wrong_option{"TimeoutWithUnit", "sqlite:///a?busy_timeout=5s", "a number from 0"},
        wrong_option{"NegativeTimeout", "sqlite:///a?busy_timeout=-1", "a number from 0"},
        wrong_option{"TimeoutOfMoreThanADay", "sqlite:///a?busy_timeout=86400001", "86400000"},
        wrong_option{"HugeCache", "sqlite:///a?statement_cache_size=100001", "100000"},
        wrong_option{"Host", "sqlite://app.db", "three slashes"},
        wrong_option{"User", "sqlite://me@/app.db", "names a user"},
        wrong_option{"ImmutableInMemory", "sqlite://?immutable=on", "needs a file"},
        wrong_option{"ImmutableToBeWritten", "sqlite:///a?mode=rw&immutable=on", "contradict"},
        wrong_option{"WalInMemory", "sqlite://?journal_mode=wal", "journal_mode=memory"}
    ),
    [](const auto& row) { return row.param.name; }
);

}  // namespace
}  // namespace gino::sqlite
