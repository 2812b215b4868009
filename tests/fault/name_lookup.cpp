// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/driver.hpp>
#include <gino/driver/postgresql/driver.hpp>
#include <gino/driver/url.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <dlfcn.h>
#include <functional>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <string_view>

namespace {

using namespace std::chrono_literals;

/// A name lookup that blocks until the test ends it, or for 20 s.
class stalled_lookup {
public:
    /// Called on the thread of the lookup when it has begun.
    std::function<void()> on_begin;

    void wait() {
        on_begin();
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 20s, [this] { return may_end_; });
        has_ended_ = true;
    }

    /// Ends the lookup. Returns false if it has ended before.
    bool end() {
        const std::lock_guard lock(mutex_);
        may_end_ = true;
        changed_.notify_all();
        return !has_ended_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool may_end_ = false;
    bool has_ended_ = false;
};

stalled_lookup* stalled = nullptr;

}  // namespace

/// Replaces getaddrinfo() of the C library for one name, and forwards the others.
extern "C" int getaddrinfo(
    const char* node, const char* service, const addrinfo* hints, addrinfo** result
) {
    if (node != nullptr && std::string_view(node) == "stalls.test") {
        stalled->wait();
        return EAI_AGAIN;
    }
    static const auto original =
        reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return original(node, service, hints, result);
}

namespace gino::postgresql {
namespace {

namespace asio = boost::asio;

class NameLookup : public testing::Test {
protected:
    NameLookup() {
        lookup_.on_begin = [] {};
        stalled = &lookup_;
    }

    /// Connects to the host whose lookup stalls, and returns the code of the error.
    std::optional<errc> connect(std::chrono::milliseconds timeout) {
        std::optional<errc> found;
        const auto opens = make_driver(read_url("postgresql://me@stalls.test/app"));
        asio::co_spawn(
            context_,
            [&]() -> awaitable<void> {
                const auto executor = co_await asio::this_coro::executor;
                static_cast<void>(co_await opens->connect(executor, timeout));
            },
            asio::bind_cancellation_slot(
                cancellation_.slot(),
                [&](const std::exception_ptr& failure) {
                    has_ended_first_ = lookup_.end();
                    try {
                        std::rethrow_exception(failure);
                    } catch (const error& e) {
                        found = e.code();
                    }
                }
            )
        );
        context_.run();
        return found;
    }

    asio::io_context context_;
    asio::cancellation_signal cancellation_;
    stalled_lookup lookup_;
    bool has_ended_first_ = false;
};

TEST_F(NameLookup, TimesOutWhenItStalls) {
    EXPECT_EQ(connect(50ms), errc::connect_timeout);
    EXPECT_TRUE(has_ended_first_);
}

TEST_F(NameLookup, CanBeCancelledWhenItStalls) {
    lookup_.on_begin = [this] {
        asio::post(context_, [this] { cancellation_.emit(asio::cancellation_type::terminal); });
    };

    EXPECT_EQ(connect(0ms), errc::cancelled);
    EXPECT_TRUE(has_ended_first_);
}

TEST_F(NameLookup, ReportsFailure) {
    lookup_.end();

    EXPECT_EQ(connect(10s), errc::connect_failed);
}

}  // namespace
}  // namespace gino::postgresql
