// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/on_every_database.hpp"

// Failover: the primary stays alive and becomes the standby of its former standby.
namespace {

struct entry {
    std::int64_t id{};
    std::string said;

    GINO_MODEL(entry, "gino_entries", id, said)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Failover : public gino::testing::on_every_database {
protected:
    void SetUp() override {
        if (std::getenv("GINO_TEST_POSTGRESQL") == nullptr) {
            on_every_database::SetUp();  // skips the test with a reason
            return;
        }
        std::string name = (std::filesystem::temp_directory_path() / "gino-pair.XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        const std::string said = script("pair");
        const auto end = said.find('\n');
        ASSERT_NE(end, std::string::npos) << said;
        one_ = gino::url(said.substr(0, end));
        two_ = gino::url(said.substr(end + 1, said.size() - end - 2));
    }

    void TearDown() override {
        if (!folder_.empty()) {
            script("stop");
        }
    }

    /// Makes the standby the primary, and the primary its standby.
    void switch_over() { script("switch"); }

    /// Returns a URL with both servers as hosts and the given parameters.
    [[nodiscard]] std::string both(const std::string& parameters = "") const {
        return "postgresql://trusted@127.0.0.1:" + std::to_string(*one_.port) +
               ",127.0.0.1:" + std::to_string(*two_.port) + "/gino" + parameters;
    }

    static gino::awaitable<int> port_of(gino::statement_executor& on) {
        const auto port = gino::text("SELECT inet_server_port() AS p")
                              .columns(gino::literal(std::int32_t{0}).label("p"));
        const auto answer = co_await on.one(port);
        co_return answer;
    }

    [[nodiscard]] int port_of_second() const { return *two_.port; }

private:
    std::string script(const std::string& verb) const {
        const std::string command =
            GINO_TESTS_DIR "/../scripts/databases.sh " + verb + " " + folder_;
        std::string said;
        std::FILE* from = ::popen(command.c_str(), "r");
        std::array<char, 256> part{};
        while (from != nullptr && std::fgets(part.data(), part.size(), from) != nullptr) {
            said += part.data();
        }
        EXPECT_NE(from, nullptr);
        EXPECT_EQ(::pclose(from), 0) << command;
        return said;
    }

    std::string folder_;
    gino::url one_{"postgresql://"};
    gino::url two_{"postgresql://"};
};

INSTANTIATE_TEST_SUITE_P(, Failover, ::testing::Values("postgresql"));

/// Stores an object; returns the SQLSTATE of the failure, or an empty text.
gino::awaitable<std::string> store(gino::statement_executor& by) {
    std::string state;
    try {
        entry one{.said = "hello"};
        co_await by.create(one);
    } catch (const gino::database_error& e) {
        state = e.sqlstate().empty() ? e.what() : e.sqlstate();
    }
    co_return state;
}

TEST_P(Failover, WriterFindsThePrimaryAfterItsHostBecomesAStandby) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<entry>};
        co_await db.set_bind(both());
        co_await db.create_all();
        EXPECT_EQ(co_await store(db), "");
        switch_over();

        // The first host accepts connections and refuses writes.
        EXPECT_NE(co_await port_of(db.bind()), port_of_second());
        EXPECT_EQ(co_await store(db), "25006");
        EXPECT_EQ(co_await store(db), "");
        EXPECT_EQ(co_await port_of(db.bind()), port_of_second());
        EXPECT_EQ((co_await db.all(gino::select<entry>())).size(), 2U);
        co_await db.close();
    });
}

TEST_P(Failover, DiscardsIdleConnectionsToTheOldPrimary) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<entry>};
        co_await db.set_bind(both());
        co_await db.create_all();
        switch_over();
        {
            gino::connection held = co_await db.acquire();
            gino::connection other = co_await db.acquire();
            EXPECT_NE(co_await port_of(held), port_of_second());
            EXPECT_NE(co_await port_of(other), port_of_second());
            co_await other.release();
            // A transaction keeps its connection until it ends.
            {
                gino::transaction tx = co_await held.begin();
                entry one;
                EXPECT_THROW(co_await tx.create(one), gino::operational_error);
                co_await tx.rollback();
            }
            EXPECT_EQ(co_await port_of(held), port_of_second());
        }
        gino::connection held = co_await db.acquire();
        gino::connection other = co_await db.acquire();
        EXPECT_EQ(co_await port_of(held), port_of_second());
        EXPECT_EQ(co_await port_of(other), port_of_second());
        co_await held.release();
        co_await other.release();
        co_await db.close();
    });
}

TEST_P(Failover, IsNotAssumedForReadOnlyTransactions) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<entry>};
        co_await db.set_bind(both());
        co_await db.create_all();
        gino::connection held = co_await db.acquire();
        {
            gino::transaction tx = co_await held.begin({.read_only = true});
            entry one;
            EXPECT_THROW(co_await tx.create(one), gino::operational_error);
            co_await tx.rollback();
        }
        EXPECT_NE(co_await port_of(held), port_of_second());
        co_await held.execute_script("SET default_transaction_read_only = on");
        EXPECT_EQ(co_await store(held), "25006");
        EXPECT_NE(co_await port_of(held), port_of_second());
        co_await held.release();
        switch_over();

        gino::connection reading = co_await db.acquire();
        {
            gino::transaction tx = co_await reading.begin({.read_only = true});
            entry one;
            EXPECT_THROW(co_await tx.create(one), gino::operational_error);
            co_await tx.rollback();
        }
        EXPECT_NE(co_await port_of(reading), port_of_second());
        co_await reading.release();
        co_await db.close();
    });
}

TEST_P(Failover, SearchContinuesToTheNewPrimary) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<entry>};
        co_await db.set_bind(both("?target_session_attrs=read-write"));
        co_await db.create_all();
        switch_over();
        EXPECT_EQ(co_await store(db), "");
        EXPECT_EQ(co_await port_of(db.bind()), port_of_second());
        switch_over();
        EXPECT_EQ(co_await store(db), "");
        EXPECT_NE(co_await port_of(db.bind()), port_of_second());
        co_await db.close();
    });
}

}  // namespace
