// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/driver/sqlite/driver.hpp>
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// SQLite's dialect, of a database that has no RETURNING.
class dialect_without_returning final : public gino::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return base_.name(); }

    [[nodiscard]] const gino::capabilities& capabilities() const noexcept override {
        static const gino::capabilities some = [] {
            gino::capabilities made = gino::sqlite::dialect().capabilities();
            made.insert_returning = made.update_returning = false;
            return made;
        }();
        return some;
    }

    [[nodiscard]] gino::compiled compile(const gino::sql::statement_node& statement
    ) const override {
        return base_.compile(statement);
    }

    [[nodiscard]] std::string type_name(const gino::sql_type& type) const override {
        return base_.type_name(type);
    }

    [[nodiscard]] std::string quote(std::string_view identifier) const override {
        return base_.quote(identifier);
    }

    [[nodiscard]] std::vector<std::string> create_table(
        const gino::table_definition& table,
        const std::vector<const gino::foreign_key_definition*>& left_out
    ) const override {
        return base_.create_table(table, left_out);
    }

    [[nodiscard]] std::vector<gino::schema_object> objects_of(const gino::table_definition& table
    ) const override {
        return base_.objects_of(table);
    }

    [[nodiscard]] std::string add_foreign_key(
        const gino::table_definition& table, const gino::foreign_key_definition& key
    ) const override {
        return base_.add_foreign_key(table, key);
    }

    [[nodiscard]] std::string drop_foreign_key(
        const gino::table_definition& table, const gino::foreign_key_definition& key
    ) const override {
        return base_.drop_foreign_key(table, key);
    }

    [[nodiscard]] std::string create_index(
        const gino::table_definition& table, const gino::index_definition& index
    ) const override {
        return base_.create_index(table, index);
    }

    [[nodiscard]] std::string drop_table(const gino::table_definition& table) const override {
        return base_.drop_table(table);
    }

    [[nodiscard]] std::string has_table(const gino::table_definition& table) const override {
        return base_.has_table(table);
    }

    [[nodiscard]] std::vector<gino::value> has_table_parameters(const gino::table_definition& table
    ) const override {
        return base_.has_table_parameters(table);
    }

    [[nodiscard]] std::string begin(const gino::transaction_options& options) const override {
        return base_.begin(options);
    }

    [[nodiscard]] std::string savepoint(std::string_view name) const override {
        return base_.savepoint(name);
    }

    [[nodiscard]] std::string release_savepoint(std::string_view name) const override {
        return base_.release_savepoint(name);
    }

    [[nodiscard]] std::string rollback_to_savepoint(std::string_view name) const override {
        return base_.rollback_to_savepoint(name);
    }

private:
    const gino::dialect& base_ = gino::sqlite::dialect();
};

struct note {
    std::int64_t id{};
    std::string text;
    std::optional<std::string> state{};

    GINO_MODEL(note, "notes", id, text, state)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::server_default(c.state, "open")};
    }
};

struct label {
    std::int64_t note_id{};
    std::string name;
    std::int64_t length{};

    GINO_MODEL(label, "labels", note_id, name, length)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.note_id, c.name),
            gino::computed(c.length, gino::func::length(c.name))};
    }
};

struct line {
    std::string text;

    GINO_MODEL(line, "lines", text)
};

class WithoutReturning : public ::testing::Test {
protected:
    WithoutReturning() {
        gino::register_driver("plainsqlite", {&dialect_, [](const gino::url& where) {
                                                  gino::url real("sqlite:///:memory:");
                                                  static_cast<void>(where);
                                                  return gino::sqlite::make_driver(real);
                                              }});
    }

    void run(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        boost::asio::io_context context;
        std::exception_ptr failure;
        gino::database db{gino::models<note, label, line>};
        auto bound = [&]() -> gino::awaitable<void> {
            gino::engine_options options;
            options.echo = [this](std::string_view sql) { log_.emplace_back(sql); };
            co_await db.set_bind("plainsqlite:///x", std::move(options));
            co_await db.create_all();
            log_.clear();
            co_await body(db);
            co_await db.close();
        };
        boost::asio::co_spawn(context, bound(), [&](const std::exception_ptr& thrown) {
            failure = thrown;
        });
        context.run();
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
        for (const auto& sql : log_) {
            EXPECT_THAT(sql, Not(HasSubstr("RETURNING")));
        }
    }

    dialect_without_returning dialect_;
    std::vector<std::string> log_;
};

TEST_F(WithoutReturning, CreateReadsTheRowBackByTheNumberOfItsKey) {
    run([this](gino::database& db) -> gino::awaitable<void> {
        note made{.text = "buy milk"};
        co_await db.create(made);
        EXPECT_EQ(made.id, 1);
        EXPECT_EQ(made.state, "open");
        EXPECT_THAT(
            log_,
            ElementsAre(
                StartsWith("BEGIN"),
                "INSERT INTO notes (text) VALUES (?)",
                StartsWith("SELECT notes.id, notes.text, notes.state FROM notes WHERE"),
                "COMMIT"
            )
        );
    });
}

TEST_F(WithoutReturning, CreateReadsTheRowBackByItsOwnKey) {
    run([](gino::database& db) -> gino::awaitable<void> {
        label made{.note_id = 7, .name = "urgent"};
        co_await db.create(made);
        EXPECT_EQ(made.length, 6);
    });
}

TEST_F(WithoutReturning, CreateManySetsTheKeyOfEachObject) {
    run([](gino::database& db) -> gino::awaitable<void> {
        std::vector<note> all{{.text = "a"}, {.text = "b"}, {.id = 9, .text = "c"}};
        co_await db.create_many(all);
        EXPECT_EQ(all[0].id, 1);
        EXPECT_EQ(all[1].id, 2);
        EXPECT_EQ(all[2].id, 9);
        const auto stored = co_await db.scalar(gino::select(gino::func::count()).from<note>());
        EXPECT_EQ(stored, 3);
    });
}

TEST_F(WithoutReturning, CreateIsRefusedWithoutAKeyBeforeAnythingIsStored) {
    run([](gino::database& db) -> gino::awaitable<void> {
        line made{.text = "x"};
        std::string problem;
        try {
            co_await db.create(made);
        } catch (const gino::state_error& e) {
            problem = e.what();
        }
        EXPECT_THAT(problem, HasSubstr("no primary key"));
        const auto stored = co_await db.scalar(gino::select(gino::func::count()).from<line>());
        EXPECT_EQ(stored, 0);
    });
}

TEST_F(WithoutReturning, UpdateReadsItsColumnsBackByTheNewKey) {
    run([](gino::database& db) -> gino::awaitable<void> {
        note made{.text = "a"};
        co_await db.create(made);
        made.state = "unsaved";
        co_await db.update(made).set(note::c.id = 5, note::c.text = "b").apply();
        EXPECT_EQ(made.id, 5);
        EXPECT_EQ(made.text, "b");
        EXPECT_EQ(made.state, "unsaved");
    });
}

TEST_F(WithoutReturning, UpdateRefusesAnExpressionForTheKey) {
    run([](gino::database& db) -> gino::awaitable<void> {
        note made{.text = "a"};
        co_await db.create(made);
        std::string problem;
        try {
            co_await db.update(made).set(note::c.id = note::c.id + 1).apply();
        } catch (const gino::argument_error& e) {
            problem = e.what();
        }
        EXPECT_THAT(problem, HasSubstr("set it to a value"));
        EXPECT_TRUE(co_await db.get<note>(1));
    });
}

TEST_F(WithoutReturning, SaveReadsTheWholeRowBack) {
    run([](gino::database& db) -> gino::awaitable<void> {
        label made{.note_id = 7, .name = "urgent"};
        co_await db.create(made);
        note other{.text = "a"};
        co_await db.create(other);
        other.text = "longer";
        co_await db.save(other);
        const auto stored = co_await db.get<note>(other.id);
        EXPECT_EQ(stored->text, "longer");
    });
}

TEST_F(WithoutReturning, UpdateThrowsForAMissingRow) {
    run([](gino::database& db) -> gino::awaitable<void> {
        note missing{.id = 3, .text = "a"};
        bool is_missing = false;
        try {
            co_await db.update(missing).set(note::c.text = "b").apply();
        } catch (const gino::no_such_row&) {
            is_missing = true;
        }
        EXPECT_TRUE(is_missing);
    });
}

}  // namespace
