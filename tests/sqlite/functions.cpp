// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/sqlite/functions.hpp>

#include <gmock/gmock.h>

#include <stdexcept>

#include "support/on_every_database.hpp"

// User-defined SQL functions.
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct person {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> nickname{};

    GINO_MODEL(person, "people", id, name, nickname)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class SqliteFunction : public gino::testing::on_every_database {
protected:
    /// Adds functions, which exist in the sessions that are opened afterwards.
    void SetUp() override {
        gino::sqlite::add_function("half", [](double number) { return number / 2; });
        gino::sqlite::add_function("half", [](double number, std::int64_t times) {
            return number / static_cast<double>(times);
        });
        gino::sqlite::add_function("shown", [](std::optional<std::string> text) {
            return text.value_or("nobody");
        });
        gino::sqlite::add_function("checked", [](std::int16_t number) -> std::optional<bool> {
            if (number < 0) {
                throw std::runtime_error("less than nothing");
            }
            return number == 0 ? std::nullopt : std::optional(number > 10);
        });
        gino::sqlite::add_function("size_of", [](const gino::bytes& blob) { return blob.size(); });
        gino::sqlite::add_function("same", [](gino::value any) { return any; });
        gino::sqlite::add_function("odd", []() { return gino::value(gino::decimal("1.5")); });
        on_every_database::SetUp();
    }

    template <class T>
    gino::awaitable<std::optional<T>> ask(gino::database& db, std::string sql) {
        const auto answer =
            co_await db.one(gino::text(sql).columns(gino::literal(std::optional<T>())));
        co_return answer;
    }
};

INSTANTIATE_TEST_SUITE_P(, SqliteFunction, ::testing::Values("sqlite"));

TEST_P(SqliteFunction, IsCallableLikeABuiltInFunction) {
    //! [function]
    gino::sqlite::add_function("initials", [](std::string_view name) {
        std::string made;
        for (std::size_t i = 0; i < name.size(); ++i) {
            made += i == 0 || name[i - 1] == ' ' ? std::string(1, name[i]) : "";
        }
        return made;
    });
    //! [function]
    run_with(gino::models<person>, [&](gino::database& db) -> gino::awaitable<void> {
        person ada{.name = "Ada Lovelace"};
        co_await db.create(ada);
        const auto initials = gino::func::call<std::string>("initials", person::c.name);
        EXPECT_THAT(co_await db.all(gino::select(initials)), ElementsAre("AL"));
        const auto found = gino::select(person::c.id).where(initials == "AL");
        EXPECT_EQ(co_await db.scalar(found), ada.id);
        co_await db.status(gino::text("CREATE INDEX by_initials ON people (initials(name))"));
    });
}

TEST_P(SqliteFunction, ConvertsArgumentsAndResults) {
    run_with(gino::models<person>, [&](gino::database& db) -> gino::awaitable<void> {
        EXPECT_EQ(co_await ask<double>(db, "SELECT half(5)"), 2.5);
        EXPECT_EQ(co_await ask<double>(db, "SELECT half(5, 4)"), 1.25);
        EXPECT_EQ(co_await ask<double>(db, "SELECT half(NULL)"), std::nullopt);
        EXPECT_EQ(co_await ask<std::string>(db, "SELECT shown(NULL)"), "nobody");
        EXPECT_EQ(co_await ask<std::string>(db, "SELECT shown('a')"), "a");
        EXPECT_EQ(co_await ask<std::int64_t>(db, "SELECT checked(11)"), 1);
        EXPECT_EQ(co_await ask<std::int64_t>(db, "SELECT checked(0)"), std::nullopt);
        EXPECT_EQ(co_await ask<std::int64_t>(db, "SELECT size_of(x'0102')"), 2);
        EXPECT_EQ(co_await ask<std::int64_t>(db, "SELECT size_of(x'')"), 0);
        for (const char* any : {"NULL", "1", "1.5", "'text'", "x'00'", "x''", "''"}) {
            const std::string sql = std::string("SELECT same(") + any + ") IS " + any;
            EXPECT_EQ(co_await ask<std::int64_t>(db, sql), 1) << any;
        }
    });
}

TEST_P(SqliteFunction, FailsItsStatementWithItsOwnMessage) {
    run_with(gino::models<person>, [&](gino::database& db) -> gino::awaitable<void> {
        for (const auto& [call, words] :
             {std::pair("checked(-1)", "checked(): less than nothing"),
              std::pair("checked(70000)", "checked(): argument 1 has to be an integer that fits"),
              std::pair("half('x')", "half(): argument 1 has to be a number"),
              std::pair("odd()", "odd(): it returned a value that SQLite has no type for")}) {
            try {
                co_await ask<std::int64_t>(db, std::string("SELECT ") + call);
                ADD_FAILURE() << call;
            } catch (const gino::database_error& e) {
                EXPECT_THAT(e.what(), HasSubstr(words));
            }
        }
        EXPECT_EQ(co_await ask<double>(db, "SELECT half(1)"), 0.5);
    });
}

TEST_P(SqliteFunction, RequiresAValidName) {
    EXPECT_THROW(gino::sqlite::add_function("", [] { return 1; }), gino::argument_error);
    EXPECT_THROW(
        gino::sqlite::add_function(std::string(256, 'f'), [] { return 1; }), gino::argument_error
    );
}

}  // namespace
