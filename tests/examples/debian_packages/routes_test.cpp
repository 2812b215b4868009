// SPDX-License-Identifier: BSD-3-Clause
// The responses of the service, and the statements of each route: their number does not depend on
// the number of rows.
#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "service_test.hpp"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Routes : public debian_packages::testing::service_test {};

// Returns a text member of each object of an array.
std::vector<std::string> texts_of(const boost::json::value& items, const char* member) {
    std::vector<std::string> texts;
    for (const auto& item : items.as_array()) {
        texts.emplace_back(item.at(member).as_string());
    }
    return texts;
}

TEST_P(Routes, ListPackagesByName) {
    const auto all = get("/packages");

    EXPECT_EQ(all.status, 200);
    EXPECT_EQ(all.content_type, "application/json");
    const auto found = all.json();
    EXPECT_EQ(found.at("total"), 6);
    EXPECT_EQ(found.at("limit"), 20);
    EXPECT_EQ(found.at("offset"), 0);
    EXPECT_THAT(
        texts_of(found.at("packages"), "name"),
        ElementsAre("alpha", "alpha-doc", "g++", "gamma", "libbeta1", "orphan")
    );
    EXPECT_EQ(
        boost::json::serialize(found.at("packages").at(0)),
        R"({"name":"alpha","version":"1:2.0-1","section":"utils",)"
        R"("summary":"first of the sample packages"})"
    );
    EXPECT_THAT(
        statements(),
        ElementsAre(
            sql("SELECT count(*) AS count_1 FROM packages"),
            sql("SELECT packages.name, packages.version, packages.section, packages.summary "
                "FROM packages ORDER BY packages.name LIMIT ? OFFSET ?")
        )
    );
}

TEST_P(Routes, SearchNamesThatBeginWithTheTextFirst) {
    const auto found = get("/packages?search=A&limit=3&offset=1").json();

    EXPECT_EQ(found.at("total"), 5);
    EXPECT_THAT(
        texts_of(found.at("packages"), "name"), ElementsAre("alpha-doc", "gamma", "libbeta1")
    );
    EXPECT_THAT(
        statements(),
        ElementsAre(
            sql("SELECT count(*) AS count_1 FROM packages WHERE packages.name LIKE ? ESCAPE '/'"),
            sql("SELECT packages.name, packages.version, packages.section, packages.summary "
                "FROM packages WHERE packages.name LIKE ? ESCAPE '/' "
                "ORDER BY packages.name LIKE ? ESCAPE '/' DESC{NULLS FIRST}, packages.name "
                "LIMIT ? OFFSET ?")
        )
    );
}

TEST_P(Routes, SearchEscapesWildcards) {
    EXPECT_EQ(get("/packages?search=%25").json().at("total"), 0);
    EXPECT_EQ(get("/packages?search=_").json().at("total"), 0);
    EXPECT_EQ(get("/packages?search=g%2B%2B").json().at("total"), 1);
    EXPECT_EQ(get("/packages?search='%20OR%201=1--").json().at("total"), 0);
}

TEST_P(Routes, RefuseInvalidPaging) {
    EXPECT_EQ(get("/packages?limit=101").status, 400);
    EXPECT_EQ(get("/packages?limit=0").status, 400);
    EXPECT_EQ(get("/packages?offset=-1").status, 400);
    const auto refused = get("/packages?limit=many");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, HasSubstr("limit"));
    EXPECT_THAT(statements(), IsEmpty());
}

TEST_P(Routes, ShowAPackageWithItsRelatedObjects) {
    const auto shown = get("/packages/alpha").json();

    EXPECT_EQ(shown.at("name"), "alpha");
    EXPECT_EQ(shown.at("architecture"), "amd64");
    EXPECT_EQ(shown.at("priority"), "optional");
    EXPECT_EQ(shown.at("installed_size"), 1536);
    EXPECT_EQ(shown.at("homepage"), "https://alpha.example.org/");
    EXPECT_THAT(
        boost::json::serialize(shown.at("description")), HasSubstr("and does it well.\\n\\nIt has")
    );
    EXPECT_EQ(shown.at("maintainer").at("name"), "Ada Lovelace");
    EXPECT_EQ(shown.at("maintainer").at("email"), "ada@example.org");
    EXPECT_THAT(shown.at("notes").as_array(), IsEmpty());
    EXPECT_THAT(
        texts_of(shown.at("dependencies"), "name"),
        ElementsAre("dpkg", "libbeta1", "gamma", "alpha-doc", "zeta-virtual", "gamma")
    );
    EXPECT_EQ(
        boost::json::serialize(shown.at("dependencies").at(2)),
        R"({"kind":"depends","name":"gamma","version":null,"architecture":"any",)"
        R"("alternatives":"delta (<< 3) [amd64]","summary":"third of the sample packages"})"
    );
    EXPECT_EQ(
        boost::json::serialize(shown.at("dependents")),
        R"({"total":1,"packages":[{"kind":"recommends","name":"gamma","version":null,)"
        R"("summary":"third of the sample packages"}]})"
    );
}

TEST_P(Routes, ShowAPackageWithFourStatements) {
    EXPECT_EQ(get("/packages/libbeta1").status, 200);

    EXPECT_THAT(
        statements(),
        ElementsAre(
            sql("SELECT packages.id, packages.name, packages.version, packages.architecture, "
                "packages.section, packages.priority, packages.installed_size, packages.summary, "
                "packages.description, packages.homepage, packages.maintainer_id, maintainers.id, "
                "maintainers.name, maintainers.email, notes.id, notes.package_id, notes.author, "
                "notes.text, notes.created_at "
                "FROM packages LEFT OUTER JOIN maintainers "
                "ON maintainers.id = packages.maintainer_id "
                "LEFT OUTER JOIN notes ON packages.id = notes.package_id "
                "WHERE packages.name = ? ORDER BY notes.id{NULLS LAST}"),
            sql("SELECT dependencies.id, dependencies.package_id, dependencies.kind, "
                "dependencies.name, dependencies.target_id, dependencies.version, "
                "dependencies.architecture, dependencies.alternatives, target.name, "
                "target.summary "
                "FROM dependencies LEFT OUTER JOIN packages AS target "
                "ON target.id = dependencies.target_id "
                "WHERE dependencies.package_id = ? ORDER BY dependencies.id{NULLS LAST}"),
            sql("SELECT count(*) AS count_1 FROM dependencies "
                "WHERE dependencies.target_id = ? AND dependencies.kind IN (?, ?, ?, ?)"),
            sql("SELECT dependencies.kind, dependencies.version, source.name, source.summary "
                "FROM dependencies LEFT OUTER JOIN packages AS source "
                "ON source.id = dependencies.package_id "
                "WHERE dependencies.target_id = ? AND dependencies.kind IN (?, ?, ?, ?) "
                "ORDER BY source.name{NULLS LAST}, dependencies.id{NULLS LAST} "
                "LIMIT ? OFFSET ?")
        )
    );
}

TEST_P(Routes, ShowPackagesWithEscapedNames) {
    EXPECT_EQ(get("/packages/g%2B%2B").json().at("name"), "g++");
    EXPECT_EQ(get("/packages/g++").json().at("name"), "g++");
}

TEST_P(Routes, ShowPackagesWithoutMaintainer) {
    EXPECT_TRUE(get("/packages/orphan").json().at("maintainer").is_null());
}

TEST_P(Routes, ListDependentsOfAPackage) {
    const auto dependents = get("/packages/libbeta1/dependents?limit=2&offset=1").json();

    EXPECT_EQ(dependents.at("total"), 3);
    EXPECT_THAT(texts_of(dependents.at("packages"), "name"), ElementsAre("g++", "gamma"));
    const auto sent = statements();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[0], sql("SELECT packages.id FROM packages WHERE packages.name = ?"));
    EXPECT_THAT(sent[1], HasSubstr("count(*)"));
    EXPECT_THAT(sent[2], HasSubstr("AS source"));
}

TEST_P(Routes, ShowAMaintainerWithAllPackages) {
    const auto package = get("/packages/gamma").json();
    const auto id = package.at("maintainer").at("id").as_int64();
    static_cast<void>(statements());

    const auto shown = get("/maintainers/" + std::to_string(id)).json();

    EXPECT_EQ(shown.at("name"), "Grace Hopper");
    EXPECT_THAT(texts_of(shown.at("packages"), "name"), ElementsAre("gamma", "libbeta1"));
    EXPECT_THAT(
        statements(),
        ElementsAre(sql("SELECT maintainers.id, maintainers.name, maintainers.email, "
                        "packages.name, packages.version, packages.section, packages.summary "
                        "FROM maintainers LEFT OUTER JOIN packages "
                        "ON maintainers.id = packages.maintainer_id "
                        "WHERE maintainers.id = ? ORDER BY packages.name{NULLS LAST}"))
    );
}

TEST_P(Routes, AnswerNotFoundForMissingObjects) {
    for (const char* target :
         {"/packages/nothing",
          "/packages/nothing/dependents",
          "/maintainers/0",
          "/maintainers/99999999999999999999",
          "/maintainers/ada"}) {
        const auto missing = get(target);

        EXPECT_EQ(missing.status, 404) << target;
        EXPECT_EQ(missing.content_type, "application/json") << target;
        EXPECT_TRUE(missing.json().at("error").is_string()) << target;
    }
}

TEST_P(Routes, ServeThePage) {
    const auto page = get("/");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(page.body, HasSubstr("<title>Debian packages</title>"));
    EXPECT_EQ(get("/app.js").content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(get("/style.css").content_type, "text/css; charset=utf-8");
    EXPECT_THAT(statements(), IsEmpty());
}

GINO_ON_EVERY_DATABASE(Routes);

}  // namespace
