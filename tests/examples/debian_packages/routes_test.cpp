// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include <string>

#include "support.hpp"
#include "support/on_every_database.hpp"

namespace {

using debian_packages::testing::running_service;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Routes : public gino::testing::on_every_database {};

// Texts of a member of each object of an array.
std::vector<std::string> texts_of(const boost::json::value& items, const char* member) {
    std::vector<std::string> texts;
    for (const auto& item : items.as_array()) {
        texts.emplace_back(item.at(member).as_string());
    }
    return texts;
}

TEST_P(Routes, ListPackagesByName) {
    running_service service(url());

    const auto answer = service.send("GET", "/packages");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "application/json");
    const auto found = answer.json();
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
        service.take_statements(),
        ElementsAre(
            "SELECT count(*) AS count_1 FROM packages",
            "SELECT packages.name, packages.version, packages.section, packages.summary "
            "FROM packages ORDER BY packages.name LIMIT ? OFFSET ?"
        )
    );
}

GINO_ON_EVERY_DATABASE(Routes);

}  // namespace
