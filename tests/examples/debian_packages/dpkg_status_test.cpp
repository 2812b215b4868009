// SPDX-License-Identifier: BSD-3-Clause
#include "dpkg_status.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "support.hpp"

namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::StrEq;

const std::string smallest =
    "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\n";

package_entry parse_one(const std::string& text) {
    return parse_dpkg_status(text, "file").at(0);
}

std::string failure_of(const std::string& text) {
    try {
        static_cast<void>(parse_dpkg_status(text, "file"));
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "no failure";
}

TEST(DpkgStatus, ReadsEveryFieldOfAPackage) {
    const auto alpha = read_dpkg_status(debian_packages::testing::file_path("sample_status")).at(0);

    EXPECT_EQ(alpha.name, "alpha");
    EXPECT_EQ(alpha.version, "1:2.0-1");
    EXPECT_EQ(alpha.architecture, "amd64");
    EXPECT_EQ(alpha.section, "utils");
    EXPECT_EQ(alpha.priority, "optional");
    EXPECT_EQ(alpha.installed_size, 1536);
    EXPECT_EQ(alpha.summary, "first of the sample packages");
    EXPECT_EQ(alpha.homepage, "https://alpha.example.org/");
    EXPECT_EQ(alpha.maintainer->name, "Ada Lovelace");
    EXPECT_EQ(alpha.maintainer->email, "ada@example.org");
    ASSERT_EQ(alpha.dependencies.size(), 6U);
    EXPECT_EQ(alpha.dependencies[0].kind, dependency_kind::pre_depends);
    EXPECT_EQ(alpha.dependencies[2].target.name, "gamma");
    EXPECT_EQ(alpha.dependencies[2].target.alternatives, "delta (<< 3) [amd64]");
    EXPECT_EQ(alpha.dependencies[5].kind, dependency_kind::breaks);
}

TEST(DpkgStatus, UnfoldsDescriptions) {
    const auto entry = parse_one(
        smallest +
        "Description: a package\n"
        " Running text\n"
        " over two lines.\n"
        " .\n"
        " Another paragraph:\n"
        "  * verbatim\n"
        "    line\n"
        " * item of\n"
        " a list\n"
        " - item\n\n"
    );

    EXPECT_EQ(entry.summary, "a package");
    EXPECT_EQ(
        entry.description,
        "Running text over two lines.\n"
        "\n"
        "Another paragraph:\n"
        " * verbatim\n"
        "   line\n"
        "* item of a list\n"
        "- item"
    );
}

TEST(DpkgStatus, ReadsMaintainersWithoutNameOrAddress) {
    const auto maintainer_of = [](const std::string& text) {
        return *parse_one(
                    "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: " + text +
                    "\nDescription: a\n\n"
        )
                    .maintainer;
    };

    EXPECT_EQ(maintainer_of("A B <c@d>,"), (maintainer_entry{"A B", "c@d"}));
    EXPECT_EQ(maintainer_of("<c@d>"), (maintainer_entry{"", "c@d"}));
    EXPECT_EQ(maintainer_of("A B"), (maintainer_entry{"A B", ""}));
    EXPECT_EQ(maintainer_of("A B <c@d"), (maintainer_entry{"A B", "c@d"}));
}

TEST(DpkgStatus, AllowsPackagesWithoutMaintainerAndDescription) {
    const auto entry = parse_one("Package: a\nVersion: 1\nArchitecture: all\n\n");

    EXPECT_FALSE(entry.maintainer);
    EXPECT_FALSE(entry.installed_size);
    EXPECT_EQ(entry.summary, "");
}

TEST(DpkgStatus, SkipsPackagesThatAreNotInstalled) {
    const auto entries = parse_dpkg_status(
        "Package: gone\nStatus: purge ok not-installed\n\n" + smallest + "Description: a\n", "file"
    );

    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].name, "a");
}

TEST(DpkgStatus, KeepsTheFirstOfEntriesWithTheSameName) {
    const auto entries = parse_dpkg_status(
        "Package: a\nVersion: 1\nArchitecture: amd64\n\n"
        "Package: a\nVersion: 2\nArchitecture: i386\n\n",
        "file"
    );

    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].version, "1");
}

TEST(DpkgStatus, NamesTheEntryWithAMissingField) {
    EXPECT_THAT(
        failure_of("\nPackage: a\nArchitecture: all\n\n"),
        StrEq("file:2: the entry of package \"a\" has no field \"Version\"; the file is damaged or "
              "cut off")
    );
    EXPECT_THAT(failure_of("Version: 1\n\n"), HasSubstr("this entry has no field \"Package\""));
}

TEST(DpkgStatus, RefusesATruncatedLastEntry) {
    EXPECT_THAT(failure_of(smallest), HasSubstr("has no field \"Description\""));
    EXPECT_THAT(failure_of(smallest + "Description: whole\n"), StrEq("no failure"));
}

TEST(DpkgStatus, NamesTheLineOfAnInvalidSize) {
    EXPECT_THAT(
        failure_of(smallest + "Installed-Size: big\nDescription: a\n\n"),
        StrEq("file:5: Installed-Size has to be a number of KiB")
    );
}

TEST(DpkgStatus, NamesTheLineOfAnInvalidDependency) {
    EXPECT_THAT(
        failure_of(smallest + "Depends:\n b (>= 1),\n c (1)\nDescription: a\n\n"),
        StrEq("file:7: in field \"Depends\": expected one of << <= = >= >>, found \"1\"")
    );
}

TEST(DpkgStatus, RefusesFilesWithoutPackages) {
    EXPECT_THAT(failure_of(""), StrEq("file:1: there is no package in this file"));
    EXPECT_THAT(failure_of("\n\n"), StrEq("file:1: there is no package in this file"));
}

TEST(DpkgStatus, ReportsWhyAFileCannotBeRead) {
    const auto failure_with = [](const std::string& file) -> std::string {
        try {
            static_cast<void>(read_dpkg_status(file));
        } catch (const std::runtime_error& e) {
            return e.what();
        }
        return "no failure";
    };

    EXPECT_THAT(
        failure_with("/nowhere/status"),
        StartsWith("cannot read /nowhere/status: No such file or directory; ")
    );
    EXPECT_THAT(failure_with("/"), StartsWith("cannot read /: Is a directory; "));
}

// A file truncated at any length is refused, or has complete packages only.
TEST(DpkgStatus, NeverReadsAPartialEntry) {
    std::ifstream input(debian_packages::testing::file_path("sample_status"));
    const std::string text(std::istreambuf_iterator<char>(input), {});
    const auto whole = parse_dpkg_status(text, "file");

    for (std::size_t size = 0; size < text.size(); ++size) {
        try {
            const auto entries = parse_dpkg_status(text.substr(0, size), "file");
            for (std::size_t i = 0; i < entries.size(); ++i) {
                EXPECT_EQ(entries[i].dependencies.size(), whole[i].dependencies.size()) << size;
            }
        } catch (const std::runtime_error& e) {
            EXPECT_THAT(e.what(), ::testing::MatchesRegex("file:[0-9]+: .*")) << size;
        }
    }
}

}  // namespace
