// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <gmock/gmock.h>

namespace {

using testing::ElementsAre;

struct plain {
    std::int64_t id{};
    std::string nickname = "noname";
    int scratch = 5;  // not a column

    GINO_MODEL(plain, "plains", id, (nickname, "name"))

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct no_key {
    std::string title{};

    GINO_MODEL(no_key, "titles", title)
};

struct pair_key {
    std::int64_t one{};
    std::string two{};

    GINO_MODEL(pair_key, "pairs", one, two)

    static gino::table_args table_args() { return {gino::primary_key(c.two, c.one)}; }
};

std::vector<std::string> columns_of(const gino::table_definition& table) {
    std::vector<std::string> names;
    for (const auto& column : table.columns) {
        names.push_back(column.name);
    }
    return names;
}

template <class Model>
gino::table_definition table_of() {
    return gino::models<Model>.tables().at(0);
}

static_assert(gino::described<plain>);
static_assert(!gino::described<int>);
static_assert(std::is_aggregate_v<plain>);
static_assert(sizeof(plain) == sizeof(std::int64_t) + sizeof(std::string) + 2 * sizeof(int));

TEST(Model, ColumnsAreTheNamedMembersInOrder) {
    EXPECT_THAT(columns_of(table_of<plain>()), ElementsAre("id", "name"));
    EXPECT_EQ(table_of<plain>().source->name, "plains");
}

TEST(Model, RemainsAnAggregateWithDefaults) {
    const plain made{.id = 3};
    EXPECT_EQ(made.nickname, "noname");
    EXPECT_EQ(made.scratch, 5);
}

TEST(Model, KeyIsOptionalAndKeepsItsOrder) {
    EXPECT_TRUE(table_of<no_key>().primary_key.empty());
    EXPECT_THAT(table_of<pair_key>().primary_key, ElementsAre("two", "one"));
}

TEST(Model, ColumnsHaveTheTypesOfTheirMembers) {
    static_assert(std::is_same_v<decltype(plain::c.id)::value_type, std::int64_t>);
    static_assert(std::is_same_v<decltype(plain::c.nickname)::value_type, std::string>);
    EXPECT_TRUE(table_of<plain>().columns.at(0).autoincrement);
    EXPECT_FALSE(table_of<pair_key>().columns.at(0).autoincrement);
}

TEST(Model, AliasHasDistinctColumns) {
    const auto other = gino::alias<plain>("other");
    EXPECT_FALSE(gino::detail::is_same_expression(*other.c.id.node(), *plain::c.id.node()));
    EXPECT_EQ(other.source()->kind, gino::sql::from_kind::alias);
}

}  // namespace
