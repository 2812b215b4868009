// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

using driver::transaction_status;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// Opens a database, and returns the error.
connection_error refusal_of(const std::string& where) {
    try {
        const blocking_session session(where);
    } catch (const connection_error& refused) {
        return refused;
    }
    throw std::logic_error("it was opened: " + where);
}

TEST(SqliteDriver, KeepsItsInMemoryDatabaseDuringItsLifetime) {
    const auto driver = make_driver(gino::url("sqlite://"));
    {
        const blocking_session first(*driver);
        first.execute("CREATE TABLE t (a)");
    }

    const blocking_session second(*driver);

    EXPECT_EQ(second.scalar("SELECT count(*) FROM t"), number(0));
    EXPECT_EQ(driver->connection_limit(), 1U);
}

TEST(SqliteDriver, SharesNoInMemoryDatabaseWithAnotherDriver) {
    const blocking_session first("sqlite://");
    const blocking_session second("sqlite:///:memory:");
    first.execute("CREATE TABLE t (a)");

    EXPECT_THROW(second.execute("SELECT * FROM t"), programming_error);
}

TEST(SqliteDriver, NamesItsDatabaseAndSessions) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db")));
    const blocking_session session(*driver);

    EXPECT_EQ(driver->description(), folder.url("app.db"));
    EXPECT_EQ(session.raw().description(), folder.url("app.db") + ", session 1");
    EXPECT_EQ(driver->connection_limit(), 0U);
}

TEST(SqliteSession, CreatesAFileWithItsSettings) {
    const temporary_folder folder;
    const blocking_session session(folder.url("app.db"));

    EXPECT_EQ(session.scalar("PRAGMA journal_mode"), text("wal"));
    EXPECT_EQ(session.scalar("PRAGMA synchronous"), number(1));
    EXPECT_EQ(session.scalar("PRAGMA foreign_keys"), number(1));
    EXPECT_EQ(session.scalar("PRAGMA trusted_schema"), number(0));
    EXPECT_EQ(session.scalar("PRAGMA cell_size_check"), number(1));
    EXPECT_TRUE(std::filesystem::exists(folder / "app.db"));
}

TEST(SqliteSession, AppliesSettingsOfTheUrl) {
    const temporary_folder folder;
    const blocking_session session(
        folder.url("app.db", "?journal_mode=delete&synchronous=full&foreign_keys=off")
    );

    EXPECT_EQ(session.scalar("PRAGMA journal_mode"), text("delete"));
    EXPECT_EQ(session.scalar("PRAGMA synchronous"), number(2));
    EXPECT_EQ(session.scalar("PRAGMA foreign_keys"), number(0));
}

TEST(SqliteSession, OpensRelativePathsAndUnusualNames) {
    const temporary_folder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder / "");

    for (const char* name : {"a.db", "a%3Fb.db", "a%23b.db", "a%25b.db", "file%3Ac.db"}) {
        const blocking_session session(std::string("sqlite:///") + name);
        session.execute("CREATE TABLE t (a)");
    }
    std::filesystem::current_path(before);

    for (const char* name : {"a.db", "a?b.db", "a#b.db", "a%b.db", "file:c.db"}) {
        EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
    }
}

TEST(SqliteSession, HasANamedThread) {
    const auto names = [] {
        std::size_t found = 0;
        for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
            std::ifstream in(task.path() / "comm");
            std::string name;
            std::getline(in, name);
            found += name == "gino-sqlite" ? 1U : 0U;
        }
        return found;
    };
    ASSERT_EQ(names(), 0U);
    {
        const blocking_session first("sqlite://");
        const blocking_session second("sqlite://");
        EXPECT_EQ(names(), 2U);
    }
    EXPECT_EQ(names(), 0U);
}

TEST(SqliteSession, RefusesAMissingFolder) {
    const temporary_folder folder;

    const auto refused = refusal_of(folder.url("nowhere/app.db"));

    EXPECT_EQ(refused.code(), errc::connect_failed);
    EXPECT_THAT(refused.what(), HasSubstr("nowhere\" does not exist"));
}

TEST(SqliteSession, RefusesAMissingFileInModesRoAndRw) {
    const temporary_folder folder;

    for (const char* mode : {"?mode=ro", "?mode=rw"}) {
        const auto refused = refusal_of(folder.url("app.db", mode));

        EXPECT_EQ(refused.code(), errc::connect_failed);
        EXPECT_THAT(refused.what(), HasSubstr("there is no such file"));
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "app.db"));
}

TEST(SqliteSession, RefusesAFolder) {
    const temporary_folder folder;
    std::filesystem::create_directory(folder / "app.db");

    EXPECT_THAT(refusal_of(folder.url("app.db")).what(), HasSubstr("it is a folder"));
}

TEST(SqliteSession, RefusesAFileThatIsNotADatabase) {
    const temporary_folder folder;
    std::ofstream(folder / "app.db") << std::string(4096, 'x');

    const auto refused = refusal_of(folder.url("app.db"));

    EXPECT_EQ(refused.code(), errc::connect_failed);
    EXPECT_THAT(refused.what(), HasSubstr("app.db"));
    EXPECT_THAT(refused.what(), HasSubstr("no SQLite database"));
}

TEST(SqliteSession, ReadsButNeverWritesInModeRo) {
    const temporary_folder folder;
    blocking_session(folder.url("app.db")).execute("CREATE TABLE t (a)");
    const blocking_session session(folder.url("app.db", "?mode=ro"));

    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
    try {
        session.execute("INSERT INTO t VALUES (1)");
        FAIL();
    } catch (const operational_error& refused) {
        EXPECT_EQ(refused.sqlstate(), "25006");
        EXPECT_THAT(refused.what(), HasSubstr("mode=ro"));
    }
}

TEST(SqliteSession, ReadsAnImmutableFileWithoutCreatingFiles) {
    const temporary_folder folder;
    const blocking_session maker(folder.url("app.db"));
    maker.execute("CREATE TABLE t (a)");
    maker.close();

    const blocking_session session(folder.url("app.db", "?immutable=on"));

    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
    EXPECT_FALSE(std::filesystem::exists(folder / "app.db-shm"));
}

TEST(SqliteSession, SharesItsFileWithOtherSessions) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db")));
    const blocking_session writer(*driver);
    const blocking_session reader(*driver);
    writer.execute("CREATE TABLE t (a)");
    reader.execute("BEGIN");
    EXPECT_EQ(reader.scalar("SELECT count(*) FROM t"), number(0));

    writer.execute("INSERT INTO t VALUES (1)");

    EXPECT_EQ(reader.scalar("SELECT count(*) FROM t"), number(0));
    reader.execute("COMMIT");
    EXPECT_EQ(reader.scalar("SELECT count(*) FROM t"), number(1));
}

TEST(SqliteSession, WaitsForAnotherWriter) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db")));
    const blocking_session first(*driver);
    const blocking_session second(*driver);
    first.execute("CREATE TABLE t (a)");
    first.execute("BEGIN IMMEDIATE");
    first.execute("INSERT INTO t VALUES (1)");

    auto waiting =
        std::async(std::launch::async, [&] { second.execute("INSERT INTO t VALUES (2)"); });
    EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
    first.execute("COMMIT");
    waiting.get();

    EXPECT_EQ(first.scalar("SELECT sum(a) FROM t"), number(3));
}

TEST(SqliteSession, LosesNoWritesOfConcurrentWriters) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db", "?synchronous=off")));
    const blocking_session reader(*driver);
    reader.execute("CREATE TABLE t (a)");
    std::vector<std::future<void>> writers;

    for (int writer = 0; writer < 4; ++writer) {
        writers.push_back(std::async(std::launch::async, [&] {
            const blocking_session session(*driver);
            for (int i = 0; i < 100; ++i) {
                session.execute("INSERT INTO t VALUES (1)");
            }
        }));
    }
    for (auto& writer : writers) {
        writer.get();
    }

    EXPECT_EQ(reader.scalar("SELECT sum(a) FROM t"), number(400));
}

TEST(SqliteSession, ReportsALockedDatabaseAfterTheBusyTimeout) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db", "?busy_timeout=5")));
    const blocking_session first(*driver);
    const blocking_session second(*driver);
    first.execute("BEGIN IMMEDIATE");

    try {
        second.execute("CREATE TABLE t (a)");
        FAIL();
    } catch (const operational_error& refused) {
        EXPECT_EQ(refused.sqlstate(), "55P03");
        EXPECT_THAT(refused.what(), HasSubstr("locked"));
        EXPECT_THAT(refused.what(), HasSubstr("busy_timeout"));
    }

    EXPECT_EQ(second.status(), transaction_status::idle);
}

TEST(SqliteSession, ReportsAStaleSnapshotAsSerializationFailure) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db")));
    const blocking_session first(*driver);
    const blocking_session second(*driver);
    first.execute("CREATE TABLE t (a)");
    first.execute("BEGIN");
    EXPECT_EQ(first.scalar("SELECT count(*) FROM t"), number(0));
    second.execute("INSERT INTO t VALUES (1)");

    try {
        first.execute("INSERT INTO t VALUES (2)");
        FAIL();
    } catch (const operational_error& refused) {
        EXPECT_EQ(refused.sqlstate(), "40001");
        EXPECT_TRUE(refused.is_retryable());
    }
    EXPECT_EQ(first.status(), transaction_status::in_transaction);
}

TEST(SqliteSession, KeepsItsTransactionWhenCommitIsBusy) {
    const temporary_folder folder;
    const std::string where = folder.url("app.db", "?journal_mode=delete&busy_timeout=5");
    const blocking_session writer(where);
    const blocking_session reader(where);
    writer.execute("CREATE TABLE t (a)");
    reader.execute("BEGIN");
    EXPECT_EQ(reader.scalar("SELECT count(*) FROM t"), number(0));
    writer.execute("BEGIN");
    writer.execute("INSERT INTO t VALUES (1)");

    EXPECT_THROW(writer.execute("COMMIT"), operational_error);
    EXPECT_EQ(writer.status(), transaction_status::in_transaction);
    reader.execute("ROLLBACK");
    writer.execute("COMMIT");

    EXPECT_EQ(reader.scalar("SELECT count(*) FROM t"), number(1));
}

TEST(SqliteSession, IsNotAliveAfterItsFileIsDeleted) {
    const temporary_folder folder;
    const blocking_session session(folder.url("app.db"));
    ASSERT_TRUE(session.raw().is_alive());

    std::filesystem::rename(folder / "app.db", folder / "old.db");
    EXPECT_FALSE(session.raw().is_alive());
    std::ofstream(folder / "app.db") << "";

    EXPECT_FALSE(session.raw().is_alive());
    EXPECT_TRUE(session.raw().is_open());
}

TEST(SqliteReset, RollsBackAndRestoresSettings) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a)");
    session.execute("PRAGMA foreign_keys = OFF");
    session.execute("CREATE TEMP TABLE mine (a)");
    session.execute("BEGIN");
    session.execute("INSERT INTO t VALUES (1)");

    session.reset();

    EXPECT_EQ(session.status(), transaction_status::idle);
    EXPECT_EQ(session.scalar("PRAGMA foreign_keys"), number(1));
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
    EXPECT_THROW(session.execute("SELECT * FROM mine"), programming_error);
}

TEST(SqliteReset, RestoresSettingsChangedByAScript) {
    const blocking_session session("sqlite://");
    session.script("PRAGMA case_sensitive_like = OFF; ATTACH ':memory:' AS other;");
    EXPECT_EQ(session.scalar("SELECT 'A' LIKE 'a'"), number(1));

    session.reset();

    EXPECT_EQ(session.scalar("SELECT 'A' LIKE 'a'"), number(0));
    EXPECT_THROW(session.execute("CREATE TABLE other.t (a)"), database_error);
}

TEST(SqliteReset, EndsAFailedTransaction) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a UNIQUE)");
    session.execute("BEGIN");
    session.execute("INSERT INTO t VALUES (1)");
    EXPECT_THROW(session.execute("INSERT OR ROLLBACK INTO t VALUES (1)"), unique_violation);

    session.reset();

    EXPECT_EQ(session.status(), transaction_status::idle);
    session.execute("INSERT INTO t VALUES (1)");
}

TEST(SqliteReset, KeepsAnUnchangedSession) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a)");
    EXPECT_EQ(session.scalar("SELECT count(*) FROM pragma_table_info('t')"), number(1));
    session.execute("PRAGMA table_info(t)");

    session.reset();

    EXPECT_TRUE(session.raw().is_open());
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteReset, ClosesTheSessionWhenReopeningFails) {
    const temporary_folder folder;
    blocking_session(folder.url("app.db")).execute("CREATE TABLE t (a)");
    const blocking_session session(folder.url("app.db", "?mode=rw"));
    session.execute("PRAGMA foreign_keys = OFF");
    std::filesystem::rename(folder / "app.db", folder / "old.db");

    EXPECT_THROW(session.reset(), connection_error);

    EXPECT_FALSE(session.raw().is_open());
}

TEST(SqliteClose, EndsTheSessionOnce) {
    const blocking_session session("sqlite://");
    session.execute("BEGIN");

    session.close();
    session.close();

    EXPECT_FALSE(session.raw().is_open());
    EXPECT_FALSE(session.raw().is_alive());
    EXPECT_EQ(session.status(), transaction_status::idle);
    session.raw().interrupt();
    EXPECT_THROW(session.execute("SELECT 1"), state_error);
    EXPECT_THROW(session.script("SELECT 1"), state_error);
    EXPECT_THROW(session.reset(), state_error);
}

TEST(SqliteClose, CheckpointsTheWriteAheadLog) {
    const temporary_folder folder;
    const blocking_session session(folder.url("app.db"));
    session.execute("CREATE TABLE t (a)");
    ASSERT_TRUE(std::filesystem::exists(folder / "app.db-wal"));

    session.close();

    EXPECT_FALSE(std::filesystem::exists(folder / "app.db-wal"));
}

TEST(SqliteSafety, ForbidsWritesToTheSchemaTable) {
    const blocking_session session("sqlite://");

    EXPECT_THROW(
        session.script("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema"), database_error
    );
}

TEST(SqliteSafety, LoadsNoExtensions) {
    const blocking_session session("sqlite://");

    EXPECT_THROW(session.execute("SELECT load_extension('nothing')"), database_error);
}

}  // namespace
}  // namespace gino::sqlite::test
