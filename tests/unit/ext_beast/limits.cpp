// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <gtest/gtest.h>

#include <string>

#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

using testing::client;
using testing::get_request;
using testing::received_response;
using testing::running_application;
using testing::test_options;

// Sends one request to an application with small limits, on a new connection.
received_response answer_to(const std::string& text) {
    application app(
        test_options().header_limit(1024).header_count_limit(4).request_line_limit(256).body_limit(
            1000
        )
    );
    app.post("/echo", [](request& current) -> awaitable<response> {
        co_return text_response(std::to_string(current.body().size()));
    });
    running_application served(app);
    client browser(served);
    browser.send(text);
    received_response response = browser.receive();
    EXPECT_EQ(response.status == 200, response.header("connection").empty());
    // The server must not reset the connection: the client could lose the response.
    EXPECT_TRUE(response.status == 200 || browser.is_closed());
    return response;
}

const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";

TEST(BodyLimit, AllowsABodyOfExactlyTheLimit) {
    const std::string body(1000, 'x');

    EXPECT_EQ(answer_to(post + "Content-Length: 1000\r\n\r\n" + body).body, "1000");
    EXPECT_EQ(
        answer_to(post + "Transfer-Encoding: chunked\r\n\r\n3E8\r\n" + body + "\r\n0\r\n\r\n").body,
        "1000"
    );
}

TEST(BodyLimit, RefusesALargerContentLengthBeforeTheBody) {
    const received_response response = answer_to(post + "Content-Length: 1001\r\n\r\n");

    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(response.body, R"({"error":"the body is larger than 1000 bytes"})");
}

TEST(BodyLimit, RefusesAnExpectationOverTheLimit) {
    EXPECT_EQ(answer_to(post + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n").status, 413);
}

TEST(BodyLimit, AppliesToTheSumOfChunks) {
    const std::string chunk = "1F4\r\n" + std::string(500, 'x') + "\r\n";

    EXPECT_EQ(
        answer_to(post + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "1\r\nx\r\n")
            .status,
        413
    );
    EXPECT_EQ(
        answer_to(post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n").status, 413
    );
}

TEST(BodyLimit, AnswersAClientThatIsStillSending) {
    const std::string body(32 * 1024 * 1024, 'x');  // more than the socket buffers hold

    EXPECT_EQ(answer_to(post + "Content-Length: 33554432\r\n\r\n" + body).status, 413);
}

TEST(HeaderLimit, RefusesTooManyBytes) {
    const received_response one = answer_to(post + "X: " + std::string(1100, 'x') + "\r\n\r\n");
    const received_response unfinished = answer_to(post + "X: " + std::string(2000, 'x'));

    EXPECT_EQ(one.status, 431);
    EXPECT_EQ(one.body, R"({"error":"the header is larger than 1024 bytes"})");
    EXPECT_EQ(unfinished.status, 431);
}

TEST(HeaderLimit, RefusesTooManyFields) {
    const std::string three = "A: 1\r\nB: 2\r\nC: 3\r\n";

    EXPECT_EQ(answer_to(post + three + "\r\n").status, 200);
    EXPECT_EQ(
        answer_to(post + three + "D: 4\r\n\r\n").body,
        R"({"error":"the request has more than 4 header fields"})"
    );
}

TEST(HeaderLimit, CountsTrailersAndChunkExtensions) {
    const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string extension = ";x=" + std::string(300, 'y');
    std::string extended = chunked;
    for (int count = 0; count < 4; ++count) {
        extended += "1" + extension + "\r\nx\r\n";
    }

    EXPECT_EQ(answer_to(extended).status, 431);
    EXPECT_EQ(answer_to(chunked + "0\r\nX: " + std::string(2000, 'x') + "\r\n\r\n").status, 431);
    // Boost 1.90 and later have a limit for this line in Beast.
    const int endless = answer_to(chunked + "1;" + std::string(40'000, 'x')).status;
    EXPECT_TRUE(endless == 431 || endless == 400) << endless;
}

TEST(RequestLineLimit, RefusesLongTargets) {
    const std::string line = "GET /" + std::string(300, 'a');

    const received_response whole = answer_to(line + " HTTP/1.1\r\nHost: h\r\n\r\n");

    EXPECT_EQ(whole.status, 414);
    EXPECT_EQ(whole.body, R"({"error":"the request line is longer than 256 bytes"})");
    EXPECT_EQ(answer_to(line).status, 414);
}

TEST(ConnectionLimit, MakesClientsWait) {
    application app(test_options().max_connections(2));
    app.get("/", [](request&) -> awaitable<response> { co_return text_response("ok"); });
    running_application served(app);
    auto first = std::make_unique<client>(served);
    client second(served);
    EXPECT_EQ(first->exchange("GET", "/").body, "ok");
    EXPECT_EQ(second.exchange("GET", "/").body, "ok");
    client third(served);
    third.send(get_request("/"));

    EXPECT_EQ(second.exchange("GET", "/").body, "ok");
    EXPECT_EQ(second.exchange("GET", "/").body, "ok");
    EXPECT_FALSE(third.has_bytes());
    first.reset();

    EXPECT_EQ(third.receive().body, "ok");
}

std::string refusal_of(application_options options) {
    try {
        const application app(std::move(options));
    } catch (const argument_error& failure) {
        return failure.what();
    }
    return "accepted";
}

TEST(ApplicationOptions, RefuseInvalidValues) {
    using std::chrono::seconds;

    EXPECT_EQ(refusal_of(application_options()), "accepted");
    EXPECT_EQ(
        refusal_of(application_options().body_limit(0)),
        "application_options: body_limit has to be from 1 to 1073741823"
    );
    EXPECT_EQ(
        refusal_of(application_options().memory_limit(1024)),
        "application_options: memory_limit has to be at least body_limit"
    );
    EXPECT_EQ(
        refusal_of(application_options().idle_timeout(seconds(0))),
        "application_options: idle_timeout has to be positive and at most a year"
    );
    EXPECT_EQ(
        refusal_of(application_options().request_timeout(seconds(-1))),
        "application_options: request_timeout has to be positive and at most a year"
    );
    EXPECT_EQ(
        refusal_of(application_options().host("")),
        "application_options: host has to be an address; \"127.0.0.1\" is this machine"
    );
    EXPECT_EQ(
        refusal_of(application_options().clock(nullptr)),
        "application_options: clock has to be a function"
    );
}

}  // namespace
}  // namespace gino::ext
