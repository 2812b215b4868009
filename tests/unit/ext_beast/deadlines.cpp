// SPDX-License-Identifier: BSD-3-Clause
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>

#include "ext/beast/server/transfer_progress.hpp"
#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

using testing::client;
using testing::gate;
using testing::get_request;
using testing::manual_clock;
using testing::racing_options;
using testing::received_response;
using testing::running_application;
using testing::test_options;

auto ok() {
    return [](request&) -> awaitable<response> { co_return text_response("ok"); };
}

TEST(HeaderTimeout, AnswersAndCloses) {
    manual_clock clock;
    application app(test_options().clock(clock.function()));
    app.get("/", ok());
    running_application served(app);
    client browser(served);
    client witness(served);

    browser.send("GET / HTTP/1.1\r\nHost: ");
    // The server handles events in order: this response shows that it has read the part above.
    EXPECT_EQ(witness.exchange("GET", "/").status, 200);
    clock.advance(std::chrono::seconds(11));
    const received_response response = browser.receive();

    EXPECT_EQ(response.status, 408);
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_EQ(response.body, R"({"error":"the request did not arrive in time"})");
    EXPECT_TRUE(browser.is_closed());
}

TEST(HeaderTimeout, ClosesSilentConnections) {
    application app(racing_options().header_timeout(std::chrono::seconds(10)));
    running_application served(app);

    EXPECT_EQ(client(served).receive_all(), "");
}

TEST(IdleTimeout, ClosesBetweenRequests) {
    application app(racing_options().idle_timeout(std::chrono::seconds(10)));
    app.get("/", ok());
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/").status, 200);
    EXPECT_EQ(browser.receive_all(), "");
}

TEST(BodyTimeout, AnswersAndCloses) {
    application app(racing_options().body_timeout(std::chrono::seconds(10)));
    app.post("/", ok());
    running_application served(app);
    client browser(served);

    browser.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nslow");

    EXPECT_EQ(browser.receive().status, 408);
    EXPECT_TRUE(browser.is_closed());
}

TEST(TransferProgress, RequiresTheMinimumRateInEachInterval) {
    using std::chrono::seconds;
    detail::transfer_progress progress;
    progress.begin();

    EXPECT_FALSE(progress.completes(10'239, seconds(10), 1024));
    EXPECT_TRUE(progress.completes(10'240, seconds(10), 1024));
    EXPECT_FALSE(progress.completes(20'479, seconds(10), 1024));
    EXPECT_TRUE(progress.completes(1'000'000, seconds(10), 1024));
    EXPECT_FALSE(progress.completes(1'000'001, seconds(10), 1024));
    progress.begin();
    EXPECT_TRUE(progress.completes(10'240, seconds(10), 1024));
}

// With credit for a burst, a million bytes would allow a thousand seconds of silence.
TEST(BodyTimeout, GivesNoCreditForABurst) {
    std::atomic<int> seconds = 0;
    application app(racing_options()
                        .clock([&seconds] {
                            return application_options::time_point(std::chrono::seconds(++seconds));
                        })
                        .body_timeout(std::chrono::seconds(10))
                        .body_limit(2'000'000));
    app.post("/", ok());
    running_application served(app);
    client browser(served);

    browser.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000001\r\n\r\n" +
        std::string(1'000'000, 'x')
    );

    EXPECT_EQ(browser.receive().status, 408);
    EXPECT_LT(seconds, 900);
}

TEST(WriteTimeout, ClosesWhenTheClientDoesNotRead) {
    application app(racing_options().write_timeout(std::chrono::seconds(10)).minimum_rate(1 << 20));
    app.get("/", [](request&) -> awaitable<response> {
        co_return text_response(std::string(32 * 1024 * 1024, 'x'));
    });
    running_application served(app);
    client browser(served);

    browser.send(get_request("/"));
    browser.wait_for_bytes();
    served.request_stop();
    served.wait();

    EXPECT_LT(browser.receive_all().size(), 32U * 1024 * 1024);
}

TEST(RequestTimeout, CancelsTheHandlerAndKeepsTheConnection) {
    gate stuck;
    std::string told;
    application app(racing_options().request_timeout(std::chrono::seconds(10)));
    app.get("/", ok());
    app.get("/stuck", [&](request&) -> awaitable<response> {
        co_await stuck.pass();
        co_return text_response("never");
    });
    app.on_error([&](const request& current, const std::exception_ptr&, std::string_view id) {
        told = std::string(current.path()) + std::string(id);
    });
    running_application served(app);
    client browser(served);

    const received_response late = browser.exchange("GET", "/stuck");
    stuck.wait_for_cancellation();
    const received_response next = browser.exchange("GET", "/");

    EXPECT_EQ(late.status, 503);
    EXPECT_EQ(late.header("retry-after"), "1");
    EXPECT_EQ(late.header("connection"), "");
    EXPECT_EQ(next.body, "ok");
    EXPECT_EQ(told, "/stuck");
}

TEST(RequestTimeout, CancelsEachLateRequestOfAConnection) {
    application app(racing_options().request_timeout(std::chrono::seconds(10)));
    app.get("/", [](request&) -> awaitable<response> {
        gate stuck;
        co_await stuck.pass();
        co_return text_response("never");
    });
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/").status, 503);
    EXPECT_EQ(browser.exchange("GET", "/").status, 503);
    EXPECT_EQ(browser.exchange("GET", "/").status, 503);
}

TEST(RequestTimeout, SendsTheResponseOfACancelledHandler) {
    application app(racing_options().request_timeout(std::chrono::seconds(10)));
    app.get("/", [](request&) -> awaitable<response> {
        gate stuck;
        try {
            co_await stuck.pass();
        } catch (const boost::system::system_error&) {
        }
        co_return text_response("partial", 206);
    });
    running_application served(app);
    client browser(served);

    EXPECT_EQ(browser.exchange("GET", "/").status, 206);
    EXPECT_EQ(browser.exchange("GET", "/").status, 206);
}

TEST(RequestTimeout, LimitsMiddlewaresToo) {
    application app(racing_options().request_timeout(std::chrono::seconds(10)));
    app.use([](request& current, const next_handler& next) -> awaitable<response> {
        response answer = co_await next(current);
        gate stuck;
        co_await stuck.pass();
        co_return answer;
    });
    app.get("/", ok());
    running_application served(app);

    EXPECT_EQ(client(served).exchange("GET", "/").status, 503);
}

class Disconnect : public ::testing::Test {
protected:
    Disconnect() : app_(test_options()) {
        app_.get("/", ok());
        app_.get("/stuck", [this](request&) -> awaitable<response> {
            co_await stuck_.pass();
            co_return text_response("never");
        });
    }

    gate stuck_;
    application app_;
};

TEST_F(Disconnect, CancelsTheHandlerWhenTheClientCloses) {
    running_application served(app_);
    {
        client browser(served);
        browser.send(get_request("/stuck"));
        stuck_.wait_for_visitor();
    }

    stuck_.wait_for_cancellation();
    EXPECT_EQ(client(served).exchange("GET", "/").status, 200);
}

TEST_F(Disconnect, CancelsTheHandlerWhenTheClientResets) {
    running_application served(app_);
    client browser(served);
    browser.send(get_request("/stuck"));
    stuck_.wait_for_visitor();

    browser.reset();

    stuck_.wait_for_cancellation();
}

TEST_F(Disconnect, IsDetectedAfterPipelinedRequests) {
    running_application served(app_);
    client browser(served);
    browser.send(get_request("/stuck"));
    stuck_.wait_for_visitor();

    browser.send(get_request("/"));
    browser.finish_sending();

    stuck_.wait_for_cancellation();
}

TEST(CutResponse, LeavesOtherConnectionsUsable) {
    application app(test_options());
    app.get("/", ok());
    app.get("/large", [](request&) -> awaitable<response> {
        co_return text_response(std::string(32 * 1024 * 1024, 'x'));
    });
    running_application served(app);
    client browser(served);

    browser.send(get_request("/large"));
    browser.wait_for_bytes();
    browser.reset();

    EXPECT_EQ(client(served).exchange("GET", "/").status, 200);
}

}  // namespace
}  // namespace gino::ext
