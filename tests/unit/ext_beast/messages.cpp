// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

using testing::client;
using testing::gate;
using testing::get_request;
using testing::received_response;
using testing::running_application;
using testing::test_options;

// An application that returns the requests it receives.
class Messages : public ::testing::Test {
protected:
    Messages() : app_(with_routes()), served_(*app_) {}

    static std::unique_ptr<application> with_routes() {
        auto app = std::make_unique<application>(test_options());
        app->get("/path/{text}", [](request&, std::string text) -> awaitable<response> {
            co_return text_response(text);
        });
        app->post("/echo", [](request& current) -> awaitable<response> {
            co_return text_response(std::string(current.body()));
        });
        app->get("/header", [](request& current) -> awaitable<response> {
            co_return text_response(std::string(current.header("x-value").value_or("none")));
        });
        app->get("/host", [](request& current) -> awaitable<response> {
            co_return text_response(std::string(current.header("host").value_or("none")));
        });
        app->get("/close", [](request&) -> awaitable<response> {
            response answer = text_response("last");
            answer.set_header("Connection", "close");
            co_return answer;
        });
        return app;
    }

    std::string status_line_of(std::string_view text) {
        client browser(served_);
        browser.send(text);
        const std::string all = browser.receive_all();
        return all.substr(0, all.find("\r\n"));
    }

    std::unique_ptr<application> app_;
    running_application served_;
};

TEST_F(Messages, KeepTheConnectionOpen) {
    client browser(served_);

    const received_response first = browser.exchange("GET", "/path/a");
    const received_response second = browser.exchange("GET", "/path/b");

    EXPECT_EQ(first.body + second.body, "ab");
    EXPECT_EQ(first.header("connection"), "");
    EXPECT_NE(first.header("date"), "");
}

TEST_F(Messages, CloseTheConnectionOnRequestOfTheClient) {
    client browser(served_);

    browser.send("GET /path/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    EXPECT_EQ(browser.receive().header("connection"), "close");
    EXPECT_TRUE(browser.is_closed());
}

TEST_F(Messages, CloseTheConnectionOnRequestOfTheHandler) {
    client browser(served_);

    browser.send(get_request("/close") + get_request("/path/never"));
    const std::string all = browser.receive_all();

    EXPECT_NE(all.find("connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(all.ends_with("\r\n\r\nlast")) << all;
}

TEST_F(Messages, Http10ClosesUnlessAskedToKeepAlive) {
    client closing(served_);
    client keeping(served_);

    closing.send("GET /path/a HTTP/1.0\r\n\r\n");
    keeping.send("GET /path/b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    EXPECT_EQ(closing.receive().body, "a");
    EXPECT_TRUE(closing.is_closed());
    EXPECT_EQ(keeping.receive().header("connection"), "keep-alive");
    EXPECT_EQ(keeping.exchange("GET", "/path/c").body, "c");
}

TEST_F(Messages, PipelinedRequestsAreAnsweredInOrder) {
    std::string requests;
    std::string expected;
    for (int number = 0; number < 500; ++number) {
        requests += get_request("/path/" + std::to_string(number));
        expected += std::to_string(number) + " ";
    }
    client browser(served_);

    browser.send(requests);

    std::string bodies;
    for (int number = 0; number < 500; ++number) {
        bodies += browser.receive().body + " ";
    }
    EXPECT_EQ(bodies, expected);
}

TEST_F(Messages, AllowBodiesInPipelinedRequests) {
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n";
    client browser(served_);

    browser.send(post + "abc" + get_request("/path/d") + post + "efg");

    EXPECT_EQ(browser.receive().body, "abc");
    EXPECT_EQ(browser.receive().body, "d");
    EXPECT_EQ(browser.receive().body, "efg");
}

TEST_F(Messages, RequestMayArriveByteByByte) {
    const std::vector<std::string> requests{
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n"};
    client browser(served_);

    for (const std::string& text : requests) {
        for (const char& byte : text) {
            browser.send({&byte, 1});
        }
        EXPECT_EQ(browser.receive().body, "hello");
    }
}

TEST_F(Messages, JoinTheChunksOfABody) {
    client browser(served_);

    browser.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
        "A\r\n0123456789\r\n01\r\nx\r\n0\r\n\r\n"
    );

    EXPECT_EQ(browser.receive().body, "0123456789x");
    EXPECT_EQ(browser.exchange("GET", "/path/a").body, "a");
}

TEST_F(Messages, TrailersDoNotReplaceHeaders) {
    client browser(served_);

    browser.send(
        "GET /header HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\nX-Value: trailer\r\n\r\n"
    );

    EXPECT_EQ(browser.receive().body, "none");
}

TEST_F(Messages, TransferLargeBodiesBothWays) {
    std::string body(1024 * 1024, 'x');
    body.replace(500'000, 4, "here");
    client browser(served_);

    const received_response response = browser.exchange("POST", "/echo", body);

    EXPECT_EQ(response.body, body);
    EXPECT_EQ(browser.exchange("POST", "/echo", "small").body, "small");
}

TEST_F(Messages, ExpectationIsAnsweredBeforeTheBody) {
    client browser(served_);

    browser.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    );
    const received_response interim = browser.receive();
    browser.send("body");

    EXPECT_EQ(interim.status, 100);
    EXPECT_EQ(browser.receive().body, "body");
}

TEST_F(Messages, ExpectationIsIgnoredWhenTheBodyHasArrived) {
    client browser(served_);

    browser.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\nbody"
    );

    EXPECT_EQ(browser.receive().body, "body");
}

TEST_F(Messages, EmptyLinesBeforeARequestAreIgnored) {
    client browser(served_);

    browser.send("\r\n\r\n" + get_request("/path/a") + "\r\n" + get_request("/path/b"));

    EXPECT_EQ(browser.receive().body, "a");
    EXPECT_EQ(browser.receive().body, "b");
}

TEST_F(Messages, UndecodableTargetKeepsTheConnection) {
    client browser(served_);

    const received_response refused = browser.exchange("GET", "/path/%00");

    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(
        refused.body,
        R"({"error":"the request's path or query is not UTF-8 text, or has a NUL character"})"
    );
    EXPECT_EQ(browser.exchange("GET", "/path/a").body, "a");
}

TEST_F(Messages, AnswerAClientThatHasFinishedSending) {
    client browser(served_);

    browser.send(get_request("/path/a"));
    browser.finish_sending();

    EXPECT_TRUE(browser.receive_all().ends_with("\r\n\r\na"));
}

TEST_F(Messages, TruncatedRequestIsDropped) {
    for (const char* const part :
         {"G",
          "GET /path/a HTTP/1.1\r\n",
          "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n"
          "\r\nshort"}) {
        client browser(served_);
        browser.send(part);
        browser.finish_sending();

        EXPECT_EQ(browser.receive_all(), "") << part;
    }
    EXPECT_EQ(client(served_).exchange("GET", "/path/a").body, "a");
}

TEST_F(Messages, MalformedRequestsAreRefused) {
    const std::string bad = "HTTP/1.1 400 Bad Request";
    const std::string get = "GET / HTTP/1.1\r\n";
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";

    EXPECT_EQ(status_line_of("nonsense\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of("\x16\x03\x01\x02\x00\x01"), bad);  // a TLS client
    EXPECT_EQ(status_line_of("GET  / HTTP/1.1\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(get + "Host: h\r\nno colon\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(get + "Host: h\r\nspace : x\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(get + "\r\n"), bad);  // no Host
    EXPECT_EQ(status_line_of(get + "Host: a\r\nHost: b\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "Content-Length: x\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "Content-Length: -1\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "Content-Length: 1, 2\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "Content-Length: 99999999999999999999\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), bad);
    EXPECT_EQ(status_line_of("GET / HTTP/2.0\r\n\r\n"), "HTTP/1.1 505 HTTP Version Not Supported");
    EXPECT_EQ(status_line_of(post + "Expect: magic\r\n\r\n"), "HTTP/1.1 417 Expectation Failed");
}

TEST_F(Messages, InvalidHostsAreRefused) {
    const std::string bad = "HTTP/1.1 400 Bad Request";
    const auto with_host = [this](const std::string& host) {
        return status_line_of(
            "GET /host HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"
        );
    };

    for (const auto* host : {"", "a/b?c@d e", "a@b", "a:b", "[::1", "[]", "a b", "h:1:2", ":80"}) {
        EXPECT_EQ(with_host(host), bad) << host;
    }
    for (const auto* host : {"h", "example.com:80", "127.0.0.1", "[::1]:8080", "h:", "a%20b"}) {
        EXPECT_EQ(with_host(host), "HTTP/1.1 200 OK") << host;
    }
}

TEST_F(Messages, HostOfTheTargetOverridesTheHostField) {
    client browser(served_);
    browser.send("GET http://one:81/host HTTP/1.1\r\nHost: two\r\nConnection: close\r\n\r\n");

    EXPECT_THAT(browser.receive_all(), ::testing::EndsWith("one:81"));
    EXPECT_EQ(
        status_line_of("GET http://u@one/host HTTP/1.1\r\nHost: two\r\nConnection: close\r\n\r\n"),
        "HTTP/1.1 400 Bad Request"
    );
}

TEST_F(Messages, FoldedHeaderFieldsAreRefused) {
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";
    const std::string bad = "HTTP/1.1 400 Bad Request";

    EXPECT_EQ(status_line_of(post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), bad);
    EXPECT_EQ(status_line_of(post + "X-Value: a\r\n\tb\r\nContent-Length: 0\r\n\r\n"), bad);
}

TEST_F(Messages, LineBreaksInAPathAreRefused) {
    const std::string bad = "HTTP/1.1 400 Bad Request";
    const std::string end = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    EXPECT_EQ(status_line_of("GET /path/a%0Ab" + end), bad);
    EXPECT_EQ(status_line_of("GET /path/a%0Db" + end), bad);
    EXPECT_EQ(status_line_of("GET /path/a%00b" + end), bad);
    EXPECT_EQ(status_line_of("GET /path/a?b=c%0Ad" + end), "HTTP/1.1 200 OK");
}

// Two servers in a row could interpret these messages differently (request smuggling).
TEST_F(Messages, AmbiguousLengthsAreRefused) {
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";
    const std::string bad = "HTTP/1.1 400 Bad Request";
    const std::string unknown = "HTTP/1.1 501 Not Implemented";

    EXPECT_EQ(
        status_line_of(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), bad
    );
    EXPECT_EQ(
        status_line_of(post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"), bad
    );
    EXPECT_EQ(
        status_line_of(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        bad
    );
    EXPECT_EQ(status_line_of(post + "Transfer-Encoding: gzip, chunked\r\n\r\n"), unknown);
    EXPECT_EQ(status_line_of(post + "Transfer-Encoding: identity\r\n\r\n"), unknown);
    EXPECT_EQ(
        status_line_of("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), bad
    );
}

TEST(PipelinedMessages, SlowRequestDoesNotHoldBackEarlierResponses) {
    gate slow;
    application app(test_options());
    app.get("/fast", [](request&) -> awaitable<response> { co_return text_response("fast"); });
    app.get("/slow", [&](request&) -> awaitable<response> {
        co_await slow.pass();
        co_return text_response("slow");
    });
    running_application served(app);
    client browser(served);

    browser.send(get_request("/fast") + get_request("/slow"));

    EXPECT_EQ(browser.receive().body, "fast");
    slow.open();
    EXPECT_EQ(browser.receive().body, "slow");
}

}  // namespace
}  // namespace gino::ext
