// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

using testing::client;
using testing::received_response;
using testing::running_application;
using testing::test_options;

// The arguments of the last call of an on_error() callback.
struct report {
    std::string path;
    std::string text;
    std::string id;
    int count = 0;
};

template <class Throw>
received_response answer_to_exception(Throw raise, report* told = nullptr) {
    application app(test_options());
    app.get("/it", [raise](request&) -> awaitable<response> {
        raise();
        co_return empty_response();
    });
    if (told != nullptr) {
        app.on_error(
            [told](
                const request& current, const std::exception_ptr& exception, std::string_view id
            ) {
                told->path = current.path();
                told->id = id;
                ++told->count;
                try {
                    std::rethrow_exception(exception);
                } catch (const std::exception& failure) {
                    told->text = failure.what();
                } catch (...) {
                    told->text = "no std::exception";
                }
            }
        );
    }
    running_application served(app);
    return client(served).exchange("GET", "/it");
}

constexpr const char* unavailable = R"({"error":"the service is not available; try again later"})";

TEST(Errors, ShowHttpErrors) {
    const auto response = answer_to_exception([] { throw http_error(409, "taken \"twice\""); });

    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.header("content-type"), "application/json");
    EXPECT_EQ(response.body, R"({"error":"taken \"twice\""})");
}

TEST(Errors, ShowOnlyAnIdOfOtherExceptions) {
    report told;

    const auto response =
        answer_to_exception([] { throw std::runtime_error("SELECT password FROM users"); }, &told);

    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(told.id.size(), 16U);
    EXPECT_EQ(response.body, R"({"error":"internal error","id":")" + told.id + "\"}");
    EXPECT_EQ(told.text, "SELECT password FROM users");
    EXPECT_EQ(told.path, "/it");
}

TEST(Errors, TreatNonStandardExceptionsAsInternal) {
    report told;

    EXPECT_EQ(answer_to_exception([] { throw 7; }, &told).status, 500);
    EXPECT_EQ(told.text, "no std::exception");
}

TEST(Errors, TreatProgrammingErrorsAsInternal) {
    EXPECT_EQ(
        answer_to_exception([] { throw argument_error(errc::invalid_argument, "x"); }).status, 500
    );
}

TEST(Errors, ReportUnreachableDatabaseAsUnavailable) {
    report told;

    const auto response = answer_to_exception(
        [] { throw connection_error(errc::connect_failed, "postgresql://me:secret@db/"); }, &told
    );

    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.header("retry-after"), "1");
    EXPECT_EQ(response.body, unavailable);
    EXPECT_EQ(told.text, "postgresql://me:secret@db/");
    EXPECT_EQ(told.id, "");
}

TEST(Errors, ReportPoolTimeoutAsUnavailable) {
    EXPECT_EQ(
        answer_to_exception([] { throw pool_timeout(errc::pool_timeout, "x"); }).body, unavailable
    );
    EXPECT_EQ(
        answer_to_exception([] { throw timeout_error(errc::connect_timeout, "x"); }).status, 503
    );
}

TEST(Errors, ReportLostConnectionAsUnavailable) {
    const auto lost = [] { throw connection_error(errc::connection_lost, "x"); };
    const auto shut_down = [] {
        throw operational_error(
            errc::database,
            "x",
            {.sqlstate = "57P01",
             .severity = {},
             .message = {},
             .detail = {},
             .hint = {},
             .schema = {},
             .table = {},
             .column = {},
             .constraint = {},
             .statement = {}}
        );
    };

    EXPECT_EQ(answer_to_exception(lost).status, 503);
    EXPECT_EQ(answer_to_exception(shut_down).status, 503);
}

TEST(Errors, NeverSuggestARetryAfterUnknownCommit) {
    const auto response =
        answer_to_exception([] { throw connection_error(errc::commit_unknown, "x"); });

    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.header("retry-after"), "");
    EXPECT_EQ(response.body.find("it is not known whether the request was carried out"), 10U);
}

TEST(Errors, HideConstraintNames) {
    const auto response =
        answer_to_exception([] { throw unique_violation(errc::database, "users_email_key"); });

    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("users_email_key"), std::string::npos);
}

TEST(Errors, ReachEveryCallbackOnce) {
    report first;
    report second;
    application app(test_options());
    app.get("/it", [](request&) -> awaitable<response> {
        throw http_error(400, "no");
        co_return response();
    });
    app.on_error([&](const request&, const std::exception_ptr&, std::string_view) {
        ++first.count;
        throw std::runtime_error("a callback that fails");
    });
    app.on_error([&](const request&, const std::exception_ptr&, std::string_view id) {
        ++second.count;
        second.id = id;
    });
    running_application served(app);

    EXPECT_EQ(client(served).exchange("GET", "/it").status, 400);
    EXPECT_EQ(first.count, 1);
    EXPECT_EQ(second.count, 1);
    EXPECT_EQ(second.id, "");
}

TEST(Errors, HaveDifferentIds) {
    report first;
    report second;
    const auto raise = [] { throw std::runtime_error("x"); };

    static_cast<void>(answer_to_exception(raise, &first));
    static_cast<void>(answer_to_exception(raise, &second));

    EXPECT_NE(first.id, second.id);
}

TEST(Errors, ReportInvalidTypedAccessAsBadRequest) {
    application app(test_options());
    app.post("/", [](request& current) -> awaitable<response> {
        const auto limit = current.query<std::int64_t>("limit").value_or(20);
        const boost::json::value body = current.json();
        co_return json_response({{"limit", limit}, {"body", body}});
    });
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("POST", "/?limit=x", "{}").status, 400);
    EXPECT_EQ(
        browser.exchange("POST", "/", "{").body,
        R"({"error":"the body is no JSON document: incomplete JSON at line 1, column 2"})"
    );
    EXPECT_EQ(browser.exchange("POST", "/", "{}").body, R"({"limit":20,"body":{}})");
}

}  // namespace
}  // namespace gino::ext
