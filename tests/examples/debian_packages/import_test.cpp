// SPDX-License-Identifier: BSD-3-Clause
#include "import.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unistd.h>

#include "models.hpp"
#include "support.hpp"
#include "support/on_every_database.hpp"

namespace {

using debian_packages::testing::file_path;
using debian_packages::testing::running_service;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

gino::awaitable<void> import_file(gino::database& db, std::string file) {
    std::ostringstream out;
    progress shown(out, false);
    co_await import_packages(db, file, shown);
}

// Calls import_file(), and returns the message of its exception.
gino::awaitable<std::string> failure_of_import(gino::database& db, std::string file) {
    try {
        co_await import_file(db, file);
    } catch (const std::exception& e) {
        co_return e.what();
    }
    co_return "no failure";
}

class Import : public gino::testing::on_every_database {
protected:
    void TearDown() override {
        std::remove(file_.c_str());
        on_every_database::TearDown();
    }

    // Creates a file with the given text, which the end of the test removes.
    void write_file(const std::string& text) {
        file_ = ::testing::TempDir() + "debian_packages_" + std::to_string(::getpid());
        std::ofstream(file_) << text;
    }

    [[nodiscard]] const std::string& file_name() const { return file_; }

private:
    std::string file_;
};

TEST_P(Import, StoresPackagesAndMaintainers) {
    run_with(all_models, [](gino::database& db) -> gino::awaitable<void> {
        co_await import_file(db, file_path("sample_status"));

        const auto packages =
            co_await db.all(gino::select(package::c.name).order_by(package::c.id));
        EXPECT_THAT(
            packages, ElementsAre("alpha", "alpha-doc", "libbeta1", "gamma", "g++", "orphan")
        );
        const auto maintainers = co_await db.all(
            gino::select(maintainer::c.name, maintainer::c.email).order_by(maintainer::c.id)
        );
        EXPECT_THAT(
            maintainers,
            ElementsAre(
                std::tuple("Ada Lovelace", "ada@example.org"),
                std::tuple("Grace Hopper", "grace@example.org"),
                std::tuple("GCC Maintainers", "gcc@example.org")
            )
        );
    });
}

TEST_P(Import, LinksDependenciesToInstalledTargets) {
    run_with(all_models, [](gino::database& db) -> gino::awaitable<void> {
        co_await import_file(db, file_path("sample_status"));

        const auto stored = co_await db.all(gino::select<dependency>().order_by(dependency::c.id));
        EXPECT_EQ(stored.size(), 10U);
        const dependency& absent = stored.at(0);
        EXPECT_EQ(absent.kind, dependency_kind::pre_depends);
        EXPECT_EQ(absent.name, "dpkg");
        EXPECT_EQ(absent.version, ">= 1.17");
        EXPECT_FALSE(absent.target_id);
        const dependency& present = stored.at(2);
        EXPECT_EQ(present.name, "gamma");
        EXPECT_EQ(present.architecture, "any");
        EXPECT_EQ(present.alternatives, "delta (<< 3) [amd64]");
        const auto target = co_await db.get<package>(present.target_id.value_or(0));
        EXPECT_EQ(target->name, "gamma");
    });
}

TEST_P(Import, InsertsManyPackagesPerStatement) {
    std::string text;
    for (int i = 0; i < 900; ++i) {
        text += "Package: p" + std::to_string(i) + "\nVersion: 1\nArchitecture: all\n\n";
    }
    write_file(text);

    run_with(all_models, [this](gino::database& db) -> gino::awaitable<void> {
        co_await import_file(db, file_name());
        const auto count = co_await db.scalar(gino::select(gino::func::count()).from<package>());
        EXPECT_EQ(count, 900);
    });

    const auto inserts = std::ranges::count_if(log(), [](const std::string& line) {
        return line.find("INSERT INTO packages") != std::string::npos;
    });
    EXPECT_EQ(inserts, 1);
}

TEST_P(Import, NamesFileAndLineOfAnError) {
    write_file("Package: a\nVersion: 1\nArchitecture: all\n\nnonsense\n");

    run_with(all_models, [this](gino::database& db) -> gino::awaitable<void> {
        const std::string failure = co_await failure_of_import(db, file_name());
        EXPECT_THAT(failure, MatchesRegex(file_name() + ":5: expected .*"));
        const bool is_filled = co_await has_packages(db);
        EXPECT_FALSE(is_filled);
    });

    EXPECT_THAT(log(), Not(Contains(HasSubstr("INSERT"))));
}

TEST_P(Import, StoresNothingWhenTheDatabaseFailsHalfway) {
    run_with(all_models, [](gino::database& db) -> gino::awaitable<void> {
        co_await db.status(gino::text("DROP TABLE dependencies"));

        const std::string failure = co_await failure_of_import(db, file_path("sample_status"));

        EXPECT_THAT(failure, HasSubstr("dependencies"));
        const bool is_filled = co_await has_packages(db);
        EXPECT_FALSE(is_filled);
    });
}

TEST_P(Import, HappensAtTheFirstStartOnly) {
    std::string told;
    {
        const running_service first(url());
        told = first.told();
    }
    const running_service second(url(), "/nowhere/this/is/not/read");

    EXPECT_THAT(told, HasSubstr("imported 6 packages from "));
    EXPECT_THAT(second.told(), IsEmpty());
}

TEST_P(Import, IsRepeatedAfterAFailedStart) {
    EXPECT_THROW(running_service(url(), "/nowhere/status"), std::runtime_error);

    running_service second(url());

    EXPECT_EQ(second.send("GET", "/packages/alpha").status, 200);
}

GINO_ON_EVERY_DATABASE(Import);

}  // namespace
