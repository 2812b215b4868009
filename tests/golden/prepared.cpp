// SPDX-License-Identifier: BSD-3-Clause
#include <gino/model/models.hpp>
#include <gino/schema/metadata.hpp>
#include <gino/sql/cache_key.hpp>

#include <libpq-fe.h>
#include <sqlite3.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "driver/postgresql/codec/oids.hpp"
#include "driver/sqlite/functions/exact_functions.hpp"
#include "driver/sqlite/functions/json_element.hpp"
#include "driver/sqlite/functions/time_functions.hpp"
#include "golden/models.hpp"
#include "support/expect_sql.hpp"

// Every text of a golden test is prepared on its database, in a transaction that creates the tables
// of the golden models and is never committed.
namespace golden {

namespace {

constexpr std::string_view only_on_postgresql =
    "CREATE SCHEMA app;"
    "CREATE FUNCTION app.fn(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';"
    "CREATE SEQUENCE my_seq";

std::string create_tables(const gino::dialect& by) {
    std::string script;
    const gino::metadata all(gino::models<team, user, document>.tables());
    for (const auto* table : gino::sort_for_creation(all).tables) {
        for (const auto& statement : by.create_table(*table, {})) {
            script += statement + ";\n";
        }
    }
    return script;
}

// Another test installs a server certificate that libpq does not support for channel binding.
PGconn* connect_without_tls(const char* url) {
    const char* const names[] = {"dbname", "sslmode", nullptr};
    const char* const values[] = {url, "disable", nullptr};
    return PQconnectdbParams(names, values, 1);
}

class postgresql_session {
public:
    explicit postgresql_session(const char* url) : connection_(connect_without_tls(url)) {
        if (PQstatus(connection_.get()) != CONNECTION_OK) {
            throw std::runtime_error(PQerrorMessage(connection_.get()));
        }
        schema_ = "golden_" + std::to_string(PQbackendPID(connection_.get()));
        run("BEGIN; CREATE SCHEMA " + schema_ + "; SET LOCAL search_path TO " + schema_);
        run(std::string(only_on_postgresql));
        run(create_tables(gino::postgresql::dialect()) + "SAVEPOINT before");
    }

    std::string prepare(const gino::statement_base& statement, const gino::compiled& made) {
        gino::sql::cache_key shape;
        gino::sql::build_cache_key(statement.node(), shape);
        std::vector<Oid> types;
        for (const auto place : made.parameters) {
            types.push_back(gino::postgresql::codec::oid_of(shape.parameters[place]->type));
        }
        const result prepared(PQprepare(
            connection_.get(),
            "",
            made.text.c_str(),
            static_cast<int>(types.size()),
            types.empty() ? nullptr : types.data()
        ));
        const bool is_good = PQresultStatus(prepared.get()) == PGRES_COMMAND_OK;
        const std::string refusal = is_good ? "" : PQresultErrorMessage(prepared.get());
        run("ROLLBACK TO SAVEPOINT before");
        return refusal;
    }

    // The script creates its objects in a separate schema; the other tables follow in search_path.
    std::string run_script(const std::string& script) {
        run("SAVEPOINT script; CREATE SCHEMA ddl; SET LOCAL search_path TO ddl, " + schema_);
        const result done(PQexec(connection_.get(), script.c_str()));
        const bool is_good = PQresultStatus(done.get()) == PGRES_COMMAND_OK;
        const std::string refusal = is_good ? "" : PQresultErrorMessage(done.get());
        run("ROLLBACK TO SAVEPOINT script");
        return refusal;
    }

private:
    struct closer {
        void operator()(PGconn* c) const { PQfinish(c); }

        void operator()(PGresult* r) const { PQclear(r); }
    };

    using result = std::unique_ptr<PGresult, closer>;

    void run(const std::string& script) {
        const result done(PQexec(connection_.get(), script.c_str()));
        if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) {
            throw std::runtime_error(PQresultErrorMessage(done.get()));
        }
    }

    std::unique_ptr<PGconn, closer> connection_;
    std::string schema_;
};

class sqlite_session {
public:
    sqlite_session() {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open(":memory:", &opened);
        database_.reset(opened);
        add_functions(opened);
        const std::string script = create_tables(gino::sqlite::dialect());
        if (code != SQLITE_OK ||
            sqlite3_exec(opened, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            throw std::runtime_error(sqlite3_errmsg(opened));
        }
    }

    std::string prepare(const gino::compiled& made) {
        sqlite3_stmt* prepared = nullptr;
        const int code =
            sqlite3_prepare_v2(database_.get(), made.text.c_str(), -1, &prepared, nullptr);
        const std::string refusal = code == SQLITE_OK ? "" : sqlite3_errmsg(database_.get());
        sqlite3_finalize(prepared);
        return refusal;
    }

    static std::string run_script(const std::string& script) {
        sqlite3* opened = nullptr;
        sqlite3_open(":memory:", &opened);
        const std::unique_ptr<sqlite3, closer> database(opened);
        add_functions(opened);
        const int code = sqlite3_exec(opened, script.c_str(), nullptr, nullptr, nullptr);
        return code == SQLITE_OK ? "" : sqlite3_errmsg(opened);
    }

private:
    // Registers the same functions and collation as the driver.
    static void add_functions(sqlite3* to) {
        sqlite3_create_collation(to, "decimal", SQLITE_UTF8, nullptr, &compare_nothing);
        if (gino::sqlite::register_exact_functions(to) != SQLITE_OK ||
            gino::sqlite::register_time_functions(to) != SQLITE_OK ||
            gino::sqlite::register_json_functions(to) != SQLITE_OK) {
            throw std::runtime_error(sqlite3_errmsg(to));
        }
    }

    static int compare_nothing(void*, int, const void*, int, const void*) { return 0; }

    struct closer {
        void operator()(sqlite3* s) const { sqlite3_close(s); }
    };

    std::unique_ptr<sqlite3, closer> database_;
};

bool servers_are_required() {
    const char* required = std::getenv("GINO_TEST_REQUIRE_SERVERS");
    return required != nullptr && std::string_view(required) == "1";
}

// Returns a null pointer without a server.
postgresql_session* server() {
    const char* url = std::getenv("GINO_TEST_POSTGRESQL");
    if (url == nullptr && servers_are_required()) {
        throw std::runtime_error("GINO_TEST_POSTGRESQL is not set: run ./check");
    }
    static const auto session =
        url == nullptr ? nullptr : std::make_unique<postgresql_session>(url);
    return session.get();
}

std::string prepare(
    const gino::dialect& by, const gino::statement_base& statement, const gino::compiled& made
) {
    if (by.name() == "sqlite") {
        static sqlite_session session;
        return session.prepare(made);
    }
    return server() == nullptr ? "" : server()->prepare(statement, made);
}

std::string run(const gino::dialect& by, const std::string& script) {
    if (by.name() == "sqlite") {
        return sqlite_session::run_script(script);
    }
    return server() == nullptr ? "" : server()->run_script(script);
}

const bool is_set = [] {
    gino::testing::prepare_on_server = &prepare;
    gino::testing::run_on_server = &run;
    return true;
}();

// A test of the check itself, with a text that every database refuses.
TEST(Prepared, ReportsInvalidSql) {
    const auto nonsense = gino::text("SELEC 1");

    EXPECT_FALSE(gino::testing::text_is(nonsense, gino::sqlite::dialect(), "SELEC 1"));
    if (std::getenv("GINO_TEST_POSTGRESQL") != nullptr) {
        EXPECT_FALSE(gino::testing::text_is(nonsense, gino::postgresql::dialect(), "SELEC 1"));
    }
}

}  // namespace
}  // namespace golden
