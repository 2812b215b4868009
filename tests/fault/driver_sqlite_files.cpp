// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <fstream>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

using driver::transaction_status;
using testing::HasSubstr;

/// A SQLite VFS whose reads or writes fail on request. During its lifetime it is the default VFS of
/// all databases that are opened.
class failing_disk {
public:
    enum class failure { none, full, broken };

    failing_disk() : usual_(sqlite3_vfs_find(nullptr)), mine_(*usual_) {
        mine_.zName = "failing";
        mine_.pNext = nullptr;
        mine_.pAppData = this;
        mine_.szOsFile = static_cast<int>(sizeof(file)) + usual_->szOsFile;
        mine_.xOpen = open;
        sqlite3_vfs_register(&mine_, 1);
    }

    failing_disk(const failing_disk&) = delete;
    failing_disk& operator=(const failing_disk&) = delete;

    ~failing_disk() {
        sqlite3_vfs_unregister(&mine_);
        sqlite3_vfs_register(usual_, 1);
    }

    std::atomic<failure> writes = failure::none;
    std::atomic<failure> reads = failure::none;

private:
    struct file {
        sqlite3_file base;
        failing_disk* disk;
    };

    static sqlite3_file* inner(sqlite3_file* outer) {
        return reinterpret_cast<sqlite3_file*>(reinterpret_cast<file*>(outer) + 1);
    }

    static failing_disk& disk_of(sqlite3_file* outer) {
        return *reinterpret_cast<file*>(outer)->disk;
    }

    static int write(sqlite3_file* outer, const void* bytes, int size, sqlite3_int64 offset) {
        switch (disk_of(outer).writes.load()) {
            case failure::full:
                return SQLITE_FULL;
            case failure::broken:
                return SQLITE_IOERR_WRITE;
            case failure::none:
                break;
        }
        return inner(outer)->pMethods->xWrite(inner(outer), bytes, size, offset);
    }

    static int read(sqlite3_file* outer, void* bytes, int size, sqlite3_int64 offset) {
        if (disk_of(outer).reads.load() != failure::none) {
            return SQLITE_IOERR_READ;
        }
        return inner(outer)->pMethods->xRead(inner(outer), bytes, size, offset);
    }

    static int open(sqlite3_vfs* mine, const char* name, sqlite3_file* outer, int flags, int* got) {
        static const sqlite3_io_methods methods{
            .iVersion = 1,
            .xClose = [](sqlite3_file* f) { return inner(f)->pMethods->xClose(inner(f)); },
            .xRead = read,
            .xWrite = write,
            .xTruncate = [](sqlite3_file* f, sqlite3_int64 size
                         ) { return inner(f)->pMethods->xTruncate(inner(f), size); },
            .xSync = [](sqlite3_file* f,
                        int how) { return inner(f)->pMethods->xSync(inner(f), how); },
            .xFileSize = [](sqlite3_file* f, sqlite3_int64* size
                         ) { return inner(f)->pMethods->xFileSize(inner(f), size); },
            .xLock = [](sqlite3_file* f,
                        int level) { return inner(f)->pMethods->xLock(inner(f), level); },
            .xUnlock = [](sqlite3_file* f,
                          int level) { return inner(f)->pMethods->xUnlock(inner(f), level); },
            .xCheckReservedLock =
                [](sqlite3_file* f, int* held) {
                    return inner(f)->pMethods->xCheckReservedLock(inner(f), held);
                },
            .xFileControl =
                [](sqlite3_file* f, int what, void* argument) {
                    return inner(f)->pMethods->xFileControl(inner(f), what, argument);
                },
            .xSectorSize = [](sqlite3_file* f
                           ) { return inner(f)->pMethods->xSectorSize(inner(f)); },
            .xDeviceCharacteristics =
                [](sqlite3_file* f) {
                    return inner(f)->pMethods->xDeviceCharacteristics(inner(f));
                },
            .xShmMap = nullptr,
            .xShmLock = nullptr,
            .xShmBarrier = nullptr,
            .xShmUnmap = nullptr,
            .xFetch = nullptr,
            .xUnfetch = nullptr,
        };
        auto& disk = *static_cast<failing_disk*>(mine->pAppData);
        auto* const made = reinterpret_cast<file*>(outer);
        made->disk = &disk;
        made->base.pMethods = nullptr;
        std::memset(inner(outer), 0, static_cast<std::size_t>(disk.usual_->szOsFile));
        const int code = disk.usual_->xOpen(disk.usual_, name, inner(outer), flags, got);
        if (code == SQLITE_OK) {
            made->base.pMethods = &methods;
        }
        return code;
    }

    sqlite3_vfs* usual_;
    sqlite3_vfs mine_;
};

class SqliteDisk : public testing::Test {
protected:
    SqliteDisk() { session_.execute("CREATE TABLE t (a)"); }

    /// Runs a statement that fails, and returns its SQLSTATE.
    std::string sqlstate_of(const char* sql) {
        try {
            session_.execute(sql);
        } catch (const database_error& failure) {
            return failure.sqlstate();
        }
        return "nothing";
    }

    failing_disk disk_;
    temporary_folder folder_;
    blocking_session session_{folder_.url("app.db", "?journal_mode=delete")};
};

TEST_F(SqliteDisk, ReportsAFullDiskWithoutLoss) {
    session_.execute("INSERT INTO t VALUES (1)");

    disk_.writes = failing_disk::failure::full;
    EXPECT_EQ(sqlstate_of("INSERT INTO t VALUES (zeroblob(100000))"), "53100");
    disk_.writes = failing_disk::failure::none;

    EXPECT_EQ(session_.status(), transaction_status::idle);
    EXPECT_EQ(session_.scalar("SELECT count(*) FROM t"), number(1));
}

TEST_F(SqliteDisk, EndsTheTransactionWhenWritesFailDuringCommit) {
    session_.execute("BEGIN");
    session_.execute("INSERT INTO t VALUES (1)");

    disk_.writes = failing_disk::failure::broken;
    EXPECT_EQ(sqlstate_of("COMMIT"), "58030");
    disk_.writes = failing_disk::failure::none;

    EXPECT_NE(session_.status(), transaction_status::failed);
    session_.reset();
    EXPECT_EQ(session_.status(), transaction_status::idle);
    EXPECT_EQ(session_.scalar("SELECT count(*) FROM t"), number(0));
}

TEST_F(SqliteDisk, FailsTheTransactionWhenWritesFailBeforeCommit) {
    session_.execute("PRAGMA cache_size = 1");
    session_.execute("BEGIN");
    session_.execute("INSERT INTO t VALUES (1)");

    disk_.writes = failing_disk::failure::broken;
    EXPECT_EQ(
        sqlstate_of(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
            "INSERT INTO t SELECT zeroblob(5000) FROM n"
        ),
        "58030"
    );
    disk_.writes = failing_disk::failure::none;

    EXPECT_EQ(session_.status(), transaction_status::failed);
    EXPECT_EQ(session_.execute("COMMIT").tag, "ROLLBACK");
    EXPECT_EQ(session_.scalar("SELECT count(*) FROM t"), number(0));
}

TEST_F(SqliteDisk, ReportsReadErrors) {
    session_.execute("INSERT INTO t VALUES (zeroblob(10000000))");
    session_.close();
    const blocking_session session(folder_.url("app.db", "?journal_mode=delete"));

    disk_.reads = failing_disk::failure::broken;
    try {
        static_cast<void>(session.rows("SELECT sum(length(hex(a))) FROM t"));
        ADD_FAILURE();
    } catch (const operational_error& failure) {
        EXPECT_EQ(failure.sqlstate(), "58030");
    }
    disk_.reads = failing_disk::failure::none;

    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(1));
}

TEST(SqliteFile, ReportsCorruption) {
    const temporary_folder folder;
    const std::string where = folder.url("app.db", "?journal_mode=delete");
    {
        const blocking_session session(where);
        session.execute("CREATE TABLE t (a)");
        session.execute("INSERT INTO t VALUES ('x')");
        session.close();
    }
    {
        std::fstream file(folder / "app.db", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(4096);
        file << std::string(4096, '\xee');
    }
    const blocking_session session(where);

    try {
        static_cast<void>(session.rows("SELECT a FROM t"));
        FAIL();
    } catch (const internal_error& failure) {
        EXPECT_EQ(failure.sqlstate(), "XX001");
        EXPECT_THAT(failure.what(), HasSubstr("damaged"));
    }

    EXPECT_TRUE(session.raw().is_open());
    EXPECT_EQ(session.scalar("SELECT 1"), number(1));
}

TEST(SqliteFile, CausesOnlyErrorsWithAnyByteDamaged) {
    const temporary_folder folder;
    const std::string where = folder.url("app.db", "?journal_mode=delete&synchronous=off");
    {
        const blocking_session session(where);
        session.script(
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX ix ON t (b);"
            "INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, hex(zeroblob(3000)))"
        );
        session.close();
    }
    std::ifstream in(folder / "app.db", std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});

    for (std::size_t place = 0; place < whole.size(); place += 61) {
        std::string damaged = whole;
        damaged[place] = static_cast<char>(~damaged[place]);
        std::ofstream(folder / "app.db", std::ios::binary) << damaged;
        try {
            const blocking_session session(where);
            static_cast<void>(session.rows("SELECT * FROM t"));
            static_cast<void>(session.rows("SELECT b FROM t ORDER BY b"));
            static_cast<void>(session.execute("UPDATE t SET b = 'x' WHERE a = 2"));
            session.close();
        } catch (const database_error& failure) {
            EXPECT_FALSE(std::string(failure.what()).empty());
        }
    }
}

TEST(SqliteFile, IsNotWrittenAfterItWasMoved) {
    const temporary_folder folder;
    const blocking_session session(folder.url("app.db", "?journal_mode=delete"));
    session.execute("CREATE TABLE t (a)");
    std::filesystem::rename(folder / "app.db", folder / "old.db");

    try {
        session.execute("INSERT INTO t VALUES (1)");
        FAIL();
    } catch (const operational_error& failure) {
        EXPECT_EQ(failure.sqlstate(), "25006");
        EXPECT_THAT(failure.what(), HasSubstr("moved or deleted"));
    }
    EXPECT_FALSE(session.raw().is_alive());
}

TEST(SqliteFile, CausesConnectTimeoutWhenLockedAtOpen) {
    const temporary_folder folder;
    const std::string where = folder.url("app.db", "?journal_mode=delete&busy_timeout=5");
    const blocking_session first(where);
    first.execute("BEGIN EXCLUSIVE");

    try {
        const blocking_session second(where);
        FAIL();
    } catch (const connection_error& refused) {
        EXPECT_EQ(refused.code(), errc::connect_timeout);
        EXPECT_TRUE(refused.is_retryable());
        EXPECT_THAT(refused.what(), HasSubstr("locked"));
    }
}

}  // namespace
}  // namespace gino::sqlite::test
