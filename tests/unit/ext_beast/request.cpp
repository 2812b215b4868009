// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <any>
#include <limits>
#include <string>
#include <vector>

#include "ext/beast/http/request_message.hpp"
#include "ext/beast/http/target.hpp"
#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

using testing::test_options;

// A decoded request, in the state in which the parser leaves it.
class request_of {
public:
    explicit request_of(std::string_view target, std::string body = {})
        : app_(test_options()), request_(app_, message_) {
        message_.method = message_.receive("GET");
        message_.target = message_.receive(target);
        message_.body = std::move(body);
        problem_ = detail::decode_target(message_);
    }

    request_of& with_header(std::string_view name, std::string_view value) {
        const detail::slice received = message_.receive(name);
        message_.fields.push_back({received, message_.receive(value)});
        return *this;
    }

    request* operator->() { return &request_; }

    [[nodiscard]] std::string problem() const { return problem_ == nullptr ? "" : problem_; }

private:
    application app_;
    detail::request_message message_;
    request request_;
    const char* problem_ = nullptr;
};

template <class Call>
std::string refusal_of(Call call) {
    try {
        call();
    } catch (const http_error& failure) {
        return std::to_string(failure.status()) + " " + failure.what();
    } catch (const argument_error& failure) {
        return failure.what();
    }
    return "accepted";
}

TEST(RequestPath, IsDecoded) {
    request_of current("/a%20b/%C3%A9?c=d");

    EXPECT_EQ(current->path(), "/a b/\xC3\xA9");
    EXPECT_EQ(current->target(), "/a%20b/%C3%A9?c=d");
}

TEST(RequestPath, KeepsPlusSigns) {
    EXPECT_EQ(request_of("/a+b")->path(), "/a+b");
}

TEST(RequestPath, MayBeTheEndOfAnAbsoluteUrl) {
    EXPECT_EQ(request_of("http://host:80/a/b?c=1")->path(), "/a/b");
    EXPECT_EQ(request_of("HTTPS://host")->path(), "/");
    request_of current("http://host?c=1");
    EXPECT_EQ(current->path(), "/");
    EXPECT_EQ(current->query("c"), "1");
}

TEST(RequestPath, IsRefusedWhenNotTextOrNotAPath) {
    EXPECT_EQ(request_of("/a%2").problem(), "the request's path has a malformed percent-encoding");
    EXPECT_EQ(request_of("/%zz").problem(), "the request's path has a malformed percent-encoding");
    EXPECT_EQ(
        request_of("/?a=%").problem(), "the request's query has a malformed percent-encoding"
    );
    EXPECT_EQ(request_of("host:80").problem(), "the request's target is not a path");
    EXPECT_EQ(request_of("*").problem(), "the request's target is not a path");
    EXPECT_EQ(request_of("/a#b").problem(), "the request's target has a fragment");
}

class RequestText : public ::testing::TestWithParam<const char*> {};

TEST_P(RequestText, IsRefusedWithInvalidUtf8OrNul) {
    EXPECT_EQ(
        request_of(GetParam()).problem(),
        "the request's path or query is not UTF-8 text, or has a NUL character"
    );
}

INSTANTIATE_TEST_SUITE_P(
    Hostile,
    RequestText,
    ::testing::Values(
        "/%00",
        "/?a=%00",
        "/?%00=a",
        "/%80",
        "/%FF",
        "/\xff",
        "/%C0%AF",        // an overlong slash
        "/%C3",           // an incomplete sequence
        "/%C3/%A9",       // a sequence across two segments
        "/?%C3=%A9",      // a sequence across a name and its value
        "/?a=%C3&%A9=b",  // a sequence across two parameters
        "/%E0%80%80",     // overlong
        "/%ED%A0%80",     // a surrogate
        "/%F0%80%80%80",  // overlong
        "/%F4%90%80%80",  // above U+10FFFF
        "/%F5%80%80%80"
    )
);

TEST(RequestText, AcceptsAllOfUnicode) {
    EXPECT_EQ(request_of("/%C2%80%DF%BF%E0%A0%80%ED%9F%BF%EE%80%80%EF%BF%BF").problem(), "");
    EXPECT_EQ(request_of("/%F0%90%80%80%F4%8F%BF%BF%7F%01").problem(), "");
}

TEST(RequestQuery, ReadsTypes) {
    request_of current("/?i=-5&u=5&d=1.5&b=true&s=a+b%2B&e=");

    EXPECT_EQ(current->query<std::int64_t>("i"), -5);
    EXPECT_EQ(current->query<std::uint8_t>("u"), std::uint8_t{5});
    EXPECT_EQ(current->query<double>("d"), 1.5);
    EXPECT_EQ(current->query<bool>("b"), true);
    EXPECT_EQ(current->query<std::string>("s"), "a b+");
    EXPECT_EQ(current->query("e"), "");
}

TEST(RequestQuery, IsEmptyWhenMissing) {
    EXPECT_EQ(request_of("/?a=1")->query<std::int64_t>("b").value_or(20), 20);
    EXPECT_EQ(request_of("/")->query("a"), std::nullopt);
}

TEST(RequestQuery, ReturnsTheFirstOrAllValuesOfAName) {
    request_of current("/?a=1&b=2&&a=3&c&a=4");

    EXPECT_EQ(current->query<int>("a"), 1);
    EXPECT_EQ(current->query_all<int>("a"), (std::vector<int>{1, 3, 4}));
    EXPECT_EQ(current->query("c"), "");
    EXPECT_TRUE(current->query_all("d").empty());
}

TEST(RequestQuery, NamesTheExpectedType) {
    request_of current("/?limit=1000000000000&flag=yes&real=nan&list=1&list=x&empty=");

    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->query<std::int32_t>("limit")); }),
        "400 query parameter \"limit\": expected an integer from -2147483648 to 2147483647"
    );
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->query<bool>("flag")); }),
        "400 query parameter \"flag\": expected true or false"
    );
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->query<double>("real")); }),
        "400 query parameter \"real\": expected a number"
    );
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->query_all<std::uint8_t>("list")); }),
        "400 query parameter \"list\": expected an integer from 0 to 255"
    );
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->query<int>("empty")); }),
        "400 query parameter \"empty\": expected an integer from -2147483648 to 2147483647"
    );
}

TEST(RequestValue, RespectsTheLimitsOfItsType) {
    EXPECT_EQ(request_value<std::int8_t>::parse("-128"), std::int8_t{-128});
    EXPECT_EQ(request_value<std::int8_t>::parse("-129"), std::nullopt);
    EXPECT_EQ(request_value<std::uint16_t>::parse("65536"), std::nullopt);
    EXPECT_EQ(request_value<std::uint64_t>::parse("-1"), std::nullopt);
    EXPECT_EQ(
        request_value<std::uint64_t>::parse("18446744073709551615"),
        std::numeric_limits<std::uint64_t>::max()
    );
    EXPECT_EQ(request_value<float>::parse("1e39"), std::nullopt);
    EXPECT_EQ(request_value<double>::parse("inf"), std::nullopt);
    EXPECT_EQ(request_value<bool>::parse("0"), false);
}

enum class color { red, green };

}  // namespace

// A user-defined type.
template <>
struct request_value<color> {
    static std::optional<color> parse(std::string_view text) {
        return text == "red" ? std::optional(color::red) : std::nullopt;
    }

    static std::string expected() { return "a color"; }
};

namespace {

TEST(RequestValue, IsExtendedBySpecialisation) {
    request_of current("/?a=red&b=blue");

    EXPECT_EQ(current->query<color>("a"), color::red);
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->query<color>("b")); }),
        "400 query parameter \"b\": expected a color"
    );
}

TEST(RequestHeader, IsFoundInAnyCase) {
    request_of current("/");
    current.with_header("X-Token", "one").with_header("x-token", "two");

    EXPECT_EQ(current->header("X-TOKEN"), "one");
    EXPECT_EQ(current->header("X-Toke"), std::nullopt);
}

TEST(RequestJson, ReadsTheBody) {
    EXPECT_EQ(request_of("/", R"({"a": [1, true, "x"]})")->json().at("a").as_array().at(2), "x");
}

TEST(RequestJson, ReportsThePositionOfASyntaxError) {
    const std::string refusal = refusal_of([] {
        static_cast<void>(request_of("/", "{\n  \"a\": 1,\n  \"b\": x\n}")->json());
    });

    EXPECT_EQ(refusal, "400 the body is no JSON document: syntax error at line 3, column 8");
}

TEST(RequestJson, RefusesMoreThanOneDocument) {
    EXPECT_EQ(
        refusal_of([] { static_cast<void>(request_of("/", "{} {}")->json()); }),
        "400 the body is no JSON document: extra data at line 1, column 4"
    );
}

TEST(RequestJson, RefusesTruncatedDocuments) {
    EXPECT_EQ(
        refusal_of([] { static_cast<void>(request_of("/", "{\"a\":")->json()); }),
        "400 the body is no JSON document: incomplete JSON at line 1, column 6"
    );
}

TEST(RequestJson, RefusesEmptyBodies) {
    EXPECT_EQ(
        refusal_of([] { static_cast<void>(request_of("/")->json()); }),
        "400 the request has no body; a JSON document was expected"
    );
}

TEST(RequestJson, LimitsTheDepth) {
    const std::string allowed = std::string(64, '[') + std::string(64, ']');
    const std::string deeper = "[" + allowed + "]";

    EXPECT_TRUE(request_of("/", allowed)->json().is_array());
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(request_of("/", deeper)->json()); }),
        "400 the JSON body is nested deeper than 64 levels (line 1, column 65)"
    );
}

TEST(RequestJson, LimitsMembersAndValues) {
    const auto refusal = [](const std::string& body) {
        return refusal_of([&] { static_cast<void>(request_of("/", body)->json()); });
    };
    std::string members = "{";
    std::string values = "[0";
    for (int i = 0; i < 1'001; ++i) {
        members += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    }
    for (int i = 0; i < 100'000; ++i) {
        values += ",0";
    }

    EXPECT_THAT(
        refusal(members + "}"),
        ::testing::HasSubstr("400 the JSON body has an object of more than 1000 members")
    );
    EXPECT_THAT(refusal(values + "]"), ::testing::HasSubstr("has more than 100000 values"));
}

TEST(RequestJson, RefusesDuplicateKeysAndOversizedNumbers) {
    const auto refusal = [](const std::string& body) {
        return refusal_of([&] { static_cast<void>(request_of("/", body)->json()); });
    };

    EXPECT_EQ(
        refusal("[1e999]"), "400 the JSON body has a number that is too large (line 1, column 7)"
    );
    EXPECT_THAT(
        refusal(R"({"a": 1, "b": {"c": 1, "c": 2}})"),
        ::testing::HasSubstr("has the key \"c\" twice in one object")
    );
}

TEST(RequestJson, RefusesTextThatNoDatabaseAccepts) {
    const std::string nul = "400 a text in the JSON body has a NUL character (\\u0000)";

    EXPECT_EQ(
        refusal_of([] { static_cast<void>(request_of("/", R"([{"a":"\u0000"}])")->json()); }), nul
    );
    EXPECT_EQ(
        refusal_of([] { static_cast<void>(request_of("/", R"({"\u0000":1})")->json()); }), nul
    );
    EXPECT_EQ(request_of("/", R"("\\u0000")")->json(), "\\u0000");
    EXPECT_NE(
        refusal_of([] { static_cast<void>(request_of("/", "\"\xff\"")->json()); }), "accepted"
    );
}

TEST(RequestStorage, KeepsValuesByKey) {
    request_of current("/");

    current->set("a", 1);
    current->set("b", std::string("text"));
    current->set("a", 2);

    EXPECT_EQ(current->get<int>("a"), 2);
    EXPECT_EQ(current->get<std::string>("b"), "text");
    EXPECT_FALSE(current->has("c"));
}

TEST(RequestStorage, NamesMissingAndMistypedEntries) {
    request_of current("/");
    current->set("a", 1);

    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->get<double>("a")); }),
        "request::get(): the value \"a\" is of type int, not double"
    );
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(current->get<int>("b")); }),
        "request::get(): there is no value \"b\" of type int; a middleware has to set() it first"
    );
}

TEST(RequestPathParameter, ReportsTheRouteWhenMissing) {
    EXPECT_EQ(
        refusal_of([] { static_cast<void>(request_of("/")->path_parameter("id")); }),
        "request::path_parameter(): the route \"\" has no parameter \"id\""
    );
}

}  // namespace
}  // namespace gino::ext
