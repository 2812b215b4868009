// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

using testing::client;
using testing::running_application;
using testing::test_options;

// Returns a handler that responds with its route and `text`.
auto says(std::string text) {
    return [text = std::move(text)](request& current) -> awaitable<response> {
        co_return text_response(std::string(current.route()) + " " + text);
    };
}

awaitable<response> free_handler(request&, int number) {
    co_return text_response(std::to_string(number + 1));
}

TEST(Routing, PrefersConstantSegmentsToParameters) {
    application app(test_options());
    app.get("/users/{id}", says("parameter")).get("/users/me", says("constant"));
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/users/me").body, "/users/me constant");
    EXPECT_EQ(browser.exchange("GET", "/users/7").body, "/users/{id} parameter");
}

TEST(Routing, FallsBackToParameterWhenConstantSegmentFails) {
    application app(test_options());
    app.get("/users/me/posts", says("a")).get("/users/{id}/likes", says("b"));
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/users/me/likes").body, "/users/{id}/likes b");
}

TEST(Routing, PassesTypedPathParametersByPosition) {
    application app(test_options());
    app.get(
        "/{text}/{number}/{flag}/{real}",
        [](request&, std::string text, std::int64_t number, bool flag, double real
        ) -> awaitable<response> {
            co_return json_response(
                {{"text", text}, {"number", number}, {"flag", flag}, {"real", real}}
            );
        }
    );
    running_application served(app);
    client browser(served);

    EXPECT_EQ(
        browser.exchange("GET", "/a%2Fb/-9223372036854775808/true/1.5").body,
        R"({"text":"a/b","number":-9223372036854775808,"flag":true,"real":1.5E0})"
    );
}

class UnreadablePathParameter : public ::testing::TestWithParam<const char*> {};

TEST_P(UnreadablePathParameter, CausesNotFound) {
    application app(test_options());
    app.get("/{number}", [](request&, std::int32_t) -> awaitable<response> {
        co_return text_response("found");
    });
    running_application served(app);
    client browser(served);

    const auto response = browser.exchange("GET", GetParam());

    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body, R"({"error":"not found"})");
}

INSTANTIATE_TEST_SUITE_P(
    Routing,
    UnreadablePathParameter,
    ::testing::Values(
        "/abc",
        "/",
        "/2147483648",
        "/1.0",
        "/1%20",
        "/+1",
        "/0x1",
        "/1;--",
        "/1'",
        "/99999999999999999999"
    )
);

TEST(Routing, AcceptsFunctionsAndMoveOnlyHandlers) {
    application app(test_options());
    auto owned = std::make_unique<std::string>("owned");
    app.get("/function/{number}", free_handler);
    app.get("/owner", [owned = std::move(owned)](request&) -> awaitable<response> {
        co_return text_response(*owned);
    });
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/function/41").body, "42");
    EXPECT_EQ(browser.exchange("GET", "/owner").body, "owned");
}

TEST(Routing, ProvidesPathParametersByName) {
    application app(test_options());
    app.get("/{year}/{month}", [](request& current) -> awaitable<response> {
        std::string text(current.path_parameter("month"));
        text += current.path_parameter("year");
        co_return text_response(text);
    });
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/2024/05").body, "052024");
}

TEST(Routing, AnswersUnknownPathsWithNotFound) {
    application app(test_options());
    app.get("/a", says("a"));
    running_application served(app);
    client browser(served);

    const auto response = browser.exchange("GET", "/a/");

    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.header("content-type"), "application/json");
    EXPECT_EQ(response.body, R"({"error":"not found"})");
}

TEST(Routing, AnswersOtherMethodsWithAllowedOnes) {
    application app(test_options());
    app.get("/a", says("get")).put("/a", says("put")).patch("/{any}", says("patch"));
    running_application served(app);
    client browser(served);

    const auto response = browser.exchange("DELETE", "/a");

    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.header("allow"), "GET, HEAD, PUT, PATCH, OPTIONS");
    EXPECT_EQ(response.body, R"({"error":"method not allowed"})");
}

TEST(Routing, DispatchesByMethod) {
    application app(test_options());
    app.get("/a", says("get")).post("/a", says("post")).put("/a", says("put"));
    app.patch("/a", says("patch")).remove("/a", says("delete")).route("PURGE", "/a", says("purge"));
    running_application served(app);
    client browser(served);

    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "PURGE"}) {
        std::string expected = "/a " + method;
        std::ranges::transform(expected, expected.begin(), [](unsigned char letter) {
            return static_cast<char>(std::tolower(letter));
        });
        EXPECT_EQ(browser.exchange(method, "/a").body, expected);
    }
}

TEST(Routing, AnswersOptionsWithTheMethodsOfThePath) {
    application app(test_options());
    app.get("/a", says("get")).post("/b", says("post"));
    running_application served(app);
    client browser(served);

    const auto one = browser.exchange("OPTIONS", "/a");
    const auto all = browser.exchange("OPTIONS", "*");

    EXPECT_EQ(one.status, 204);
    EXPECT_EQ(one.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(all.header("allow"), "GET, HEAD, POST, OPTIONS");
}

TEST(Routing, AllowsARouteToAnswerOptions) {
    application app(test_options());
    app.get("/a", says("get")).route("OPTIONS", "/a", says("own"));
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("OPTIONS", "/a").body, "/a own");
}

TEST(Routing, AnswersHeadAsGetWithoutTheBody) {
    application app(test_options());
    app.get("/a", says("body"));
    running_application served(app);
    client browser(served);

    const auto head = browser.exchange("HEAD", "/a");
    const auto next = browser.exchange("GET", "/a");

    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("content-length"), "7");
    EXPECT_EQ(next.body, "/a body");
}

std::string refusal_of(const std::function<void(application&)>& attempt) {
    application app(test_options());
    app.get("/taken/{id}", says("first"));
    try {
        attempt(app);
    } catch (const argument_error& failure) {
        return failure.what();
    }
    return "accepted";
}

TEST(RouteDefinition, RefusesMalformedPaths) {
    EXPECT_EQ(
        refusal_of([](application& app) { app.get("users", says("")); }),
        "adding the route GET users: the path has to start with a slash"
    );
    EXPECT_EQ(
        refusal_of([](application& app) { app.get("/a{id}", says("")); }),
        "adding the route GET /a{id}: a parameter has to be a whole segment, such as /{id}/"
    );
    EXPECT_EQ(
        refusal_of([](application& app) { app.get("/{}", says("")); }),
        "adding the route GET /{}: a parameter has to be a whole segment, such as /{id}/"
    );
    EXPECT_EQ(
        refusal_of([](application& app) { app.get("/{id}/{id}", says("")); }),
        "adding the route GET /{id}/{id}: the parameter \"id\" appears twice"
    );
    EXPECT_EQ(
        refusal_of([](application& app) { app.route("G T", "/", says("")); }),
        "adding the route G T /: the method is not a word such as GET"
    );
}

TEST(RouteDefinition, RefusesASecondRouteWithTheSamePattern) {
    EXPECT_EQ(
        refusal_of([](application& app) { app.get("/taken/{name}", says("")); }),
        "adding the route GET /taken/{name}: there is GET /taken/{id} already"
    );
}

TEST(RouteDefinition, RefusesHandlerWithWrongNumberOfParameters) {
    EXPECT_EQ(
        refusal_of([](application& app) { app.get("/x", free_handler); }),
        "adding the route GET /x: the path has 0 parameters, but the handler takes 1"
    );
}

}  // namespace
}  // namespace gino::ext
