// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/beast.hpp>

#include <gtest/gtest.h>

#include <string>

#include "ext/beast/http/response_writer.hpp"

namespace gino::ext {
namespace {

std::string header_of(const response& answer, const detail::response_context& context) {
    std::string text;
    detail::response_writer().append_header(text, answer, answer.body().size(), context);
    return text;
}

template <class Call>
std::string refusal_of(Call call) {
    try {
        call();
    } catch (const argument_error& failure) {
        return failure.what();
    }
    return "accepted";
}

TEST(Response, HasTheDefaultsOfItsKind) {
    EXPECT_EQ(json_response({{"id", 7}}).body(), R"({"id":7})");
    EXPECT_EQ(json_response({{"id", 7}}).header("Content-Type"), "application/json");
    EXPECT_EQ(text_response("a").header("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(html_response("<a>").header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(empty_response().status(), 204);
    EXPECT_EQ(empty_response().header("content-type"), std::nullopt);
    EXPECT_EQ(json_response(nullptr, 201).status(), 201);
    EXPECT_EQ(response().status(), 200);
}

TEST(Response, ReplacesAddsAndRemovesHeaders) {
    response answer;

    answer.set_header("X-A", "1").set_header("x-a", "2");
    answer.add_header("Set-Cookie", "a").add_header("set-cookie", "b");
    answer.set_header("X-B", "3").remove_header("x-b");

    const std::vector<response::field> expected{
        {"x-a", "2"}, {"Set-Cookie", "a"}, {"set-cookie", "b"}};
    EXPECT_EQ(answer.headers(), expected);
}

TEST(Response, RefusesValuesThatWouldAddAHeader) {
    EXPECT_EQ(
        refusal_of([] { response().set_header("x-name", "a\r\nset-cookie: b"); }),
        "response: the value of the header field \"x-name\" has a control character; remove line "
        "breaks first"
    );
    EXPECT_NE(refusal_of([] { response().add_header("x-name", "a\n"); }), "accepted");
    EXPECT_NE(
        refusal_of([] { response().add_header("x-name", std::string_view("\0", 1)); }), "accepted"
    );
    EXPECT_NE(refusal_of([] { response().add_header("x name", "a"); }), "accepted");
    EXPECT_NE(refusal_of([] { response().add_header("x:", "a"); }), "accepted");
    EXPECT_NE(refusal_of([] { response().add_header("", "a"); }), "accepted");
}

TEST(Response, RefusesHeadersThatTheApplicationWrites) {
    EXPECT_EQ(
        refusal_of([] { response().set_header("Content-Length", "1"); }),
        "response: the header field \"Content-Length\" is written by the application itself"
    );
    EXPECT_NE(refusal_of([] { response().set_header("transfer-encoding", "x"); }), "accepted");
    EXPECT_NE(refusal_of([] { response().set_header("date", "x"); }), "accepted");
}

TEST(Response, RefusesStatusesThatAreNotFinal) {
    EXPECT_EQ(
        refusal_of([] { response(100); }), "response: the status 100 is not one of 200 to 599"
    );
    EXPECT_NE(refusal_of([] { response().set_status(600); }), "accepted");
}

TEST(ResponseWriter, WritesStatusDateAndLength) {
    response answer = text_response("abc");

    EXPECT_EQ(
        header_of(answer, {false, false, true, 784111777}),
        "HTTP/1.1 200 OK\r\n"
        "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "content-type: text/plain; charset=utf-8\r\n"
        "content-length: 3\r\n"
        "\r\n"
    );
}

TEST(ResponseWriter, AnnouncesWhetherTheConnectionStaysOpen) {
    const response answer(404);

    EXPECT_EQ(
        header_of(answer, {false, false, false, 0}),
        "HTTP/1.1 404 Not Found\r\n"
        "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
        "connection: close\r\n"
        "content-length: 0\r\n"
        "\r\n"
    );
    EXPECT_EQ(
        header_of(answer, {false, true, true, 1709251199}),
        "HTTP/1.1 404 Not Found\r\n"
        "date: Thu, 29 Feb 2024 23:59:59 GMT\r\n"
        "connection: keep-alive\r\n"
        "content-length: 0\r\n"
        "\r\n"
    );
}

TEST(ResponseWriter, UpdatesTheDate) {
    detail::response_writer writer;
    std::string text;

    writer.append_header(text, response(204), 0, {false, false, true, 0});
    writer.append_header(text, response(304), 0, {false, false, true, 1});

    EXPECT_EQ(
        text,
        "HTTP/1.1 204 No Content\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n"
        "HTTP/1.1 304 Not Modified\r\ndate: Thu, 01 Jan 1970 00:00:01 GMT\r\n\r\n"
    );
}

TEST(HttpError, AcceptsErrorStatusesOnly) {
    EXPECT_EQ(http_error(404, "gone").status(), 404);
    EXPECT_EQ(http_error(404, "gone").code(), errc::http);
    EXPECT_EQ(
        refusal_of([] { http_error(200, "fine"); }),
        "http_error: the status 200 is not an error; use one from 400 to 599, or return a response"
    );
}

}  // namespace
}  // namespace gino::ext
