// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/ext/beast.hpp>
#include <gino/ext/web.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>

#include "support/on_every_database.hpp"

// At least one test for each name of gino.ext.aiohttp.
namespace {

namespace asio = boost::asio;
namespace web = gino::ext;
using asio::experimental::awaitable_operators::operator&&;

struct user {
    std::int64_t id{};
    std::string nickname = "noname";

    GINO_MODEL(user, "gino_users", id, nickname)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

// Sends a request and returns the whole response.
gino::awaitable<std::string> ask(std::uint16_t port, std::string method, std::string path) {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket(executor);
    const asio::ip::tcp::endpoint server(asio::ip::make_address("127.0.0.1"), port);
    co_await socket.async_connect(server, asio::use_awaitable);
    const std::string request =
        method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
    std::string answer;
    boost::system::error_code end;
    co_await asio::async_read(
        socket, asio::dynamic_buffer(answer), asio::redirect_error(asio::use_awaitable, end)
    );
    co_return answer;
}

class WebDatabase : public gino::testing::on_every_database {
protected:
    web::application_options options() {
        web::application_options chosen;
        chosen.host("127.0.0.1").port(0);
        return chosen;
    }

    boost::json::object config() {
        return {{"dsn", url()}, {"pool_min_size", 1}, {"pool_max_size", 3}};
    }

    // Serves the application until `client` has returned.
    void serve(
        web::application& app, const std::function<gino::awaitable<void>(std::uint16_t)>& client
    ) {
        run([&]() -> gino::awaitable<void> {
            const auto executor = co_await asio::this_coro::executor;
            std::exception_ptr failure;
            app.on_listening([&](web::application& listening) {
                auto talk = [&]() -> gino::awaitable<void> {
                    try {
                        co_await client(listening.port());
                    } catch (...) {
                        failure = std::current_exception();
                    }
                    listening.stop();
                };
                asio::co_spawn(executor, talk, asio::detached);
            });
            co_await app.serve();
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
        });
    }
};

GINO_ON_EVERY_DATABASE(WebDatabase);

bool has(const std::string& answer, std::string_view text) {
    return answer.find(text) != std::string::npos;
}

TEST_P(WebDatabase, OpensOnStartupAndClosesOnCleanup) {
    web::application app(options());
    web::database db{gino::models<user>};
    db.init_app(app, config());
    bool bound_at_startup = false;
    bool bound_at_cleanup = true;
    app.on_startup([&](web::application&) -> gino::awaitable<void> {
        bound_at_startup = db.is_bound();
        co_return;
    });
    app.on_cleanup([&](web::application&) -> gino::awaitable<void> {
        bound_at_cleanup = db.is_bound();
        co_return;
    });

    serve(app, [](std::uint16_t) -> gino::awaitable<void> { co_return; });

    EXPECT_TRUE(bound_at_startup);
    EXPECT_FALSE(bound_at_cleanup);
}

TEST_P(WebDatabase, UsesTheApplicationsConfigurationByDefault) {
    web::application app(options());
    app.config()["gino"] = config();
    web::database by_application{gino::models<user>};
    by_application.init_app(app);
    web::database by_argument{gino::models<user>};
    by_argument.init_app(app, config(), {.attribute = "second"});

    EXPECT_EQ(&app.attribute<web::database>("db"), &by_application);
    EXPECT_EQ(&app.attribute<web::database>("second"), &by_argument);
    web::application empty(options());
    EXPECT_THROW(by_application.init_app(empty), gino::argument_error);
}

TEST_P(WebDatabase, ProvidesOneLazyConnectionPerRequest) {
    web::application app(options());
    web::database db{gino::models<user>};
    app.use(db);
    db.init_app(app, config());
    app.on_startup([&](web::application&) -> gino::awaitable<void> { co_await db.create_all(); });
    app.get("/", [&](web::request& request) -> gino::awaitable<web::response> {
        auto& mine = request.connection();
        const bool lazy = !mine.is_borrowed();
        user fantix{.nickname = "fantix"};
        co_await db.create(fantix);
        const bool borrowed = mine.is_borrowed();
        auto shared = co_await db.acquire({.reuse = true});
        auto tx = co_await db.begin();
        co_await db.update(fantix).set(user::c.nickname = "daisy").apply();
        co_await tx.rollback();
        auto kept = co_await db.get<user>(fantix.id);
        co_await mine.release({.permanent = false});
        const bool given_back = !mine.is_borrowed();
        auto count = co_await db.scalar(gino::select(gino::func::count()).from<user>());
        co_return web::json_response(
            {{"lazy", lazy},
             {"borrowed", borrowed},
             {"given_back", given_back},
             {"name", kept->nickname},
             {"count", *count}}
        );
    });

    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        const std::string answer = co_await ask(port, "GET", "/");
        EXPECT_TRUE(has(
            answer, R"({"lazy":true,"borrowed":true,"given_back":true,"name":"fantix","count":1})"
        )) << answer;
        const auto pool = db.bind().statistics();
        EXPECT_EQ(pool.idle, pool.total);
    });
}

TEST_P(WebDatabase, ReleasesConnectionWhenHandlerThrows) {
    web::application app(options());
    web::database db{gino::models<user>};
    app.use(db);
    db.init_app(app, config());
    app.on_startup([&](web::application&) -> gino::awaitable<void> { co_await db.create_all(); });
    app.get("/", [&](web::request&) -> gino::awaitable<web::response> {
        auto tx = co_await db.begin();
        user fantix;
        co_await db.create(fantix);
        throw std::runtime_error("secret");
    });

    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        const std::string answer = co_await ask(port, "GET", "/");
        EXPECT_TRUE(has(answer, " 500 ")) << answer;
        EXPECT_FALSE(has(answer, "secret")) << answer;
        auto count = co_await db.scalar(gino::select(gino::func::count()).from<user>());
        EXPECT_EQ(count, 0);
        const auto pool = db.bind().statistics();
        EXPECT_EQ(pool.idle, pool.total);
    });
}

TEST_P(WebDatabase, Answers404ForMissingRows) {
    web::application app(options());
    web::database db{gino::models<user>};
    app.use(db);
    db.init_app(app, config());
    app.on_startup([&](web::application&) -> gino::awaitable<void> {
        co_await db.create_all();
        user fantix{.nickname = "fantix"};
        co_await db.create(fantix);
    });
    app.get("/users/{id}", [&](web::request&, std::int64_t id) -> gino::awaitable<web::response> {
        user found = co_await db.get_or_404<user>(id);
        co_return web::text_response(found.nickname);
    });
    const auto nobody = gino::select<user>().where(user::c.id < 0);
    app.get("/db", [&](web::request&) -> gino::awaitable<web::response> {
        user found = co_await db.first_or_404(nobody);
        co_return web::text_response(found.nickname);
    });
    app.get("/engine", [&](web::request&) -> gino::awaitable<web::response> {
        user found = co_await db.bind().first_or_404(nobody);
        co_return web::text_response(found.nickname);
    });
    app.get("/connection", [&](web::request& request) -> gino::awaitable<web::response> {
        user found = co_await request.connection().first_or_404(nobody);
        co_return web::text_response(found.nickname);
    });

    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        const std::string there = co_await ask(port, "GET", "/users/1");
        const std::string missing = co_await ask(port, "GET", "/users/7");
        const std::string text = co_await ask(port, "GET", "/users/x");
        EXPECT_TRUE(has(there, "fantix")) << there;
        EXPECT_TRUE(has(missing, " 404 ") && has(missing, "user is not found")) << missing;
        EXPECT_TRUE(has(text, " 404 ")) << text;
        for (const auto* path : {"/db", "/engine", "/connection"}) {
            const std::string answer = co_await ask(port, "GET", path);
            EXPECT_TRUE(has(answer, " 404 ") && has(answer, "No such data")) << answer;
        }
    });
}

TEST_P(WebDatabase, Answers404OnRequestConnectionsAndTransactions) {
    web::application app(options());
    web::database db{gino::models<user>};
    app.use(db);
    db.init_app(app, config());
    app.on_startup([&](web::application&) -> gino::awaitable<void> { co_await db.create_all(); });
    app.get("/connection", [&](web::request& request) -> gino::awaitable<web::response> {
        user found = co_await request.connection().get_or_404<user>(1);
        co_return web::text_response(found.nickname);
    });
    app.get("/transaction", [&](web::request&) -> gino::awaitable<web::response> {
        auto tx = co_await db.begin();
        user found = co_await tx.get_or_404<user>(1);
        co_return web::text_response(found.nickname);
    });

    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        for (const auto* path : {"/connection", "/transaction"}) {
            const std::string answer = co_await ask(port, "GET", path);
            EXPECT_TRUE(has(answer, " 404 ") && has(answer, "user is not found")) << answer;
        }
        EXPECT_EQ(db.bind().statistics().in_use, 0U);
    });
}

TEST_P(WebDatabase, SharesOneConnectionInTheWholeRequest) {
    web::application app(options());
    web::database db{gino::models<user>};
    app.use(db);
    db.init_app(app, config());
    app.on_startup([&](web::application&) -> gino::awaitable<void> { co_await db.create_all(); });
    std::size_t most = 0;
    const auto look = [&]() -> gino::awaitable<void> {
        co_await db.all(gino::select<user>());
        most = std::max(most, db.bind().statistics().in_use);
    };
    app.get("/", [&](web::request&) -> gino::awaitable<web::response> {
        co_await (look() && look() && look());
        co_return web::text_response("done");
    });

    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        const std::string answer = co_await ask(port, "GET", "/");
        EXPECT_TRUE(has(answer, " 200 ")) << answer;
        EXPECT_EQ(most, 1U);
        EXPECT_EQ(db.bind().statistics().in_use, 0U);
    });
}

TEST_P(WebDatabase, BorrowsForEachStatementWithoutTheMiddleware) {
    web::application app(options());
    web::database db{gino::models<user>};
    db.init_app(app, config());
    app.on_startup([&](web::application&) -> gino::awaitable<void> { co_await db.create_all(); });
    app.get("/", [&](web::request& request) -> gino::awaitable<web::response> {
        std::string problem;
        try {
            static_cast<void>(request.connection());
        } catch (const gino::state_error& e) {
            problem = e.what();
        }
        co_await db.all(gino::select<user>());
        const bool is_back = db.bind().statistics().in_use == 0;
        co_return web::text_response(is_back ? problem : "still borrowed");
    });

    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        const std::string answer = co_await ask(port, "GET", "/");
        EXPECT_TRUE(has(answer, "app.use(db)")) << answer;
    });
}

TEST_P(WebDatabase, KeepsAnEngineBoundBefore) {
    run([&]() -> gino::awaitable<void> {
        web::application app(options());
        web::database db{gino::models<user>};
        db.init_app(app, {{"dsn", "postgresql://nobody@127.0.0.1:1/nothing"}});
        gino::engine bound = co_await gino::create_engine(url());
        db.set_bind(bound);
        app.on_listening([](web::application& listening) { listening.stop(); });

        co_await app.serve();

        EXPECT_TRUE(bound.is_closed());
    });
}

TEST_P(WebDatabase, ConnectTimeoutComesBeforeTheRequestTimeout) {
    if (is_sqlite()) {
        return;  // a SQLite database is a file and needs no connection
    }
    // The kernel accepts connections, but no program answers on them.
    boost::asio::io_context other;
    boost::asio::ip::tcp::acceptor silent(other, {boost::asio::ip::address_v4::loopback(), 0});
    web::application app(options());
    web::database db{gino::models<user>};
    db.init_app(
        app,
        {{"dsn",
          "postgresql://me@127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/app"},
         {"pool_min_size", 0}}
    );
    app.use(db);
    app.get("/", [&db](web::request&) -> gino::awaitable<web::response> {
        static_cast<void>(co_await db.scalar(gino::text("SELECT 1")));
        co_return web::text_response("ok");
    });
    bool has_given_up = false;
    app.on_error([&](const web::request&, const std::exception_ptr& failure, std::string_view) {
        try {
            std::rethrow_exception(failure);
        } catch (const gino::timeout_error&) {
            has_given_up = true;
        } catch (const gino::connection_error& e) {
            has_given_up = e.code() == gino::errc::connect_timeout;
        } catch (...) {
        }
    });

    std::string answer;
    serve(app, [&](std::uint16_t port) -> gino::awaitable<void> {
        answer = co_await ask(port, "GET", "/");
    });

    EXPECT_TRUE(has(answer, "HTTP/1.1 503")) << answer;
    EXPECT_TRUE(has_given_up);
}

TEST_P(WebDatabase, HasTheConfiguredNumberOfConnections) {
    web::application app(options());
    web::database db{gino::models<user>};
    db.init_app(app, {{"dsn", url()}, {"pool_min_size", 2}, {"pool_max_size", 2}});
    gino::pool_statistics opened;
    app.on_startup([&](web::application&) -> gino::awaitable<void> {
        opened = db.bind().statistics();
        gino::connection first = co_await db.acquire();
        gino::connection second = co_await db.acquire();
        EXPECT_THROW(
            static_cast<void>(co_await db.acquire({.timeout = std::chrono::milliseconds(1)})),
            gino::pool_timeout
        );
    });

    serve(app, [](std::uint16_t) -> gino::awaitable<void> { co_return; });

    EXPECT_EQ(opened.idle, 2U);
}

TEST_P(WebDatabase, EchoesStatementsWhenConfigured) {
    for (const bool echo : {false, true}) {
        web::application app(options());
        web::database db{gino::models<user>};
        std::size_t lines = 0;
        gino::engine_options chosen;
        chosen.echo = [&](std::string_view) { ++lines; };
        db.set_engine_options(chosen);
        auto configured = config();
        configured["echo"] = echo;
        db.init_app(app, configured);
        app.on_startup([&](web::application&) -> gino::awaitable<void> {
            co_await db.scalar(gino::text("SELECT 1"));
        });

        serve(app, [](std::uint16_t) -> gino::awaitable<void> { co_return; });

        EXPECT_EQ(lines, echo ? 1U : 0U);
    }
}

TEST_P(WebDatabase, EchoesToStandardErrorByDefault) {
    web::application app(options());
    web::database db{gino::models<user>};
    auto configured = config();
    configured["echo"] = true;
    db.init_app(app, configured);
    app.on_startup([&](web::application&) -> gino::awaitable<void> {
        co_await db.scalar(gino::text("SELECT 4711"));
    });

    testing::internal::CaptureStderr();
    serve(app, [](std::uint16_t) -> gino::awaitable<void> { co_return; });

    EXPECT_TRUE(has(testing::internal::GetCapturedStderr(), "SELECT 4711"));
}

TEST_P(WebDatabase, NamesUnknownParametersBeforeConnecting) {
    web::application app(options());
    web::database db{gino::models<user>};
    db.init_app(
        app,
        {{"driver", GetParam()},
         {"host", is_sqlite() ? "" : "127.0.0.1"},
         {"port", 1},
         {"kwargs", {{"colour", "red"}}}}
    );

    std::string message;
    run([&]() -> gino::awaitable<void> {
        try {
            co_await app.serve();
        } catch (const gino::argument_error& e) {
            message = e.what();
        }
    });

    EXPECT_TRUE(has(message, "colour")) << message;
}

// Runs an application whose start is expected to fail.
void start(web::application& app) {
    asio::io_context context;
    std::exception_ptr failure;
    asio::co_spawn(context, app.serve(), [&](std::exception_ptr e) { failure = std::move(e); });
    context.run();
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

// `retry_limit` counts the attempts after the first one.
TEST(WebDatabaseStart, MakesOneAttemptMoreThanTheRetryLimit) {
    for (const std::size_t limit : {0U, 1U, 3U}) {
        std::size_t attempts = 0;
        gino::register_driver(
            "unreachable",
            {.written_by = &gino::sqlite::dialect(),
             .make_driver = [&](const gino::url&) -> std::unique_ptr<gino::driver::driver> {
                 ++attempts;
                 throw gino::connection_error(gino::errc::connect_failed, "nobody listens");
             }}
        );
        web::application app(web::application_options().host("127.0.0.1").port(0));
        web::database db{gino::models<user>};
        db.init_app(
            app, {{"dsn", "unreachable://"}, {"retry_limit", limit}, {"retry_interval", 0.001}}
        );
        EXPECT_THROW(start(app), gino::connection_error);
        EXPECT_EQ(attempts, limit + 1);
    }
}

TEST(WebDatabaseStart, RefusesUnknownDriverAndListsTheOthers) {
    web::application app(web::application_options().host("127.0.0.1").port(0));
    web::database db{gino::models<user>};
    db.init_app(app, {{"driver", "oracle"}});

    try {
        start(app);
        ADD_FAILURE() << "started";
    } catch (const gino::argument_error& e) {
        EXPECT_TRUE(has(e.what(), "oracle") && has(e.what(), "sqlite")) << e.what();
    }
}

TEST_P(WebDatabase, RetriesAtStartupAndThenThrows) {
    web::application app(options());
    web::database db{gino::models<user>};
    db.init_app(
        app,
        {{"dsn", "postgresql://nobody@127.0.0.1:1/nothing"},
         {"retry_limit", 2},
         {"retry_interval", 0.01}}
    );

    std::string message;
    run([&]() -> gino::awaitable<void> {
        try {
            co_await app.serve();
        } catch (const gino::connection_error& e) {
            message = e.what();
        }
    });

    EXPECT_TRUE(has(message, "127.0.0.1:1")) << message;
}

// Without the cancellation of the job, the application would wait for it for an hour.
TEST_P(WebDatabase, SleepingJobHoldsNoConnectionAndEndsOnSigterm) {
    web::application app(options().shutdown_timeout(std::chrono::hours(1)));
    web::database db{gino::models<user>};
    db.init_app(app, config());
    std::optional<std::size_t> in_use;
    bool is_told = false;
    app.on_startup([&](web::application&) { return db.create_all(); });
    app.spawn([&](web::application&) -> gino::awaitable<void> {
        asio::steady_timer pause(co_await asio::this_coro::executor);
        user one{.nickname = "job"};
        co_await db.create(one);
        std::raise(SIGTERM);
        in_use = db.bind().statistics().in_use;
        pause.expires_after(std::chrono::hours(1));
        boost::system::error_code end;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, end));
        is_told = end == asio::error::operation_aborted;
    });

    EXPECT_EQ(app.run(), 0);

    EXPECT_EQ(in_use, 0U);
    EXPECT_TRUE(is_told);
}

}  // namespace
