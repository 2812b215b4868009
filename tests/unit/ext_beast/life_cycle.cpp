// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "unit/ext_beast/support.hpp"

namespace gino::ext {
namespace {

namespace asio = boost::asio;

using testing::client;
using testing::gate;
using testing::get_request;
using testing::racing_options;
using testing::received_response;
using testing::running_application;
using testing::test_options;

auto notes(std::string& log, std::string word) {
    return [&log, word](application&) -> awaitable<void> {
        log += word + " ";
        co_return;
    };
}

auto fails(std::string& log, std::string word) {
    return [&log, word](application&) -> awaitable<void> {
        log += word + " ";
        throw std::runtime_error(word);
        co_return;
    };
}

auto ok() {
    return [](request&) -> awaitable<response> { co_return text_response("ok"); };
}

// Serves on this thread; returns the message of the exception that serve() threw.
std::string serve_here(application& app) {
    asio::io_context io;
    std::exception_ptr failure;
    asio::co_spawn(io, app.serve(), [&](const std::exception_ptr& thrown) { failure = thrown; });
    io.run();
    try {
        if (failure) {
            std::rethrow_exception(failure);
        }
    } catch (const std::exception& exception) {
        return exception.what();
    }
    return "";
}

TEST(BackgroundJob, IsNotifiedWhenTheApplicationStops) {
    std::string log;
    application app(test_options());
    app.spawn([&log](application& self) -> awaitable<void> {
        log += self.port() != 0 ? "begins " : "does not listen ";
        asio::steady_timer sleep(co_await asio::this_coro::executor, std::chrono::hours(1));
        self.stop();
        try {
            co_await sleep.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            log += "told ";
            throw;
        }
    });
    app.on_cleanup(notes(log, "cleans"));

    EXPECT_EQ(serve_here(app), "");
    EXPECT_EQ(log, "begins told cleans ");
}

TEST(BackgroundJob, MayEndBeforeTheApplication) {
    std::string log;
    application app(test_options());
    app.spawn(notes(log, "done")).spawn([](application& self) -> awaitable<void> {
        self.stop();
        co_return;
    });

    EXPECT_EQ(serve_here(app), "");
    EXPECT_EQ(log, "done ");
}

TEST(BackgroundJob, StopsTheApplicationWhenItFails) {
    std::string log;
    application app(test_options());
    app.spawn(fails(log, "broken")).on_cleanup(notes(log, "cleans"));

    EXPECT_EQ(serve_here(app), "broken");
    EXPECT_EQ(log, "broken cleans ");
}

TEST(BackgroundJob, IsAbandonedAfterTheShutdownTimeout) {
    application app(test_options().shutdown_timeout(std::chrono::milliseconds(20)));
    asio::steady_timer* endless = nullptr;
    app.spawn([&endless](application& self) -> awaitable<void> {
        asio::steady_timer deaf(co_await asio::this_coro::executor, std::chrono::hours(1));
        endless = &deaf;
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        self.stop();
        co_await deaf.async_wait(asio::as_tuple(asio::use_awaitable));
    });
    app.on_cleanup([&endless](application&) -> awaitable<void> {
        endless->cancel();
        co_return;
    });

    EXPECT_EQ(serve_here(app), "");
}

TEST(LifeCycle, RunsCallbacksInOrder) {
    std::string log;
    application app(test_options());
    app.on_startup(notes(log, "start1")).on_startup(notes(log, "start2"));
    app.on_cleanup(notes(log, "clean1")).on_cleanup(notes(log, "clean2"));
    app.on_listening([&](application& self) {
        log += self.port() != 0 ? "listens " : "does not listen ";
        self.stop();
    });

    EXPECT_EQ(serve_here(app), "");
    EXPECT_EQ(log, "start1 start2 listens clean1 clean2 ");
    EXPECT_EQ(app.port(), 0);
}

TEST(LifeCycle, CanBeRepeated) {
    std::string log;
    application app(test_options());
    app.on_startup(notes(log, "start")).on_cleanup(notes(log, "clean"));
    app.on_listening([](application& self) { self.stop(); });

    EXPECT_EQ(serve_here(app), "");
    EXPECT_EQ(serve_here(app), "");
    EXPECT_EQ(log, "start clean start clean ");
}

TEST(LifeCycle, FailedStartCleansUpAndDoesNotListen) {
    std::string log;
    application app(test_options());
    app.on_startup(notes(log, "start1")).on_startup(fails(log, "start2"));
    app.on_startup(notes(log, "start3"));
    app.on_listening([&](application&) { log += "listens "; });
    app.on_cleanup(fails(log, "clean1")).on_cleanup(notes(log, "clean2"));

    EXPECT_EQ(serve_here(app), "start2");
    EXPECT_EQ(log, "start1 start2 clean1 clean2 ");
}

TEST(LifeCycle, ReportsFailedCleanupAfterTheOthers) {
    std::string log;
    application app(test_options());
    app.on_cleanup(fails(log, "clean1")).on_cleanup(fails(log, "clean2"));
    app.on_listening([](application& self) { self.stop(); });

    EXPECT_EQ(serve_here(app), "clean1");
    EXPECT_EQ(log, "clean1 clean2 ");
}

TEST(LifeCycle, StopDuringStartTakesEffectAfterTheStart) {
    std::string log;
    application app(test_options());
    app.on_startup([&](application& self) -> awaitable<void> {
        self.stop();
        log += "start ";
        co_return;
    });
    app.on_cleanup(notes(log, "clean"));

    EXPECT_EQ(serve_here(app), "");
    EXPECT_EQ(log, "start clean ");
}

TEST(LifeCycle, StopBeforeTheStartHasNoEffect) {
    application app(test_options());
    app.get("/", ok());
    app.stop();
    running_application served(app);

    EXPECT_EQ(client(served).exchange("GET", "/").status, 200);
}

TEST(LifeCycle, RefusesChangesWhileServing) {
    application app(test_options());
    int object = 0;
    running_application served(app);

    EXPECT_THROW(app.get("/", ok()), state_error);
    EXPECT_THROW(app.on_cleanup([](application&) -> awaitable<void> { co_return; }), state_error);
    EXPECT_THROW(app.set_attribute("object", object), state_error);
    EXPECT_EQ(
        serve_here(app),
        "application::serve(): it is serving already; stop() it first and wait for the end"
    );
    EXPECT_EQ(client(served).exchange("GET", "/").status, 404);
}

TEST(Listening, ReportsAPortInUse) {
    application first(test_options());
    running_application served(first);
    std::string log;
    application second(application_options().port(served.port()));
    second.on_startup(notes(log, "start")).on_cleanup(notes(log, "clean"));

    EXPECT_EQ(
        serve_here(second),
        "listening on 127.0.0.1 port " + std::to_string(served.port()) +
            ": Address already in use; another program listens there: stop it, or choose another "
            "port with application_options::port(), 0 for any free one"
    );
    EXPECT_EQ(log, "start clean ");
}

TEST(Listening, RefusesAddressesOfOtherMachines) {
    application app(test_options().host("192.0.2.1"));

    EXPECT_EQ(
        serve_here(app),
        "listening on 192.0.2.1 port 0: Cannot assign requested address; the address is not one "
        "of this machine: application_options::host(\"0.0.0.0\") is all that it has"
    );
}

TEST(Listening, ResolvesNames) {
    application app(test_options().host("localhost"));
    app.on_listening([](application& self) { self.stop(); });

    EXPECT_EQ(serve_here(app), "");
}

TEST(GracefulStop, FinishesRequestsInFlight) {
    gate slow;
    std::string log;
    application app(test_options());
    app.get("/", [&](request&) -> awaitable<response> {
        co_await slow.pass();
        log += "handled ";
        co_return text_response("done");
    });
    app.on_cleanup(notes(log, "clean"));
    running_application served(app);
    client idle(served);
    client busy(served);
    busy.send(get_request("/"));
    slow.wait_for_visitor();

    served.request_stop();
    EXPECT_TRUE(idle.is_closed());
    EXPECT_ANY_THROW(client{served});
    slow.open();

    const received_response response = busy.receive();
    served.wait();
    EXPECT_EQ(response.body, "done");
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_TRUE(busy.is_closed());
    EXPECT_EQ(log, "handled clean ");
}

TEST(GracefulStop, FinishesAHalfReceivedRequest) {
    application app(test_options());
    app.post("/", ok());
    running_application served(app);
    client browser(served);
    browser.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    EXPECT_EQ(browser.receive().status, 100);
    client idle(served);
    EXPECT_EQ(idle.exchange("GET", "/").status, 405);

    served.request_stop();
    EXPECT_TRUE(idle.is_closed());
    browser.send("body");

    const received_response response = browser.receive();
    served.wait();
    EXPECT_EQ(response.body, "ok");
    EXPECT_EQ(response.header("connection"), "close");
}

TEST(GracefulStop, CancelsSlowRequests) {
    gate stuck;
    application app(racing_options().shutdown_timeout(std::chrono::seconds(10)));
    app.get("/", [&](request&) -> awaitable<response> {
        co_await stuck.pass();
        co_return text_response("never");
    });
    running_application served(app);
    client browser(served);
    browser.send(get_request("/"));
    stuck.wait_for_visitor();

    served.request_stop();

    const received_response response = browser.receive();
    stuck.wait_for_cancellation();
    served.wait();
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.header("connection"), "close");
}

TEST(GracefulStop, DropsIncompleteRequestsAtTheTimeout) {
    application app(racing_options().shutdown_timeout(std::chrono::seconds(10)));
    app.post("/", ok());
    running_application served(app);
    client browser(served);
    browser.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    EXPECT_EQ(browser.receive().status, 100);

    served.request_stop();
    served.wait();

    EXPECT_EQ(browser.receive_all(), "");
}

TEST(Serve, StopsGracefullyWhenItIsCancelled) {
    using namespace asio::experimental::awaitable_operators;
    std::string log;
    gate slow;
    application app(test_options());
    app.get("/", [&](request&) -> awaitable<response> {
        co_await slow.pass();
        co_return text_response("done");
    });
    app.on_cleanup(notes(log, "clean"));
    asio::io_context io;
    asio::steady_timer wish(io, asio::steady_timer::time_point::max());
    std::promise<std::uint16_t> port;
    app.on_listening([&](application& self) { port.set_value(self.port()); });
    asio::co_spawn(
        io,
        [&]() -> awaitable<void> {
            co_await (app.serve() || wish.async_wait(asio::as_tuple(asio::use_awaitable)));
            log += "ended ";
        },
        asio::detached
    );
    std::jthread thread([&] { io.run(); });
    client browser(port.get_future().get());
    browser.send(get_request("/"));
    slow.wait_for_visitor();

    asio::post(io, [&] { wish.cancel(); });
    slow.open();

    EXPECT_EQ(browser.receive().body, "done");
    thread.join();
    EXPECT_EQ(log, "clean ended ");
}

class Run : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Run, ServesUntilASignal) {
    std::atomic<int> handled = 0;
    std::string log;
    std::promise<std::uint16_t> port;
    application app(test_options());
    app.get("/", [&](request&) -> awaitable<response> {
        ++handled;
        co_return text_response("ok");
    });
    app.on_listening([&](application& self) { port.set_value(self.port()); });
    app.on_cleanup(notes(log, "clean"));
    std::jthread visitor([&, ready = port.get_future()]() mutable {
        const std::uint16_t known = ready.get();
        for (int visit = 0; visit < 20; ++visit) {
            client browser(known);
            EXPECT_EQ(browser.exchange("GET", "/").body, "ok");
            EXPECT_EQ(browser.exchange("GET", "/").body, "ok");
        }
        std::raise(SIGTERM);
    });

    EXPECT_EQ(app.run(GetParam()), 0);
    EXPECT_EQ(handled, 40);
    EXPECT_EQ(log, "clean ");
}

INSTANTIATE_TEST_SUITE_P(Threads, Run, ::testing::Values(1, 4));

TEST(RunSignals, SecondSignalCancelsRequestsInFlight) {
    gate stuck;
    std::promise<std::uint16_t> port;
    application app(test_options());
    app.get("/", [&](request&) -> awaitable<response> {
        co_await stuck.pass();
        co_return text_response("never");
    });
    app.on_listening([&](application& self) { port.set_value(self.port()); });
    std::jthread visitor([&, ready = port.get_future()]() mutable {
        client browser(ready.get());
        browser.send(get_request("/"));
        stuck.wait_for_visitor();
        client idle(app.port());
        EXPECT_EQ(idle.exchange("POST", "/").status, 405);
        std::raise(SIGINT);
        EXPECT_TRUE(idle.is_closed());
        std::raise(SIGINT);
        EXPECT_EQ(browser.receive().status, 503);
    });

    EXPECT_EQ(app.run(), 0);
}

TEST(RunErrors, IncludeTheErrorOfTheStart) {
    std::string log;
    application app(test_options());
    app.on_startup(fails(log, "no database"));

    EXPECT_THROW(app.run(), std::runtime_error);
    EXPECT_THROW(app.run(2), std::runtime_error);
    EXPECT_THROW(app.run(0), argument_error);
}

TEST(Attributes, AreFoundByNameAndType) {
    application app(test_options());
    std::string text = "it";
    int number = 7;
    app.set_attribute("text", text).set_attribute("number", number);

    app.attribute<std::string>("text") += "!";

    EXPECT_EQ(text, "it!");
    EXPECT_TRUE(app.has_attribute("number"));
    EXPECT_FALSE(app.has_attribute("db"));
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

TEST(Attributes, NameMissingAndMistypedEntries) {
    application app(test_options());
    int number = 7;

    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(app.attribute<int>("db")); }),
        "application::attribute(): there is no \"db\" of type int; known are: none"
    );
    app.set_attribute("number", number);
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(app.attribute<int>("db")); }),
        "application::attribute(): there is no \"db\" of type int; known are: \"number\""
    );
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(app.attribute<double>("number")); }),
        "application::attribute(): \"number\" is of type int, not double"
    );
}

TEST(Configuration, IsStoredUnchanged) {
    application app(test_options());

    app.config()["gino"] = {{"dsn", "sqlite:///app.db"}};

    EXPECT_EQ(app.config().at("gino").at("dsn"), "sqlite:///app.db");
}

}  // namespace
}  // namespace gino::ext
