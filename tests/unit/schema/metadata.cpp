// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/model/models.hpp>
#include <gino/schema/metadata.hpp>

#include <gmock/gmock.h>

#include "unit/sql/models.hpp"

namespace gino::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct left;

/// Two tables with foreign keys to each other.
struct right {
    std::int64_t id{};
    std::optional<std::int64_t> left_id{};

    GINO_MODEL(right, "rights", id, left_id)

    static gino::table_args table_args();
};

struct left {
    std::int64_t id{};
    std::optional<std::int64_t> right_id{};

    GINO_MODEL(left, "lefts", id, right_id)

    static gino::table_args table_args() {
        return {primary_key(c.id), foreign_key(c.right_id, right::c.id)};
    }
};

gino::table_args right::table_args() {
    return {primary_key(c.id), foreign_key(c.left_id, left::c.id)};
}

/// A second model of the table of `city`.
struct town {
    std::int64_t id{};

    GINO_MODEL(town, "cities", id)

    static gino::table_args table_args() { return {primary_key(c.id)}; }
};

std::string problem_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const argument_error& e) {
        return e.what();
    }
    return "nothing was wrong";
}

std::vector<std::string> names_of(const creation_order& order) {
    std::vector<std::string> names;
    for (const auto* table : order.tables) {
        names.push_back(table->source->name);
    }
    return names;
}

TEST(Metadata, HasTheTablesOfItsModels) {
    const metadata all(models<person, city>.tables());
    EXPECT_EQ(all.tables().size(), 2U);
    EXPECT_EQ(all.find("", "people")->columns.size(), 6U);
    EXPECT_THAT(all.find("", "people")->primary_key, ElementsAre("id"));
    EXPECT_EQ(all.find("", "nowhere"), nullptr);
    EXPECT_EQ(all.find("other", "people"), nullptr);
}

TEST(Metadata, ColumnsFollowTheTypesOfMembers) {
    const metadata all(models<person, city>.tables());
    const auto& columns = all.find("", "people")->columns;
    EXPECT_EQ(columns.at(0).name, "id");
    EXPECT_TRUE(columns.at(0).autoincrement);
    EXPECT_FALSE(columns.at(0).nullable);
    EXPECT_FALSE(columns.at(1).nullable);
    EXPECT_TRUE(columns.at(2).nullable);
    EXPECT_EQ(columns.at(2).type.kind, type_kind::integer);
    EXPECT_EQ(columns.at(3).type.kind, type_kind::bigint);
}

TEST(Metadata, RefusesTwoModelsForOneTable) {
    const auto message =
        problem_of([] { static_cast<void>(metadata(models<city, town>.tables())); });
    EXPECT_THAT(message, HasSubstr("\"cities\""));
}

TEST(Metadata, RefusesForeignKeyToMissingTable) {
    const auto message = problem_of([] { static_cast<void>(metadata(models<person>.tables())); });
    EXPECT_THAT(message, HasSubstr("\"people\""));
    EXPECT_THAT(message, HasSubstr("\"cities\""));
}

TEST(Metadata, RefusesForeignKeyToMissingColumn) {
    auto tables = models<person, city>.tables();
    tables.at(0).foreign_keys.at(0).target_columns = {"colour"};
    const auto message = problem_of([&] { static_cast<void>(metadata(tables)); });
    EXPECT_THAT(message, HasSubstr("\"colour\""));
}

TEST(CreationOrder, PutsReferencedTablesFirst) {
    const metadata all(models<person, city, stranger>.tables());
    const auto order = sort_for_creation(all);
    EXPECT_THAT(names_of(order), ElementsAre("cities", "people", "strangers"));
    EXPECT_TRUE(order.later.empty());
}

TEST(CreationOrder, DefersTheForeignKeyThatClosesACycle) {
    const metadata all(models<left, right>.tables());
    const auto order = sort_for_creation(all);
    EXPECT_EQ(order.tables.size(), 2U);
    EXPECT_EQ(order.later.size(), 1U);
    EXPECT_EQ(order.later.at(0).key->target_table, "lefts");
}

}  // namespace
}  // namespace gino::test
