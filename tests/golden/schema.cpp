// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/ddl.hpp>
#include <gino/model/models.hpp>
#include <gino/sql/create_as.hpp>
#include <gino/types/array.hpp>
#include <gino/types/composite.hpp>
#include <gino/types/enumeration.hpp>
#include <gino/types/network.hpp>
#include <gino/types/numeric.hpp>
#include <gino/types/range.hpp>
#include <gino/types/temporal.hpp>
#include <gino/types/uuid.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/uuid/uuid.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

enum class mood { happy, sad };
BOOST_DESCRIBE_ENUM(mood, happy, sad)

/// A composite value, stored as one column.
struct place {
    std::string street;
    std::optional<std::int32_t> number{};
    mood feels{};
};
BOOST_DESCRIBE_STRUCT(place, (), (street, number, feels))

}  // namespace golden

template <>
struct gino::mapping<golden::place> : gino::composite<golden::place, "place"> {};

namespace golden {

struct everything {
    std::int64_t id{};
    std::int16_t small{};
    std::string name;
    std::optional<gino::decimal> price{};
    boost::uuids::uuid key{};
    gino::time_of_day at{};
    gino::interval every{};
    mood feels{};
    float ratio{};
    double exact{};
    gino::bytes raw{};
    gino::date day{};
    gino::timestamptz made{};
    std::int32_t twice{};

    GINO_MODEL(
        everything,
        "everything",
        id,
        small,
        name,
        price,
        key,
        at,
        every,
        feels,
        ratio,
        exact,
        raw,
        day,
        made,
        twice
    )

    static gino::table_args table_args() {
        return {
            gino::primary_key("pk_everything", c.id),
            gino::identity(c.id, gino::identity_kind::always),
            gino::column_type(c.name, gino::varchar(30)),
            gino::column_type(c.price, gino::numeric(10, 2)),
            gino::server_default(c.price, gino::decimal("9.90")),
            gino::computed(c.twice, c.small * 2),
            gino::index("ix_everything_name", c.name.desc())};
    }
};

struct only_on_postgresql {
    std::int64_t id{};
    std::vector<std::vector<std::int32_t>> grid{};
    gino::inet host{};
    gino::cidr network{};
    gino::mac_address card{};
    gino::range<gino::timestamptz> during{};
    std::int64_t number{};
    std::string words;

    GINO_MODEL(only_on_postgresql, "only", id, grid, host, network, card, during, number, words)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::column_type(c.words, gino::native_type("tsvector")),
            gino::sequence("only_numbers", 100, 5),
            gino::server_default(c.number, gino::next_value("only_numbers")),
            gino::unique("uq_only", c.number).deferrable(true),
            gino::exclude("ex_only", "gist").with(c.during, "&&").where(c.id > 3)};
    }
};

struct tag {
    std::int64_t id{};
    std::string name;
    std::int64_t team_id{};

    GINO_MODEL(tag, "tags", id, name, team_id)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::unique(c.name),
            gino::foreign_key(c.team_id, team::c.id)};
    }
};

TEST(Schema, HasEveryType) {
    const gino::metadata all(gino::models<everything>.tables());

    EXPECT_TRUE(gino::testing::script_is(
        gino::postgresql::dialect(),
        gino::ddl(all, gino::postgresql::dialect()),
        "CREATE TYPE mood AS ENUM ('happy', 'sad');\n"
        "CREATE TABLE everything (\n"
        "    id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,\n"
        "    small SMALLINT NOT NULL,\n"
        "    name VARCHAR(30) NOT NULL,\n"
        "    price NUMERIC(10, 2) DEFAULT 9.90,\n"
        "    key UUID NOT NULL,\n"
        "    at TIME WITHOUT TIME ZONE NOT NULL,\n"
        "    every INTERVAL NOT NULL,\n"
        "    feels mood NOT NULL,\n"
        "    ratio REAL NOT NULL,\n"
        "    exact DOUBLE PRECISION NOT NULL,\n"
        "    raw BYTEA NOT NULL,\n"
        "    day DATE NOT NULL,\n"
        "    made TIMESTAMP WITH TIME ZONE NOT NULL,\n"
        "    twice INTEGER GENERATED ALWAYS AS (small * 2) STORED NOT NULL,\n"
        "    CONSTRAINT pk_everything PRIMARY KEY (id)\n"
        ");\n"
        "CREATE INDEX ix_everything_name ON everything (name DESC);\n"
    ));
    EXPECT_TRUE(gino::testing::script_is(
        gino::sqlite::dialect(),
        gino::ddl(all, gino::sqlite::dialect()),
        "CREATE TABLE everything (\n"
        "    id INTEGER NOT NULL,\n"
        "    small SMALLINT NOT NULL,\n"
        "    name VARCHAR(30) NOT NULL,\n"
        "    price TEXT COLLATE decimal DEFAULT '9.90',\n"
        "    key CHAR(36) NOT NULL,\n"
        "    at TIME NOT NULL,\n"
        "    every TEXT NOT NULL,\n"
        "    feels TEXT NOT NULL CHECK (feels IN ('happy', 'sad')),\n"
        "    ratio REAL NOT NULL,\n"
        "    exact DOUBLE PRECISION NOT NULL,\n"
        "    raw BLOB NOT NULL,\n"
        "    day DATE NOT NULL,\n"
        "    made TIMESTAMP WITH TIME ZONE NOT NULL,\n"
        "    twice INTEGER GENERATED ALWAYS AS (small * 2) STORED NOT NULL,\n"
        "    CONSTRAINT pk_everything PRIMARY KEY (id)\n"
        ");\n"
        "CREATE INDEX ix_everything_name ON everything (name DESC);\n"
    ));
}

TEST(Schema, HasFeaturesOfPostgresqlOnly) {
    const gino::metadata all(gino::models<only_on_postgresql>.tables());

    EXPECT_TRUE(gino::testing::script_is(
        gino::postgresql::dialect(),
        gino::ddl(all, gino::postgresql::dialect()),
        "CREATE SEQUENCE only_numbers INCREMENT BY 5 START WITH 100;\n"
        "CREATE TABLE \"only\" (\n"
        "    id BIGSERIAL NOT NULL,\n"
        "    grid INTEGER[][] NOT NULL,\n"
        "    host INET NOT NULL,\n"
        "    network CIDR NOT NULL,\n"
        "    card MACADDR NOT NULL,\n"
        "    during TSTZRANGE NOT NULL,\n"
        "    number BIGINT DEFAULT nextval('only_numbers') NOT NULL,\n"
        "    words tsvector NOT NULL,\n"
        "    PRIMARY KEY (id),\n"
        "    CONSTRAINT uq_only UNIQUE (number) DEFERRABLE INITIALLY DEFERRED,\n"
        "    CONSTRAINT ex_only EXCLUDE USING gist (during WITH &&) WHERE (id > 3)\n"
        ");\n"
    ));
    EXPECT_EQ(
        gino::drop_ddl(all, gino::postgresql::dialect()),
        "DROP TABLE \"only\";\nDROP SEQUENCE only_numbers;\n"
    );
    EXPECT_THROW(static_cast<void>(gino::ddl(all, gino::sqlite::dialect())), gino::compile_error);
}

struct tagged_place {
    std::int64_t id{};
    std::int64_t left{};
    std::int64_t right{};
    std::string name;
    place at{};

    GINO_MODEL(tagged_place, "tagged_places", id, left, right, name, at)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::unique("uq_pair", c.left, c.right),
            gino::foreign_key(c.left, tagged_place::c.left)
                .and_column(c.right, tagged_place::c.right)
                .match(gino::match_type::full),
            gino::index("ix_pattern", c.name)
                .ops(c.name, "text_pattern_ops")
                .include(c.left)
                .concurrently()};
    }
};

TEST(Schema, HasCompositeTypesOperatorClassesAndMatchFull) {
    const gino::metadata all(gino::models<tagged_place>.tables());

    EXPECT_TRUE(gino::testing::script_is(
        gino::postgresql::dialect(),
        gino::ddl(all, gino::postgresql::dialect()),
        "CREATE TYPE mood AS ENUM ('happy', 'sad');\n"
        "CREATE TYPE place AS (street TEXT, number INTEGER, feels mood);\n"
        "CREATE TABLE tagged_places (\n"
        "    id BIGSERIAL NOT NULL,\n"
        "    \"left\" BIGINT NOT NULL,\n"
        "    \"right\" BIGINT NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    at place NOT NULL,\n"
        "    PRIMARY KEY (id),\n"
        "    FOREIGN KEY(\"left\", \"right\") REFERENCES tagged_places (\"left\", \"right\") MATCH "
        "FULL,\n"
        "    CONSTRAINT uq_pair UNIQUE (\"left\", \"right\")\n"
        ");\n"
        "CREATE INDEX ix_pattern ON tagged_places (name text_pattern_ops) INCLUDE (\"left\");\n"
    ));
    EXPECT_EQ(
        gino::index_ddl(all, "ix_pattern", gino::postgresql::dialect()),
        "CREATE INDEX CONCURRENTLY ix_pattern ON tagged_places (name text_pattern_ops) INCLUDE "
        "(\"left\")"
    );
    EXPECT_EQ(
        gino::drop_ddl(all, gino::postgresql::dialect()),
        "DROP TABLE tagged_places;\nDROP TYPE place;\nDROP TYPE mood;\n"
    );
    EXPECT_THROW(static_cast<void>(gino::ddl(all, gino::sqlite::dialect())), gino::compile_error);
}

TEST(CreateTable, WritesABlankBetweenTwoMinusSigns) {
    gino::table_definition table = gino::models<team>.tables().front();
    table.checks.push_back({.name = "ck", .condition = (team::c.id > -gino::literal(-5)).node()});

    EXPECT_DDL(
        table,
        postgresql,
        "CREATE TABLE teams (\n"
        "    id BIGSERIAL NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    PRIMARY KEY (id),\n"
        "    CONSTRAINT ck CHECK (id > - -5)\n"
        ")"
    );
}

TEST(Index, PutsNullsFirstOnPostgresqlOnly) {
    gino::table_definition table = gino::models<team>.tables().front();
    table.indexes.push_back({.name = "ix", .elements = {team::c.name.asc().nulls_first().item()}});

    EXPECT_DDL(
        table,
        postgresql,
        "CREATE TABLE teams (\n"
        "    id BIGSERIAL NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    PRIMARY KEY (id)\n"
        ");\n"
        "CREATE INDEX ix ON teams (name NULLS FIRST)"
    );
    EXPECT_THROW(
        static_cast<void>(gino::sqlite::dialect().create_table(table, {})), gino::compile_error
    );
}

TEST(CreateTable, WritesAutoincrementOnSqliteOnly) {
    gino::table_definition table = gino::models<team>.tables().front();
    table.sqlite_autoincrement = true;

    EXPECT_DDL(
        table,
        sqlite,
        "CREATE TABLE teams (\n"
        "    id INTEGER NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    PRIMARY KEY (id AUTOINCREMENT)\n"
        ")"
    );
    EXPECT_DDL(
        table,
        postgresql,
        "CREATE TABLE teams (\n"
        "    id BIGSERIAL NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    PRIMARY KEY (id)\n"
        ")"
    );
}

TEST(CreateTable, RefusesAutoincrementOfANonIntegerKey) {
    gino::table_definition table = gino::models<team>.tables().front();
    table.sqlite_autoincrement = true;
    table.columns.front().autoincrement = false;

    EXPECT_THROW(
        static_cast<void>(gino::sqlite::dialect().create_table(table, {})), gino::compile_error
    );
}

TEST(Schema, NamesConstraintsByConvention) {
    const gino::metadata all(
        gino::models<team, tag>.tables(),
        {.primary_key = "pk_{table}",
         .unique = "uq_{table}_{columns}",
         .foreign_key = "fk_{table}_{columns}_{target}"}
    );

    EXPECT_TRUE(gino::testing::script_is(
        gino::sqlite::dialect(),
        gino::ddl(all, gino::sqlite::dialect()),
        "CREATE TABLE teams (\n"
        "    id INTEGER NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    CONSTRAINT pk_teams PRIMARY KEY (id)\n"
        ");\n"
        "CREATE TABLE tags (\n"
        "    id INTEGER NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    team_id BIGINT NOT NULL,\n"
        "    CONSTRAINT pk_tags PRIMARY KEY (id),\n"
        "    CONSTRAINT fk_tags_team_id_teams FOREIGN KEY(team_id) REFERENCES teams (id),\n"
        "    CONSTRAINT uq_tags_name UNIQUE (name)\n"
        ");\n"
    ));
}

TEST(CreateAs, WritesValuesAsLiterals) {
    const auto adults = gino::select(user::c.id, user::c.nickname)
                            .where(user::c.age >= 18 && user::c.nickname != "O'Neil");

    EXPECT_SQL(
        gino::create_view("adults", adults),
        postgresql,
        "CREATE VIEW adults AS SELECT users.id, users.name FROM users WHERE users.age >= 18 AND "
        "users.name != 'O''Neil'"
    );
    EXPECT_SQL(
        gino::create_table_as("adults", adults),
        sqlite,
        "CREATE TABLE adults AS SELECT users.id, users.name FROM users WHERE users.age >= 18 AND "
        "users.name != 'O''Neil'"
    );
    EXPECT_SQL_OF(
        gino::create_or_replace_view("adults", adults),
        postgresql,
        "CREATE OR REPLACE VIEW adults AS SELECT users.id, users.name FROM users WHERE users.age "
        ">= 18 AND users.name != 'O''Neil'"
    );
    EXPECT_SQL(gino::drop_view("app.adults", true), postgresql, "DROP VIEW IF EXISTS app.adults");
    EXPECT_CANNOT_COMPILE(
        gino::create_materialized_view("adults", adults), sqlite, "materialized views"
    );
}

}  // namespace golden
