// SPDX-License-Identifier: BSD-3-Clause
#include <gino/ext/beast.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ext/beast/server/memory_budget.hpp"
#include "unit/ext_beast/support.hpp"

// The limit of the memory of all requests and responses together.
namespace gino::ext {
namespace {

using testing::client;
using testing::received_response;
using testing::running_application;
using testing::test_options;

constexpr std::size_t kib = 1024;

std::string post_of(std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

application& with_sizes(application& app) {
    app.post("/", [](request& current) -> awaitable<response> {
        co_return text_response(std::to_string(current.body().size()));
    });
    app.get("/large", [](request&) -> awaitable<response> {
        co_return text_response(std::string(32 * kib * kib, 'x'));
    });
    return app;
}

// Repeats a request until the response has `status`: the server counts the memory of other clients
// only when it reads from them.
bool is_answered(const running_application& served, int status) {
    for (int attempt = 0; attempt < 500; ++attempt) {
        client browser(served);
        if (browser.exchange("POST", "/", "ping").status == status) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

TEST(MemoryBudget, IsTheSumOfItsShares) {
    detail::memory_budget budget(100 * kib);
    detail::memory_budget::share one(budget);
    {
        detail::memory_budget::share other(budget);
        one.set(60 * kib);
        other.set(40 * kib);
        EXPECT_FALSE(budget.is_exceeded());
        other.set(40 * kib + 1);
        EXPECT_TRUE(budget.is_exceeded());
        other.set(16 * kib);
        one.set(100 * kib);
        EXPECT_FALSE(budget.is_exceeded());
        other.set(17 * kib);
        EXPECT_TRUE(budget.is_exceeded());
    }
    EXPECT_FALSE(budget.is_exceeded());
    one.set(100 * kib + 1);
    EXPECT_TRUE(budget.is_exceeded());
    one.set(0);
    EXPECT_FALSE(budget.is_exceeded());
}

TEST(MemoryLimit, RefusesRequestsWhileBodiesExceedIt) {
    application app(test_options().body_limit(200 * kib).memory_limit(600 * kib));
    running_application served(with_sizes(app));
    std::vector<std::unique_ptr<client>> slow;
    for (int i = 0; i < 3; ++i) {
        slow.push_back(std::make_unique<client>(served));
        slow.back()->send(post_of(200 * kib) + std::string(190 * kib, 'x'));
    }

    // The request that arrived last was refused, and its memory is free again.
    EXPECT_TRUE(is_answered(served, 200));
    int refused = 0;
    for (auto& one : slow) {
        one->send(std::string(10 * kib, 'x'));
        const received_response answer = one->receive();
        refused += answer.status == 503 ? 1 : 0;
        EXPECT_EQ(answer.header("retry-after"), answer.status == 503 ? "1" : "");
        EXPECT_TRUE(answer.status == 503 || answer.body == std::to_string(200 * kib));
    }
    EXPECT_EQ(refused, 1);
}

TEST(MemoryLimit, RefusesRequestsWhileUnsentResponsesExceedIt) {
    application app(test_options().memory_limit(1024 * kib));
    running_application served(with_sizes(app));
    client lazy(served);
    lazy.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    lazy.wait_for_bytes();

    EXPECT_TRUE(is_answered(served, 503));
    EXPECT_EQ(lazy.receive().body.size(), 32U * kib * kib);
    EXPECT_TRUE(is_answered(served, 200));
}

TEST(MemoryLimit, DoesNotCountBodiesOfAnsweredRequests) {
    application app(test_options().body_limit(200 * kib).memory_limit(400 * kib));
    running_application served(with_sizes(app));
    std::vector<std::unique_ptr<client>> idle;
    for (int i = 0; i < 5; ++i) {
        idle.push_back(std::make_unique<client>(served));
        EXPECT_EQ(idle.back()->exchange("POST", "/", std::string(200 * kib, 'x')).status, 200);
    }
}

}  // namespace
}  // namespace gino::ext
