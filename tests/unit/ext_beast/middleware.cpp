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

auto wraps(std::string& log, std::string name) {
    return [&log, name](request& current, const next_handler& next) -> awaitable<response> {
        log += "<" + name;
        response answer = co_await next(current);
        log += name + ">";
        co_return answer;
    };
}

// A middleware like a database: it cannot be copied, and outlives the application.
class counting_middleware {
public:
    counting_middleware() = default;
    counting_middleware(const counting_middleware&) = delete;
    counting_middleware& operator=(const counting_middleware&) = delete;

    awaitable<response> operator()(request& current, const next_handler& next) {
        ++count_;
        response answer = co_await next(current);
        answer.set_header("x-count", std::to_string(count_));
        co_return answer;
    }

    [[nodiscard]] int count() const noexcept { return count_; }

private:
    int count_ = 0;
};

auto ok() {
    return [](request&) -> awaitable<response> { co_return text_response("ok"); };
}

TEST(Middleware, RunsOutermostWhenAddedFirst) {
    std::string log;
    application app(test_options());
    app.use(wraps(log, "a")).use(wraps(log, "b"));
    app.get("/", [&](request&) -> awaitable<response> {
        log += "!";
        co_return empty_response();
    });
    running_application served(app);

    EXPECT_EQ(client(served).exchange("GET", "/").status, 204);
    EXPECT_EQ(log, "<a<b!b>a>");
}

TEST(Middleware, NonCopyableObjectIsHeldByReference) {
    counting_middleware counter;
    application app(test_options());
    app.use(counter);
    app.get("/", ok());
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/").header("x-count"), "1");
    EXPECT_EQ(browser.exchange("GET", "/").header("x-count"), "2");
    EXPECT_EQ(counter.count(), 2);
}

TEST(Middleware, MoveOnlyObjectIsHeldByValue) {
    auto text = std::make_unique<std::string>("owned");
    application app(test_options());
    app.use(
        [text =
             std::move(text)](request& current, const next_handler& next) -> awaitable<response> {
            response answer = co_await next(current);
            answer.set_header("x-text", *text);
            co_return answer;
        }
    );
    app.get("/", ok());
    running_application served(app);

    EXPECT_EQ(client(served).exchange("GET", "/").header("x-text"), "owned");
}

TEST(Middleware, SeesRequestsWithoutARoute) {
    counting_middleware counter;
    application app(test_options());
    app.use(counter);
    app.get("/", ok());
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/nowhere").header("x-count"), "1");
    EXPECT_EQ(browser.exchange("POST", "/").header("x-count"), "2");
}

TEST(Middleware, MayAnswerWithoutTheHandler) {
    application app(test_options());
    app.use([](request& current, const next_handler& next) -> awaitable<response> {
        if (!current.header("authorization")) {
            throw http_error(401, "who are you?");
        }
        co_return co_await next(current);
    });
    app.get("/", ok());
    running_application served(app);
    client browser(served);

    const auto refused = browser.exchange("GET", "/");
    browser.send("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\n\r\n");
    const auto accepted = browser.receive();

    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.body, R"({"error":"who are you?"})");
    EXPECT_EQ(accepted.body, "ok");
}

TEST(Middleware, MayConvertExceptionsToResponses) {
    application app(test_options());
    app.use([](request& current, const next_handler& next) -> awaitable<response> {
        std::string caught;
        try {
            co_return co_await next(current);
        } catch (const std::out_of_range& failure) {
            caught = failure.what();
        }
        co_return text_response("caught " + caught, 409);
    });
    app.get("/", [](request&) -> awaitable<response> {
        throw std::out_of_range("it");
        co_return response();
    });
    running_application served(app);

    const auto response = client(served).exchange("GET", "/");

    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.body, "caught it");
}

TEST(Middleware, ItsOwnExceptionBecomesAnErrorResponse) {
    application app(test_options());
    app.use([](request& current, const next_handler& next) -> awaitable<response> {
        response answer = co_await next(current);
        if (answer.status() == 200) {
            throw std::runtime_error("secret");
        }
        co_return answer;
    });
    app.get("/", ok());
    running_application served(app);
    client browser(served);

    const auto response = browser.exchange("GET", "/");

    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_EQ(browser.exchange("GET", "/nowhere").status, 404);
}

TEST(Middleware, MayCallTheHandlerTwice) {
    std::string log;
    application app(test_options());
    app.use([](request& current, const next_handler& next) -> awaitable<response> {
        response first = co_await next(current);
        if (first.status() == 200) {
            co_return co_await next(current);
        }
        co_return first;
    });
    app.use(wraps(log, "a"));
    app.get("/", ok());
    running_application served(app);

    EXPECT_EQ(client(served).exchange("GET", "/").body, "ok");
    EXPECT_EQ(log, "<aa><aa>");
}

TEST(Middleware, PassesValuesToTheHandler) {
    application app(test_options());
    app.use([](request& current, const next_handler& next) -> awaitable<response> {
        if (current.has("user")) {
            co_return text_response("leaked from another request", 500);
        }
        current.set("user", std::string("fantix"));
        co_return co_await next(current);
    });
    app.get("/", [](request& current) -> awaitable<response> {
        co_return text_response(current.get<std::string>("user"));
    });
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/").body, "fantix");
    EXPECT_EQ(browser.exchange("GET", "/").body, "fantix");
}

}  // namespace
}  // namespace gino::ext
