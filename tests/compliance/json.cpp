// SPDX-License-Identifier: BSD-3-Clause
#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "support/on_every_database.hpp"

// Elements of JSON columns. The calls are within co_await expressions on purpose: GCC 12 destroys
// some temporaries twice there (decision 0008).
namespace {

using testing::ElementsAre;

struct document {
    std::int64_t id{};
    boost::json::value body{};

    GINO_MODEL(document, "gino_documents", id, body)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Json : public gino::testing::on_every_database {
protected:
    void run_documents(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<document>, [&](gino::database& db) -> gino::awaitable<void> {
            for (const auto* text :
                 {R"({"name": "it's", "age": 30, "tags": ["x", "y"], "who": {"ok": true}})",
                  R"({"name": null, "age": 7, "tags": []})"}) {
                document d;
                d.body = boost::json::parse(text);
                co_await db.create(d);
            }
            co_await body(db);
        });
    }
};

GINO_ON_EVERY_DATABASE(Json);

TEST_P(Json, ReadsElementsAsTextAndAsValues) {
    run_documents([&](gino::database& db) -> gino::awaitable<void> {
        const auto& body = document::c.body;
        const auto names =
            co_await db.all(gino::select(body["name"].as_text()).order_by(document::c.id));
        EXPECT_THAT(names, ElementsAre("it's", std::nullopt));
        const auto ages =
            co_await db.all(gino::select(body["age"].as<int>() + 1).order_by(document::c.id));
        EXPECT_THAT(ages, ElementsAre(31, 8));
        const auto first = co_await db.all(
            gino::select(body["tags"][0].as_text()).where(body["who"]["ok"].as<bool>() == true)
        );
        EXPECT_THAT(first, ElementsAre("x"));
        const auto grown =
            co_await db.all(gino::select(document::c.id).where(body["age"].as<int>() >= 18));
        EXPECT_THAT(grown, ElementsAre(1));
    });
}

TEST_P(Json, ReadsPathsOfKeysAndIndexes) {
    run_documents([&](gino::database& db) -> gino::awaitable<void> {
        const auto& body = document::c.body;
        const auto second = co_await db.all(
            gino::select(gino::json_path(body, "tags", "1").as_text()).order_by(document::c.id)
        );
        EXPECT_THAT(second, ElementsAre("y", std::nullopt));
        const auto inner =
            co_await db.all(gino::select(document::c.id)
                                .where(gino::json_path(body, "who", "ok").as<bool>() == true));
        EXPECT_THAT(inner, ElementsAre(1));
    });
}

TEST_P(Json, TestsForKeysOnPostgresqlOnly) {
    run_documents([&](gino::database& db) -> gino::awaitable<void> {
        const auto& body = document::c.body;
        const auto ids = gino::select(document::c.id);
        if (is_sqlite()) {
            EXPECT_THROW(
                co_await db.all(ids.where(gino::has_key(body, "who"))), gino::compile_error
            );
            co_return;
        }
        EXPECT_THAT(co_await db.all(ids.where(gino::has_key(body, "who"))), ElementsAre(1));
        EXPECT_THAT(
            co_await db.all(ids.where(gino::has_any_key(body, "who", "else"))), ElementsAre(1)
        );
        EXPECT_THAT(
            co_await db.all(ids.where(gino::and_(
                gino::has_all_keys(body, "name", "age"),
                gino::or_(document::c.id == 2, gino::false_())
            ))),
            ElementsAre(2)
        );
        const boost::json::value part{{"age", 7}};
        EXPECT_THAT(co_await db.all(ids.where(body.contains(part))), ElementsAre(2));
        const auto merged = co_await db.all(
            gino::select(gino::concat(body, part)["age"].as<int>()).order_by(document::c.id)
        );
        EXPECT_THAT(merged, ElementsAre(7, 7));
    });
}

}  // namespace
