// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/driver/driver.hpp>
#include <gino/types/mapping.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>

#include "driver/postgresql/host_search.hpp"
#include "driver/postgresql/protocol/limits.hpp"
#include "driver/postgresql/type_catalog.hpp"
#include "fault/scripted_server.hpp"

namespace gino::postgresql::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;

/// A sink that counts the rows and sums their numbers.
class summing_sink final : public driver::row_sink {
public:
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const driver::field_slice> fields) override {
        ++rows;
        sum += std::to_integer<int>(fields[0].data[3]);
    }

    int rows = 0;
    int sum = 0;
};

/// The outcome of a client.
struct ending {
    bool has_ended = false;
    bool is_open = false;
    summing_sink seen;
    driver::command_result result;
    std::exception_ptr failure;

    [[nodiscard]] std::string message() const {
        try {
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
        } catch (const gino::error& e) {
            return e.what();
        } catch (const std::exception& e) {
            return std::string("not an error of gino: ") + e.what();
        }
        return "";
    }

    [[nodiscard]] std::optional<errc> code() const {
        try {
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
        } catch (const gino::error& e) {
            return e.code();
        }
        return std::nullopt;
    }
};

/// A source of endless bytes.
class endless_source final : public driver::copy_source {
public:
    [[nodiscard]] awaitable<std::span<const std::byte>> next() override { co_return bytes_; }

private:
    std::vector<std::byte> bytes_{65'536};
};

connect_options options_for(const scripted_server& server) {
    connect_options options;
    options.hosts = {
        {.host = "127.0.0.1", .address = {}, .port = server.port(), .password = "hush"}};
    options.tls.mode = ssl_mode::disable;
    options.cancel_timeout = 20ms;
    options.user = "me";
    options.database = "app";
    options.statement_cache_size = 0;
    return options;
}

session_settings settings_with(connect_options options) {
    return {.options = std::make_shared<const connect_options>(std::move(options))};
}

/// Runs a test's own client coroutine to its end.
void run(asio::io_context& context, scripted_server& server, awaitable<void> client, ending& end) {
    asio::co_spawn(context, std::move(client), [&](std::exception_ptr failure) {
        end.failure = std::move(failure);
        end.has_ended = true;
        server.stop();
    });
    context.run_for(20s);
    EXPECT_TRUE(end.has_ended) << "the client hangs";
}

/// A client that connects, and runs "SELECT n" as often as the server has answers for it, twice in
/// a pipeline, or an endless COPY.
class session {
public:
    explicit session(
        std::vector<std::string> answers, behaviour how = {}, ssl_mode tls = ssl_mode::disable
    )
        : statements_((answers.size() - 1) / 2), tls_(tls) {
        how.on_stall = [this] {
            asio::post(context_, [this] { cancellation_.emit(asio::cancellation_type::terminal); });
        };
        server_.emplace(context_, std::move(answers), std::move(how));
    }

    /// @param max_rows  The number of rows that each statement requests; 0 requests all.
    ending& run(std::uint32_t max_rows = 0) {
        max_rows_ = max_rows;
        asio::co_spawn(
            context_,
            talk(),
            asio::bind_cancellation_slot(
                cancellation_.slot(),
                [this](std::exception_ptr failure) {
                    end_.failure = std::move(failure);
                    end_.has_ended = true;
                    server_->stop();
                    if (connection_ != nullptr) {
                        end_.is_open = connection_->is_open();
                        connection_.reset();
                    }
                }
            )
        );
        context_.run_for(20s);
        EXPECT_TRUE(end_.has_ended) << "the client hangs";
        return end_;
    }

    void switch_pipeline_off() { pipeline_is_on_ = false; }

    ending& run_times(std::size_t statements) {
        statements_ = statements;
        return run();
    }

    ending& run_pipeline(driver::pipeline_sync sync, std::uint32_t max_rows = 0) {
        pipeline_ = sync;
        return run(max_rows);
    }

    /// Runs a pipeline whose second statement fails, and returns the message of that failure.
    std::string run_failing_pipeline(driver::pipeline_sync sync) {
        second_may_fail_ = true;
        EXPECT_EQ(run_pipeline(sync).message(), "");
        EXPECT_TRUE(end_.is_open);
        return ending{.failure = second_failure_}.message();
    }

    ending& run_copy() {
        copies_ = true;
        return run();
    }

    [[nodiscard]] int cancels() const { return server_->cancels(); }

    [[nodiscard]] const std::string& received() const { return server_->received(); }

private:
    awaitable<void> talk() {
        connect_options options = options_for(*server_);
        options.tls.mode = tls_;
        options.pipeline = pipeline_is_on_;
        const auto executor = co_await asio::this_coro::executor;
        const session_settings settings = settings_with(std::move(options));
        connection_ = co_await connect(executor, settings, 0ms);
        driver::request request;
        request.sql = "SELECT n";
        request.max_rows = max_rows_;
        if (pipeline_) {
            const driver::pipelined one{.statement = request, .sink = &end_.seen};
            std::vector<driver::pipelined> both{one, one};
            co_await connection_->execute_pipeline(both, *pipeline_);
            second_failure_ = both[1].failure;
            if (!second_may_fail_) {
                EXPECT_EQ(both[0].failure, nullptr);
                EXPECT_EQ(both[1].failure, nullptr);
            }
            co_return;
        }
        if (copies_) {
            endless_source source;
            end_.result = co_await connection_->copying()->copy_in("COPY t FROM STDIN", source);
            co_return;
        }
        for (std::size_t i = 0; i < statements_; ++i) {
            end_.result = co_await connection_->execute(request, end_.seen);
        }
    }

    asio::io_context context_;
    asio::cancellation_signal cancellation_;
    std::size_t statements_;
    ssl_mode tls_;
    std::optional<driver::pipeline_sync> pipeline_;
    bool copies_ = false;
    bool pipeline_is_on_ = true;
    std::uint32_t max_rows_ = 0;
    bool second_may_fail_ = false;
    std::exception_ptr second_failure_;
    std::optional<scripted_server> server_;
    std::unique_ptr<driver::connection> connection_;
    ending end_;
};

/// Connects to a server with these answers, and runs one statement as a named prepared statement.
void run_named(std::vector<std::string> answers, ending& end) {
    asio::io_context context;
    scripted_server server(context, std::move(answers));
    connect_options options = options_for(server);
    options.statement_cache_size = 10;
    const session_settings settings = settings_with(std::move(options));
    auto ask = [&]() -> awaitable<void> {
        auto opened = co_await connect(context.get_executor(), settings, 0ms);
        const driver::request request{.sql = "SELECT n"};
        co_await opened->execute(request, end.seen);
    };
    run(context, server, ask(), end);
}

std::size_t size_of(const std::vector<std::string>& answers) {
    std::size_t size = 0;
    for (const auto& answer : answers) {
        size += answer.size();
    }
    return size;
}

const std::vector<std::string> good{welcome(), described(), two_rows()};

TEST(PostgresqlSession, RunsAStatement) {
    session whole(good);
    auto& end = whole.run();
    EXPECT_EQ(end.message(), "");
    EXPECT_TRUE(end.is_open);
    EXPECT_EQ(end.seen.rows, 2);
    EXPECT_EQ(end.seen.sum, 3);
    EXPECT_EQ(end.result.affected_rows, 2U);
}

TEST(PostgresqlSession, ReadsResponsesByteByByte) {
    session slow(good, {.byte_by_byte = true});
    auto& end = slow.run();
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 3);
}

TEST(PostgresqlSession, EndsWithAnErrorWhereverTheServerDisconnects) {
    for (std::size_t cut = 0; cut < size_of(good); ++cut) {
        session broken(good, {.closes_after = cut});
        auto& end = broken.run();
        EXPECT_EQ(end.code(), errc::connection_lost) << cut << ": " << end.message();
        EXPECT_FALSE(end.is_open) << cut;
    }
}

TEST(PostgresqlSession, CanBeCancelledWhereverTheServerStalls) {
    for (std::size_t stop = 0; stop < size_of(good); ++stop) {
        session stuck(good, {.stalls_after = stop});
        auto& end = stuck.run();
        EXPECT_EQ(end.code(), errc::cancelled) << stop << ": " << end.message();
        EXPECT_FALSE(end.is_open) << stop;
    }
}

TEST(PostgresqlSession, StaysOpenWhenTheServerCancelsTheStatement) {
    const std::size_t in_rows = welcome().size() + described().size() + 5;  // after BindComplete
    const std::string ended = server_error("57014", "canceling statement due to user request");
    session stopped(good, {.stalls_after = in_rows, .on_cancel = ended + ready()});
    auto& end = stopped.run();
    EXPECT_EQ(end.code(), errc::cancelled) << end.message();
    EXPECT_TRUE(end.is_open);
    EXPECT_EQ(stopped.cancels(), 1);
}

/// Expects unexpected messages to close the session, with an error that contains `said`.
void expect_closed(std::vector<std::string> answers, const std::string& said) {
    session odd(std::move(answers));
    auto& end = odd.run();
    EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
    EXPECT_THAT(end.message(), HasSubstr(said));
    EXPECT_FALSE(end.is_open);
}

TEST(PostgresqlSession, IsClosedByUnknownMessages) {
    const std::string unknown = message('?', "");
    expect_closed({unknown + welcome()}, "type 63");
    expect_closed({welcome(), unknown + described(), two_rows()}, "type 63");
    expect_closed({welcome(), described(), unknown + two_rows()}, "type 63");
}

TEST(PostgresqlSession, IsClosedByUnexpectedMessages) {
    expect_closed({ready()}, "authentication");
    expect_closed({welcome(), message('D', "\0\0"sv) + described(), two_rows()}, "preparing");
    expect_closed({welcome(), described(), message('R', "\0\0\0\0"sv) + two_rows()}, "a statement");
    expect_closed({welcome(), described(), ready()}, "a statement");
}

// With libpq, the COPY calls follow. Here, execute() is the wrong call for COPY.
TEST(PostgresqlSession, IsClosedWhenCopyIsExecutedAsAStatement) {
    for (const auto* answer : {"G", "H"}) {
        const std::string copies = message('2', "") + message(*answer, "\0\0\0"sv);
        session wrong({welcome(), described(), copies});
        auto& end = wrong.run();
        EXPECT_EQ(end.code(), errc::invalid_argument) << end.message();
        EXPECT_THAT(end.message(), HasSubstr("copy_in()"));
        EXPECT_FALSE(end.is_open);
    }
}

TEST(PostgresqlSession, CopyEndsWithAnErrorWhenTheServerResetsTheConnection) {
    session broken({welcome(), message('G', "\0\0\0"sv)}, {.resets_at_end = true});
    auto& end = broken.run_copy();
    EXPECT_EQ(end.code(), errc::connection_lost) << end.message();
    EXPECT_FALSE(end.is_open);
}

TEST(PostgresqlSession, PreparesStaleStatementsAgainInAnyLanguageOfTheServer) {
    const std::string other_shape = server_error("0A000", "le plan en cache a change") + ready();
    ending end;
    run_named(
        {welcome(), described(), other_shape, message('3', "") + described(), two_rows()}, end
    );
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 3);
}

TEST(PostgresqlSession, TimesOutWhenTheServerDoesNotReportItsKind) {
    asio::io_context context;
    scripted_server server(
        context, {welcome(), described()}, {.stalls_after = welcome().size(), .on_stall = [] {}}
    );
    connect_options options = options_for(server);
    options.target = session_target::primary;
    const session_settings settings = settings_with(std::move(options));
    auto open = [&]() -> awaitable<void> {
        static_cast<void>(co_await connect(context.get_executor(), settings, 200ms));
    };
    ending end;
    run(context, server, open(), end);
    EXPECT_EQ(end.code(), errc::connect_timeout) << end.message();
    EXPECT_EQ(server.cancels(), 1);
}

TEST(PostgresqlSession, ReportsTheServersReasonForItsEnd) {
    for (const auto severity : {"SFATAL"sv, "SFATALE\0VFATAL"sv, "VFATAL\0SFATALE"sv}) {
        const std::string fields = std::string(severity) + "\0C57P01\0Mterminating\0\0"s;
        session ended({welcome(), described(), message('E', fields)});
        auto& end = ended.run();
        EXPECT_EQ(end.code(), errc::connection_lost);
        EXPECT_THAT(end.message(), HasSubstr("terminating (SQLSTATE 57P01)"));
        EXPECT_FALSE(end.is_open);
    }
}

/// Returns `is_alive()` of an idle session whose server sends `said`, and then disconnects or not.
bool is_alive_after(const std::string& said, bool hangs_up) {
    asio::io_context context;
    // The server closes the connection before it sends the last byte.
    std::vector<std::string> answers{
        welcome(), described(), two_rows(), ready() + said + (hangs_up ? "x" : "")};
    const std::size_t all = size_of(answers);
    scripted_server server(
        context, std::move(answers), {.closes_after = hangs_up ? all - 1 : behaviour::never}
    );
    const session_settings settings = settings_with(options_for(server));
    ending end;
    bool is_alive = false;
    auto ask = [&]() -> awaitable<void> {
        auto opened = co_await connect(context.get_executor(), settings, 0ms);
        const driver::request request{.sql = "SELECT n"};
        co_await opened->execute(request, end.seen);
        EXPECT_TRUE(opened->is_alive());
        co_await opened->execute_script("SELECT 1");
        asio::steady_timer timer(context, 20ms);
        co_await timer.async_wait(asio::use_awaitable);
        is_alive = opened->is_alive();
    };
    run(context, server, ask(), end);
    EXPECT_EQ(end.message(), "");
    return is_alive;
}

TEST(PostgresqlSession, IsNotAliveAfterItsServerDisconnects) {
    const std::string notice = message('N', "VNOTICE\0Mx\0\0"sv);
    const std::string setting = message('S', "in_hot_standby\0off\0"sv);
    EXPECT_TRUE(is_alive_after("", false));
    EXPECT_TRUE(is_alive_after(notice + setting, false));
    EXPECT_FALSE(is_alive_after("", true));
    EXPECT_FALSE(is_alive_after(notice + setting, true));
    EXPECT_FALSE(is_alive_after(notice + message('E', "VFATAL\0C57P01\0Mbye\0\0"sv), false));
    EXPECT_FALSE(is_alive_after("N", false));
    EXPECT_FALSE(is_alive_after("?????", false));
}

/// Returns ParseComplete, BindComplete, RowDescription and two rows: the response to an unnamed
/// statement that the driver has described before.
std::string parsed_rows(std::string_view described_columns) {
    return message('1', "") + message('2', "") + std::string(described_columns) +
           two_rows().substr(message('2', "").size());
}

TEST(PostgresqlSession, DescribesAnUnnamedStatementOnceAndParsesItEachTime) {
    session twice({welcome(), described(), parsed_rows(columns()), parsed_rows(columns())});
    auto& end = twice.run_times(2);
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 6);
}

/// Returns the RowDescription of one column with this type.
std::string column_of(std::string_view type) {
    return message('T', "\0\1n\0\0\0\0\0\0\0"s + std::string(type) + "\0\4\xff\xff\xff\xff\0\0"s);
}

TEST(PostgresqlSession, ReadsAnUnnamedStatementByItsCurrentColumns) {
    const auto as_oid = parsed_rows(column_of("\0\0\0\x1a"sv));
    session changed({welcome(), described(), as_oid});
    EXPECT_EQ(changed.run().message(), "");
    // The driver does not know the binary format of this type.
    const auto as_stranger = parsed_rows(column_of("\0\0\xff\xff"sv));
    session strange({welcome(), described(), as_stranger});
    auto& end = strange.run();
    EXPECT_EQ(end.code(), errc::bad_value);
    EXPECT_THAT(end.message(), HasSubstr("other columns"));
    EXPECT_EQ(end.seen.rows, 0);
    EXPECT_TRUE(end.is_open);
}

TEST(PostgresqlSession, DescribesAnUnnamedStatementAgainWhenItsColumnCountChanges) {
    const auto other_number = server_error("08P01", "bind message has 1 result formats") + ready();
    session changed({welcome(), described(), other_number, described(), parsed_rows(columns())});
    auto& end = changed.run_times(1);
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 3);
}

/// Returns the response to a statement of a pipeline that is parsed, described and executed in one
/// round trip. Its values are in the text format.
std::string pipelined_rows() {
    const auto row = [](std::string_view digit) {
        return message('D', std::string("\0\1\0\0\0\1"sv).append(digit));
    };
    return message('1', "") + message('2', "") + columns() + row("1") + row("2") +
           message('C', "SELECT 2\0"sv);
}

const std::vector<std::string> good_batch{welcome(), pipelined_rows() + pipelined_rows() + ready()};

TEST(PostgresqlSession, RunsAPipeline) {
    session together(good_batch);
    auto& end = together.run_pipeline(driver::pipeline_sync::batch);
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 6);
    EXPECT_TRUE(end.is_open);
    session apart({welcome(), pipelined_rows() + ready(), pipelined_rows() + ready()});
    auto& other_end = apart.run_pipeline(driver::pipeline_sync::each);
    EXPECT_EQ(other_end.message(), "");
    EXPECT_EQ(other_end.seen.sum, 6);
    EXPECT_TRUE(other_end.is_open);
}

TEST(PostgresqlSession, PipelineEndsWithAnErrorWhereverTheServerDisconnects) {
    for (std::size_t cut = 0; cut < size_of(good_batch); ++cut) {
        session broken(good_batch, {.closes_after = cut});
        auto& end = broken.run_pipeline(driver::pipeline_sync::batch);
        EXPECT_EQ(end.code(), errc::connection_lost) << cut << ": " << end.message();
        EXPECT_FALSE(end.is_open) << cut;
    }
}

TEST(PostgresqlSession, PipelineIsClosedByMissingOrExtraResults) {
    const auto expect = [](std::vector<std::string> answers, driver::pipeline_sync sync) {
        session odd(std::move(answers));
        auto& end = odd.run_pipeline(sync);
        EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
        EXPECT_THAT(end.message(), HasSubstr("pipeline"));
        EXPECT_FALSE(end.is_open);
    };
    using enum driver::pipeline_sync;
    const std::string one = pipelined_rows();
    expect({welcome(), ready()}, batch);
    expect({welcome(), one + ready()}, batch);
    expect({welcome(), one + one + one + ready()}, batch);
    expect({welcome(), ready(), one + ready()}, each);
    expect({welcome(), one + ready(), ready()}, each);
}

/// Returns BindComplete and a number of rows, without the end of the result.
std::string many_rows(int rows) {
    std::string answer = message('2', "");
    for (int i = 0; i < rows; ++i) {
        answer += message('D', "\0\1\0\0\0\4\0\0\0\1"sv);
    }
    return answer;
}

// Without this check, a server could exhaust the client's memory, because the rows are kept.
TEST(PostgresqlSession, IsClosedAtTheFirstRowOverTheRequestedNumber) {
    session generous({welcome(), described(), many_rows(1000)});
    auto& end = generous.run(3);
    EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
    EXPECT_THAT(end.message(), HasSubstr("more rows than the 3 that were asked for"));
    EXPECT_EQ(end.seen.rows, 3);
    EXPECT_FALSE(end.is_open);
}

TEST(PostgresqlSession, AcceptsTheRequestedNumberOfRows) {
    session exact({welcome(), described(), many_rows(3) + message('s', "") + ready()});
    auto& end = exact.run(3);
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.rows, 3);
    EXPECT_TRUE(end.is_open);
}

TEST(PostgresqlSession, IsClosedByRowsAfterTheEndOfAStatement) {
    for (const auto& done : {message('s', ""), message('C', "SELECT 1\0"sv)}) {
        session chatty({welcome(), described(), many_rows(1) + done + many_rows(1)});
        auto& end = chatty.run();
        EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
        EXPECT_EQ(end.seen.rows, 1);
        EXPECT_FALSE(end.is_open);
    }
}

TEST(PostgresqlSession, PipelineIsClosedAtTheFirstRowOverTheRequestedNumber) {
    using enum driver::pipeline_sync;
    for (const auto sync : {each, batch}) {
        session generous({welcome(), pipelined_rows()});
        auto& end = generous.run_pipeline(sync, 1);
        EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
        EXPECT_THAT(end.message(), HasSubstr("more rows than the 1 that were asked for"));
        EXPECT_EQ(end.seen.rows, 1);
        EXPECT_FALSE(end.is_open);
    }
}

TEST(PostgresqlSession, PipelineIsClosedByRowsAfterTheEndOfAStatement) {
    session chatty({welcome(), pipelined_rows() + many_rows(1)});
    auto& end = chatty.run_pipeline(driver::pipeline_sync::each);
    EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
    EXPECT_FALSE(end.is_open);
}

TEST(PostgresqlSession, CursorIsClosedAtTheFirstRowOverTheRequestedNumber) {
    asio::io_context context;
    scripted_server server(
        context,
        {welcome(),
         message('2', "") + message('C', "BEGIN\0"sv) + ready('T'),
         message('1', "") + message('t', "\0\0"sv) + columns() + ready('T'),
         message('2', "") + ready('T'),
         many_rows(3)}
    );
    const session_settings settings = settings_with(options_for(server));
    ending end;
    auto ask = [&]() -> awaitable<void> {
        auto opened = co_await connect(context.get_executor(), settings, 0ms);
        co_await opened->execute_script("BEGIN");
        const driver::request request{.sql = "SELECT n"};
        auto cursor = co_await opened->open_cursor(request);
        co_await cursor->fetch(2, end.seen);
    };
    run(context, server, ask(), end);
    EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
    EXPECT_THAT(end.message(), HasSubstr("more rows than the 2 that were asked for"));
    EXPECT_EQ(end.seen.rows, 2);
}

TEST(PostgresqlSession, SimpleProtocolKeepsTheRequestedNumberOfRows) {
    const std::string row = message(
        'D',
        "\0\1\0\0\0\1"
        "7"sv
    );
    asio::io_context context;
    scripted_server server(
        context, {welcome(), columns() + row + row + row + message('C', "SELECT 3\0"sv) + ready()}
    );
    connect_options options = options_for(server);
    options.statements = statement_mode::simple;
    const session_settings settings = settings_with(std::move(options));
    ending end;
    auto ask = [&]() -> awaitable<void> {
        auto opened = co_await connect(context.get_executor(), settings, 0ms);
        const driver::request request{.sql = "SELECT n", .max_rows = 2};
        end.result = co_await opened->execute(request, end.seen);
    };
    run(context, server, ask(), end);
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.rows, 2);
    EXPECT_EQ(end.result.affected_rows, 2U);
}

/// Returns ParseComplete, ParameterDescription, RowDescription of columns with these types, and
/// ReadyForQuery.
std::string described_as(const std::vector<std::uint32_t>& types) {
    std::string body{'\0', static_cast<char>(types.size())};
    for (const auto type : types) {
        body += "n\0\0\0\0\0\0\0"s;
        for (int shift = 24; shift >= 0; shift -= 8) {
            body += static_cast<char>(type >> static_cast<unsigned>(shift));
        }
        body += "\0\4\xff\xff\xff\xff\0\0"s;
    }
    return message('1', "") + message('t', "\0\0"sv) + message('T', body) + ready();
}

/// Returns a row of the response to a look-up of types.
std::string row_of_type(char number, std::string_view name, std::string_view kind, char inner) {
    const auto field = [](std::string_view bytes) {
        return std::string{
            '\0',
            '\0',
            static_cast<char>(bytes.size() / 256),
            static_cast<char>(bytes.size() % 256)}
            .append(bytes);
    };
    const std::string type{'\0', '\0', 'N', number};
    const std::string made_of{'\0', '\0', 'N', inner};
    return message('D', "\0\4"s + field(type) + field(name) + field(kind) + field(made_of));
}

/// Runs a statement with a column of the type 'N' * 256 + 1; `answers` are the rows of the look-ups
/// of types.
void look_up(const std::vector<std::string>& answers, ending& end) {
    std::vector<std::string> all{welcome(), described_as({'N' * 256 + 1})};
    for (const auto& answer : answers) {
        all.push_back(described_as({26, 25, 25, 26}));
        all.push_back(message('2', "") + answer + message('C', "SELECT 1\0"sv) + ready());
    }
    all.push_back(message('2', "") + message('C', "SELECT 0\0"sv) + ready());
    run_named(std::move(all), end);
}

void expect_looked_up(const std::vector<std::string>& answers) {
    ending end;
    look_up(answers, end);
    EXPECT_EQ(end.message(), "");
}

void expect_refused(const std::vector<std::string>& answers, const std::string& said) {
    ending end;
    look_up(answers, end);
    EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
    EXPECT_THAT(end.message(), HasSubstr(said));
}

TEST(LookUpOfTypes, AsksOncePerLevelOfDomains) {
    expect_looked_up({row_of_type(1, "positive", "text", 0)});
    const auto domain = row_of_type(1, "outer", "domain", 2);
    expect_looked_up({domain, row_of_type(2, "inner", "text", 0)});
}

// Unknown types in the response to a look-up would cause further look-ups without end.
TEST(LookUpOfTypes, NeverLooksUpItsOwnColumns) {
    const auto odd = described_as({20'000, 20'001, 20'002, 20'003});
    ending end;
    run_named({welcome(), described_as({20'000}), odd, odd, odd}, end);
    EXPECT_EQ(end.code(), errc::protocol_violation) << end.message();
    EXPECT_THAT(end.message(), HasSubstr("look-up of types"));
}

TEST(LookUpOfTypes, LimitsTheDepthOfDomains) {
    std::vector<std::string> deep;
    for (int level = 0; level <= type_catalog::deepest; ++level) {
        const auto number = static_cast<char>(level + 1);
        deep.push_back(row_of_type(number, "d", "domain", static_cast<char>(level + 2)));
    }
    expect_refused(deep, "made of other types");
}

TEST(LookUpOfTypes, RefusesUnrequestedRows) {
    expect_refused({row_of_type(9, "mood", "text", 0)}, "nobody asked for");
    const auto one = row_of_type(1, "mood", "text", 0);
    expect_refused({one + one}, "more rows than the 1 that were asked for");
}

TEST(LookUpOfTypes, RefusesOverlongNames) {
    const std::string longest(type_catalog::longest_name, 'n');
    expect_looked_up({row_of_type(1, longest, "text", 0)});
    expect_refused({row_of_type(1, longest + "n", "text", 0)}, "1024 bytes");
}

// Some poolers lose the messages after the first Sync.
TEST(PostgresqlSession, DisabledPipelineSendsOneSyncAtATime) {
    using enum driver::pipeline_sync;
    session apart({welcome(), described(), parsed_rows(columns()), parsed_rows(columns())});
    apart.switch_pipeline_off();
    auto& end = apart.run_pipeline(each);
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 6);
    session failing(
        {welcome(), described(), parsed_rows(columns()), server_error("22012", "zero") + ready()}
    );
    failing.switch_pipeline_off();
    EXPECT_THAT(failing.run_failing_pipeline(each), HasSubstr("zero"));
    session together(good_batch);
    together.switch_pipeline_off();
    EXPECT_EQ(together.run_pipeline(batch).message(), "");
}

// The Sync of a pipeline commits its implicit transaction.
TEST(PostgresqlSession, PipelineMayFailAtItsSync) {
    const std::string failed = server_error("23503", "a deferred key does not hold") + ready();
    const std::string one = pipelined_rows();
    using enum driver::pipeline_sync;
    session together({welcome(), one + one + failed});
    EXPECT_THAT(together.run_failing_pipeline(batch), HasSubstr("deferred"));
    session apart({welcome(), one + ready(), one + failed});
    EXPECT_THAT(apart.run_failing_pipeline(each), HasSubstr("deferred"));
}

TEST(PostgresqlSession, IsClosedByInvalidMessageLengths) {
    for (const auto length :
         {"\0\0\0\0"sv, "\0\0\0\3"sv, "\xff\xff\xff\xff"sv, "\x7f\xff\xff\xff"sv}) {
        const std::string hostile = "D" + std::string(length);
        expect_closed({hostile}, "claims to have");
        expect_closed({welcome(), described(), hostile}, "claims to have");
    }
}

/// Returns the header of a message that is one byte too long. The client refuses the message before
/// it receives the rest.
std::string too_long(char type, std::size_t longest) {
    std::string begun = message(type, std::string(longest - 3, 'x'));
    begun.resize(5);
    return begun;
}

TEST(PostgresqlSession, IsClosedByOversizedMessages) {
    for (const char type : {'E', 'N', 'S', 'A', 'T', 't', 'R', 'G', 'C', 'Z', '1', 's'}) {
        const auto longest = protocol::longest_of(protocol::message_type{type});
        expect_closed({welcome(), described(), too_long(type, longest)}, "claims to have");
    }
}

// Without the limit, an error of 100 MB takes 636 MB before the server has authenticated itself.
TEST(PostgresqlSession, IsClosedByMessagesOversizedForTheStartUp) {
    for (const char type : {'E', 'N', 'S', 'R', 'A', 'x'}) {
        expect_closed({too_long(type, protocol::longest_at_start_up)}, "claims to have");
    }
    const std::string text(50'000, 'x');
    session refused({server_error("28000", text)});
    EXPECT_EQ(refused.run().code(), errc::authentication_failed);
}

TEST(PostgresqlSession, TruncatesTextsOfErrorsAndNotices) {
    // The character at the limit has three bytes.
    const std::string text = std::string(protocol::longest_error_text - 1, 'x') + "\u20ac and more";
    session failed({welcome(), described(), server_error("22012", text) + ready()});
    auto& end = failed.run();
    EXPECT_EQ(end.code(), errc::database);
    EXPECT_THAT(end.message(), HasSubstr("x... (12 more bytes)"));
    EXPECT_TRUE(end.is_open);
}

// The connection keeps no setting that it does not use: a server could report a hundred settings of
// 16 MB each.
TEST(PostgresqlSession, AcceptsAnyNumberOfParameterStatusMessages) {
    std::string reports;
    for (int i = 0; i < 1000; ++i) {
        reports += message('S', "s" + std::to_string(i) + "\0"s + std::string(60'000, 'x') + "\0"s);
    }
    session chatty({reports + welcome(), described(), two_rows()});
    auto& end = chatty.run();
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 3);
}

TEST(PostgresqlSession, IsClosedByMalformedMessages) {
    expect_closed({welcome(), described(), message('D', "\0\2"sv) + two_rows()}, "DataRow");
    expect_closed({welcome(), described(), message('D', "\0\1\0\0\0\x09x"sv)}, "DataRow");
    expect_closed({welcome(), described(), message('C', "SELECT 2")}, "CommandComplete");
    expect_closed({welcome(), described(), message('Z', "X")}, "ReadyForQuery");
    expect_closed({welcome(), described(), message('Z', "")}, "ReadyForQuery");
    expect_closed({welcome(), described(), message('E', "C42")}, "ErrorResponse");
    expect_closed({welcome(), described(), message('N', "x")}, "NoticeResponse");
    expect_closed({welcome(), described(), message('S', "x")}, "ParameterStatus");
    expect_closed({welcome(), message('T', "\0\5"sv) + ready(), two_rows()}, "RowDescription");
}

TEST(PostgresqlSession, AcceptsAsynchronousMessagesAtAnyTime) {
    const std::string aside = message('N', "VNOTICE\0Mx\0\0"sv) +
                              message('S', "TimeZone\0UTC\0"sv) + message('A', "\0\0\0\1ch\0\0"sv);
    session chatty({aside + welcome() + aside, described() + aside, aside + two_rows()});
    // The client reads messages after a ReadyForQuery with the next statement.
    auto& end = chatty.run();
    EXPECT_EQ(end.message(), "");
    EXPECT_EQ(end.seen.sum, 3);
}

TEST(PostgresqlSession, IsClosedWhenTheServerChangesEncodingOrStringSyntax) {
    for (const auto setting :
         {"client_encoding\0SJIS\0"sv, "standard_conforming_strings\0off\0"sv}) {
        session unsafe({welcome(), described(), message('S', setting) + two_rows()});
        auto& end = unsafe.run();
        EXPECT_EQ(end.code(), errc::connection_lost);
        EXPECT_FALSE(end.is_open);
    }
}

TEST(PostgresqlSession, SurvivesAnErrorAfterRows) {
    const std::string failing = message('2', "") + message('D', "\0\1\0\0\0\4\0\0\0\1"sv) +
                                server_error("22012", "division by zero") + ready();
    session failed({welcome(), described(), failing});
    auto& end = failed.run();
    EXPECT_EQ(end.code(), errc::database);
    EXPECT_THAT(end.message(), HasSubstr("division by zero"));
    EXPECT_TRUE(end.is_open);
    EXPECT_EQ(end.seen.rows, 1);
}

TEST(PostgresqlSession, ReportsAMissingStatementWithoutACache) {
    const std::string forgot = server_error("26000", "no such statement") + ready();
    session plain({welcome(), described(), forgot});
    EXPECT_EQ(plain.run().code(), errc::database);  // without a cache, no statement can be stale
}

TEST(PostgresqlSession, NamesTheRefusedUserAndNeverThePassword) {
    session refused({server_error("28P01", "password authentication failed")});
    auto& end = refused.run();
    EXPECT_EQ(end.code(), errc::authentication_failed);
    EXPECT_THAT(end.message(), HasSubstr("\"me\""));
    EXPECT_THAT(end.message(), testing::Not(HasSubstr("hush")));
}

TEST(PostgresqlSession, SendsNoReadablePassword) {
    for (const auto kind : {"\0\0\0\3"sv, "\0\0\0\5salt"sv}) {
        session plain({message('R', kind)});
        auto& end = plain.run();
        EXPECT_EQ(end.code(), errc::authentication_failed);
        EXPECT_THAT(plain.received(), testing::Not(HasSubstr("hush")));
    }
}

TEST(PostgresqlSession, RefusesUnknownAuthenticationMethods) {
    session odd({message('R', "\0\0\0\x63"sv)});
    auto& end = odd.run();
    EXPECT_EQ(end.code(), errc::authentication_failed);
    EXPECT_THAT(end.message(), HasSubstr("99"));
    session without({message('R', "\0\0\0\x0aOTHER\0\0"sv)});
    EXPECT_THAT(without.run().message(), HasSubstr("SCRAM-SHA-256"));
}

TEST(PostgresqlSession, RequiresTheServerToProveThePassword) {
    const std::string challenge = message('R', "\0\0\0\x0aSCRAM-SHA-256\0\0"sv);
    // The server sends AuthenticationOk at once, without the two steps of SCRAM.
    session cheat({challenge + message('R', "\0\0\0\0"sv) + ready()});
    auto& end = cheat.run();
    EXPECT_EQ(end.code(), errc::protocol_violation);
    EXPECT_THAT(end.message(), HasSubstr("without proving"));
    session wrong_nonce({challenge + message('R', "\0\0\0\x0br=x,s=AAAA,i=4096"sv)});
    EXPECT_EQ(wrong_nonce.run().code(), errc::protocol_violation);
}

// CVE-2021-23222, CVE-2021-23214: unencrypted bytes after the response to SSLRequest must not be
// processed as encrypted bytes.
TEST(PostgresqlSession, RefusesBytesAfterTheResponseToSslRequest) {
    for (const std::size_t size : {1U, 100U, 65'536U}) {
        session stuffed({"S" + std::string(size, 'Z')}, {}, ssl_mode::require);
        auto& end = stuffed.run();
        EXPECT_EQ(end.code(), errc::tls_failed) << end.message();
        EXPECT_FALSE(end.is_open);
    }
    session greeted({"S" + welcome()}, {}, ssl_mode::require);
    EXPECT_EQ(greeted.run().code(), errc::tls_failed);
}

// CVE-2024-10977: the sender of an error before TLS is not authenticated.
TEST(PostgresqlSession, HidesErrorsReceivedBeforeTls) {
    for (const auto mode : {ssl_mode::prefer, ssl_mode::require}) {
        session lied_to({server_error("28000", "call this number")}, {}, mode);
        auto& end = lied_to.run();
        EXPECT_NE(end.code(), std::nullopt);
        EXPECT_THAT(end.message(), testing::Not(HasSubstr("call this number")));
        EXPECT_FALSE(end.is_open);
    }
}

TEST(PostgresqlSession, RefusesAServerWithoutTlsWhenRequired) {
    for (const auto mode : {ssl_mode::require, ssl_mode::verify_ca, ssl_mode::verify_full}) {
        session plain({"N", welcome()}, {}, mode);
        auto& end = plain.run();
        EXPECT_EQ(end.code(), errc::tls_failed) << end.message();
        EXPECT_THAT(plain.received(), testing::Not(HasSubstr("app")));
    }
}

// CVE-2026-42198: a server requests ten million iterations of the hash.
TEST(PostgresqlSession, LimitsTheIterationsOfScram) {
    const std::string challenge = message('R', "\0\0\0\x0aSCRAM-SHA-256\0\0"sv);
    for (const auto* count : {"0", "-1", "100001", "2147483647", "99999999999999999999"}) {
        session greedy({challenge + message('R', "\0\0\0\x0br=x,s=AAAA,i="s + count)});
        EXPECT_NE(greedy.run().code(), std::nullopt) << count;
    }
}

TEST(PostgresqlSession, ReturnsTheRollbackTagOfCommit) {
    const std::string rolled_back = message('2', "") + message('C', "ROLLBACK\0"sv) + ready();
    const std::string no_rows =
        message('1', "") + message('t', "\0\0"sv) + message('n', "") + ready();
    session aborted({welcome(), no_rows, rolled_back});
    auto& end = aborted.run();
    EXPECT_EQ(end.result.tag, "ROLLBACK");
}

// The response that the server's messages belong to is gone with the coroutine.
TEST(PostgresqlSession, IsClosedWhenTheCoroutineOfACallIsDestroyed) {
    asio::io_context context;
    auto others = std::make_unique<asio::io_context>();
    scripted_server server(context, {welcome(), described(), two_rows()});
    const session_settings settings = settings_with(options_for(server));
    std::unique_ptr<driver::connection> connection;
    driver::discarding_sink seen;
    auto client = [&]() -> awaitable<void> {
        connection = co_await connect(context.get_executor(), settings, 5s);
        const driver::request request{.sql = "SELECT n"};
        static_cast<void>(co_await connection->execute(request, seen));
    };
    asio::co_spawn(*others, client(), asio::detached);
    while (connection == nullptr) {
        context.run_one_for(5s);
        others->restart();
        others->poll();
    }
    // The answer arrives, and the coroutine, whose context does not run, is about to go on.
    context.run_for(50ms);
    others.reset();

    EXPECT_FALSE(connection->is_clean());
    EXPECT_FALSE(connection->is_alive());
    ending end;
    auto reset = [&]() -> awaitable<void> { co_await connection->reset(); };
    context.restart();
    run(context, server, reset(), end);
    EXPECT_EQ(end.code(), errc::connection_lost) << end.message();
    EXPECT_FALSE(connection->is_open());
}

}  // namespace
}  // namespace gino::postgresql::test
