// SPDX-License-Identifier: BSD-3-Clause
// Adding, changing and removing notes, and refusing invalid ones.
#include <gino/core/date_time.hpp>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

#include "service_test.hpp"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Notes : public debian_packages::testing::service_test {
protected:
    // Adds a note to package "alpha" and returns its path.
    std::string add_note(std::string_view body = R"({"text": "first"})") {
        const auto added = send("POST", "/packages/alpha/notes", body);
        EXPECT_EQ(added.status, 201) << added.body;
        static_cast<void>(statements());
        return "/packages/alpha/notes/" + std::to_string(added.json().at("id").as_int64());
    }

    // SQLite's RETURNING names columns without their table.
    [[nodiscard]] std::string returning() const {
        return is_sqlite() ? " RETURNING id, package_id, author, text, created_at"
                           : " RETURNING notes.id, notes.package_id, notes.author, notes.text, "
                             "notes.created_at";
    }

    boost::json::value notes() { return get("/packages/alpha").json().at("notes"); }
};

TEST_P(Notes, AreAddedWithTheTimeOfTheDatabase) {
    const auto added =
        send("POST", "/packages/alpha/notes", R"({"text": "na\u00efve <b>\n", "author": "Ada"})");

    EXPECT_EQ(added.status, 201);
    const auto note = added.json();
    EXPECT_EQ(note.at("text"), "na\xc3\xafve <b>\n");
    EXPECT_EQ(note.at("author"), "Ada");
    const auto created = gino::parse_timestamptz(std::string(note.at("created_at").as_string()));
    ASSERT_TRUE(created);
    EXPECT_LT(std::chrono::abs(std::chrono::system_clock::now() - *created), std::chrono::hours(1));
    EXPECT_THAT(
        statements(),
        ElementsAre(
            sql("SELECT packages.id FROM packages WHERE packages.name = ?"),
            sql("INSERT INTO notes (package_id, author, text) VALUES (?, ?, ?)") + returning()
        )
    );
}

TEST_P(Notes, AreShownWithTheirPackageInOrder) {
    add_note(R"({"text": "first", "author": null})");
    add_note(R"({"text": "second", "author": "Ada"})");

    const auto shown = notes();

    ASSERT_EQ(shown.as_array().size(), 2U);
    EXPECT_EQ(shown.at(0).at("text"), "first");
    EXPECT_TRUE(shown.at(0).at("author").is_null());
    EXPECT_EQ(shown.at(1).at("text"), "second");
    EXPECT_EQ(statements().size(), 4U);
}

TEST_P(Notes, ChangeOnlyTheGivenMembers) {
    const std::string path = add_note(R"({"text": "first", "author": "Ada"})");

    const auto changed = send("PATCH", path, R"({"text": "better"})");

    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.json().at("text"), "better");
    EXPECT_EQ(changed.json().at("author"), "Ada");
    EXPECT_THAT(
        statements(),
        ElementsAre(
            sql("UPDATE notes SET text=? WHERE notes.id = ? AND notes.package_id = "
                "(SELECT packages.id FROM packages WHERE packages.name = ?)") +
            returning()
        )
    );
    EXPECT_EQ(notes().at(0).at("text"), "better");
}

TEST_P(Notes, LoseTheirAuthorWhenItIsNull) {
    const std::string path = add_note(R"({"text": "first", "author": "Ada"})");

    const auto changed = send("PATCH", path, R"({"author": null})");

    EXPECT_TRUE(changed.json().at("author").is_null());
    EXPECT_EQ(changed.json().at("text"), "first");
}

TEST_P(Notes, AreRemoved) {
    const std::string path = add_note();

    const auto removed = send("DELETE", path);

    EXPECT_EQ(removed.status, 204);
    EXPECT_THAT(removed.body, IsEmpty());
    EXPECT_THAT(
        statements(),
        ElementsAre(sql("DELETE FROM notes WHERE notes.id = ? AND notes.package_id = "
                        "(SELECT packages.id FROM packages WHERE packages.name = ?)"))
    );
    EXPECT_THAT(notes().as_array(), IsEmpty());
    EXPECT_EQ(send("DELETE", path).status, 404);
}

TEST_P(Notes, AreFoundUnderTheirOwnPackageOnly) {
    const std::string path = add_note();
    const std::string wrong =
        "/packages/gamma" + path.substr(std::string("/packages/alpha").size());

    EXPECT_EQ(send("PATCH", wrong, R"({"text": "no"})").status, 404);
    EXPECT_EQ(send("DELETE", wrong).status, 404);
    EXPECT_EQ(send("POST", "/packages/nothing/notes", R"({"text": "no"})").status, 404);
    EXPECT_EQ(send("PATCH", "/packages/alpha/notes/0", R"({"text": "no"})").status, 404);
    EXPECT_EQ(notes().as_array().size(), 1U);
}

TEST_P(Notes, AreRefusedWithTheExpectedFormat) {
    const std::string path = add_note();
    const std::string long_text(10'001, 'x');
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "a JSON document was expected"},
        {"{\"text\": \"a\"", "JSON"},
        {"[]", "the body has to be an object"},
        {R"({"text": 7})", "\"text\" has to be a text"},
        {R"({"text": null})", "\"text\" has to be a text"},
        {R"({"text": " \n"})", "\"text\" is empty"},
        {R"({"text": ")" + long_text + R"("})", "\"text\" is too long"},
        {R"({"text": "a", "author": 7})", "\"author\" has to be a text"},
        {R"({"text": "a", "author": ""})", "\"author\" is empty"},
        {R"({"text": "a", "writer": "b"})", "a note has no \"writer\""},
        {R"({"text": "a\u0000b"})", "NUL"},
    };

    for (const auto& [body, problem] : cases) {
        for (const auto& refused :
             {send("POST", "/packages/alpha/notes", body), send("PATCH", path, body)}) {
            EXPECT_EQ(refused.status, 400) << body;
            EXPECT_THAT(std::string(refused.json().at("error").as_string()), HasSubstr(problem))
                << body;
        }
    }
    EXPECT_THAT(statements(), IsEmpty());
}

TEST_P(Notes, RequireATextWhenAddedAndAChangeWhenChanged) {
    const std::string path = add_note();

    const auto without_text = send("POST", "/packages/alpha/notes", R"({"author": "Ada"})");
    const auto without_change = send("PATCH", path, "{}");

    EXPECT_EQ(without_text.status, 400);
    EXPECT_THAT(without_text.body, HasSubstr("has to have a"));
    EXPECT_EQ(without_change.status, 400);
    EXPECT_THAT(without_change.body, HasSubstr("nothing to change"));
}

TEST_P(Notes, CountCharactersAndNotBytes) {
    std::string umlauts;
    for (int i = 0; i < 100; ++i) {
        umlauts += "\xc3\xa4";
    }

    const auto longest =
        send("POST", "/packages/alpha/notes", R"({"text": "a", "author": ")" + umlauts + R"("})");
    const auto too_long =
        send("POST", "/packages/alpha/notes", R"({"text": "a", "author": ")" + umlauts + R"(b"})");

    EXPECT_EQ(longest.status, 201);
    EXPECT_EQ(too_long.status, 400);
}

TEST_P(Notes, AreRefusedWhenTheBodyIsTooLarge) {
    const auto refused =
        send("POST", "/packages/alpha/notes", "{\"text\": \"" + std::string(70'000, 'x') + "\"}");

    EXPECT_EQ(refused.status, 413);
    EXPECT_THAT(refused.body, HasSubstr("65536 bytes"));
}

GINO_ON_EVERY_DATABASE(Notes);

}  // namespace
