// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A complete application, written as a user writes it.

#include <gino/ext/beast.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <thread>

#include "unit/ext_beast/support.hpp"

namespace web = gino::ext;

namespace {

int serve_users(const std::function<void(web::application&)>& when_listening) {
    web::application app{web::application_options{}.host("127.0.0.1").port(0)};
    app.config()["gino"] = {{"dsn", "sqlite:///app.db"}};
    app.use(
        [](web::request& request, const web::next_handler& next) -> gino::awaitable<web::response> {
            web::response response = co_await next(request);
            response.set_header("x-served-by", "gino");
            co_return response;
        }
    );
    app.on_startup([](web::application&) -> gino::awaitable<void> { co_return; });
    app.on_cleanup([](web::application&) -> gino::awaitable<void> { co_return; });
    app.get(
        "/users/{id}",
        [](web::request& request, std::int64_t id) -> gino::awaitable<web::response> {
            auto limit = request.query<std::int64_t>("limit").value_or(20);
            co_return web::json_response({{"id", id}, {"limit", limit}});
        }
    );
    app.post("/users", [](web::request& request) -> gino::awaitable<web::response> {
        boost::json::value body = request.json();
        co_return web::json_response({{"created", body.at("name")}}, 201);
    });
    app.remove("/users/{id}", [](web::request&, std::int64_t) -> gino::awaitable<web::response> {
        co_return web::empty_response(204);
    });
    app.on_listening(when_listening);
    return app.run();
}

TEST(WholeApplication, ServesUsersUntilItIsStopped) {
    std::jthread visitor;
    const auto visit = [&visitor](web::application& app) {
        visitor = std::jthread([&app, port = app.port()] {
            web::testing::client browser(port);
            const auto found = browser.exchange("GET", "/users/7?limit=5");
            EXPECT_EQ(found.body, R"({"id":7,"limit":5})");
            EXPECT_EQ(found.header("x-served-by"), "gino");
            EXPECT_EQ(browser.exchange("GET", "/users/7").body, R"({"id":7,"limit":20})");
            EXPECT_EQ(browser.exchange("GET", "/users/seven").status, 404);
            EXPECT_EQ(
                browser.exchange("POST", "/users", R"({"name":"fantix"})").body,
                R"({"created":"fantix"})"
            );
            EXPECT_EQ(browser.exchange("DELETE", "/users/7").status, 204);
            app.stop();
        });
    };

    EXPECT_EQ(serve_users(visit), 0);
}

}  // namespace
