// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/sansio/exchange.hpp"

#include <gino/core/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "driver/postgresql/sansio/call_state.hpp"

namespace gino::postgresql::test {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using protocol::message_type;
using sansio::action;
using sansio::cancel_action;
using sansio::request_kind;
using sansio::response;
using sansio::sync;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A message from the server.
struct sent {
    message_type type;
    std::string body;
};

// The messages of these tests, with their bodies (manual, 55.7).

// One column of type int4; the number is below 256.
sent row(std::uint8_t number) {
    return {message_type::data_row, "\0\1\0\0\0\4\0\0\0"s + static_cast<char>(number)};
}

// RowDescription with one column; 23 is int4.
sent columns(std::string_view name = "n", std::uint8_t type = 23) {
    return {
        message_type::row_description,
        "\0\1"s + std::string(name) + "\0\0\0\0\0\0\0\0\0\0"s + static_cast<char>(type) +
            "\0\4\xff\xff\xff\xff\0\0"s};
}

sent complete(std::string_view tag) {
    return {message_type::command_complete, std::string(tag) + "\0"s};
}

sent ready(char status = 'I') {
    return {message_type::ready_for_query, std::string(1, status)};
}

// S is the translated severity, V the one that is not (manual, 55.8).
sent failure(std::string_view sqlstate = "22012", std::string_view severity = "ERROR") {
    return {
        message_type::error_response,
        "S" + std::string(severity) + "\0V"s + std::string(severity) + "\0C"s +
            std::string(sqlstate) + "\0Mdivision by zero\0\0"s};
}

sent empty(message_type type) {
    return {type, ""};
}

/// A sink that keeps the numbers of rows with one column of type int4.
class numbers final : public driver::row_sink {
public:
    std::vector<int> seen;
    int column_calls = 0;
    bool throws = false;

    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {
        ++column_calls;
    }

    void row(std::span<const driver::field_slice> fields) override {
        if (throws) {
            throw std::runtime_error("the sink is full");
        }
        seen.push_back(static_cast<int>(fields[0].data[3]));
    }
};

/// A statement with the column of `columns()`, in binary. An empty name: the unnamed statement.
prepared_statement one_column(std::string name = "gino_1") {
    prepared_statement made;
    made.name = std::move(name);
    made.columns.push_back({.name = "n", .type_id = 23});
    made.formats = {1};
    return made;
}

/// An exchange, and the responses of its callers.
class PostgresqlExchange : public testing::Test {
protected:
    action take(const sent& m) {
        return exchange_.take({.type = m.type, .body = std::as_bytes(std::span(m.body))});
    }

    /// Passes messages to the exchange and returns the action of the last one; the others have to
    /// be `read`.
    action take_all(const std::vector<sent>& messages) {
        action last = action::read;
        for (const auto& m : messages) {
            EXPECT_EQ(last, action::read);
            last = take(m);
        }
        return last;
    }

    /// Returns the text of the protocol violation that a message causes; empty: it causes none.
    std::string violation(const sent& m) {
        try {
            static_cast<void>(take(m));
        } catch (const internal_error& e) {
            EXPECT_EQ(e.code(), errc::protocol_violation);
            return e.what();
        }
        return "";
    }

    response& expect(response added, sync behind_it = sync::sent) {
        responses_.push_back(std::move(added));
        exchange_.expect(responses_.back(), behind_it);
        return responses_.back();
    }

    response& expect_rows(numbers& sink, sync behind_it = sync::sent) {
        return expect({.prepared = &prepared_, .sink = &sink}, behind_it);
    }

    std::shared_ptr<type_catalog> types_ = std::make_shared<type_catalog>();
    std::vector<std::string> notices_;
    sansio::exchange exchange_{"db:5432", types_, [this](const error_fields& notice) {
                                   notices_.push_back(notice.message);
                               }};
    prepared_statement prepared_ = one_column();
    std::deque<response> responses_;  // a deque: the exchange keeps pointers to its elements
};

/// The server's messages for one statement with two rows.
std::vector<sent> two_rows() {
    return {empty(message_type::bind_complete), row(1), row(2), complete("SELECT 2"), ready()};
}

TEST_F(PostgresqlExchange, SingleStatementIsAPipelineOfOne) {
    numbers sink;
    const response& done = expect_rows(sink);
    EXPECT_TRUE(exchange_.is_waiting());
    EXPECT_EQ(take_all(two_rows()), action::ready);
    EXPECT_THAT(sink.seen, ElementsAre(1, 2));
    EXPECT_EQ(sink.column_calls, 1);
    EXPECT_EQ(done.result.tag, "SELECT 2");
    EXPECT_EQ(done.result.affected_rows, 2U);
    EXPECT_TRUE(done.is_complete);
    EXPECT_FALSE(exchange_.is_waiting());
}

TEST_F(PostgresqlExchange, SinkGetsTheColumnsOfAResultWithoutRows) {
    numbers sink;
    expect_rows(sink);
    take_all({complete("SELECT 0"), ready()});
    EXPECT_EQ(sink.column_calls, 1);
}

TEST_F(PostgresqlExchange, PrepareFillsInTheColumns) {
    prepared_statement fresh;
    expect({.kind = request_kind::prepare, .described = &fresh});
    take_all(
        {empty(message_type::parse_complete),
         {message_type::parameter_description, "\0\0"s},
         columns("id"),
         ready()}
    );
    ASSERT_EQ(fresh.columns.size(), 1U);
    EXPECT_EQ(fresh.columns[0].name, "id");
    EXPECT_THAT(fresh.formats, ElementsAre(1));
}

TEST_F(PostgresqlExchange, UnnamedStatementKeepsItsColumnsWhenTheyAreTheSame) {
    numbers sink;
    const prepared_statement unnamed = one_column("");
    const response& done = expect({.prepared = &unnamed, .sink = &sink});
    take_all({columns(), row(7), complete("SELECT 1"), ready()});
    EXPECT_FALSE(done.reshaped);
    EXPECT_THAT(sink.seen, ElementsAre(7));
}

TEST_F(PostgresqlExchange, UnnamedStatementReportsOtherColumns) {
    numbers sink;
    const prepared_statement unnamed = one_column("");
    const response& done = expect({.prepared = &unnamed, .sink = &sink});
    take_all({columns("other"), row(7), complete("SELECT 1"), ready()});
    ASSERT_TRUE(done.reshaped);
    EXPECT_EQ(done.reshaped->columns[0].name, "other");
    EXPECT_THAT(sink.seen, ElementsAre(7));
}

TEST_F(PostgresqlExchange, SuspendedPortalHasMoreRows) {
    numbers sink;
    const response& done = expect({.prepared = &prepared_, .sink = &sink, .max_rows = 1});
    take_all({row(1), empty(message_type::portal_suspended), ready('T')});
    EXPECT_TRUE(done.is_suspended);
    EXPECT_EQ(exchange_.status(), driver::transaction_status::in_transaction);
}

TEST_F(PostgresqlExchange, SeveralExecutionsAreOneResponse) {
    const response& done = expect({.prepared = &prepared_, .executions = 3});
    take_all({complete("INSERT 0 1"), complete("INSERT 0 1")});
    EXPECT_THAT(violation(ready()), HasSubstr("unexpected message"));
    take_all({complete("INSERT 0 2"), ready()});
    EXPECT_EQ(done.result.affected_rows, 4U);
}

TEST_F(PostgresqlExchange, ExceptionOfASinkDoesNotStopTheReading) {
    numbers sink;
    sink.throws = true;
    const response& done = expect_rows(sink);
    EXPECT_EQ(take_all(two_rows()), action::ready);
    EXPECT_EQ(done.rows, 2U);
    EXPECT_NE(done.thrown, nullptr);
}

TEST_F(PostgresqlExchange, CopyInAsksForRows) {
    const response& done = expect({.kind = request_kind::copy_in});
    EXPECT_EQ(take({message_type::copy_in_response, "\0\0\0"s}), action::begin_copy);
    EXPECT_TRUE(done.has_begun_copy);
    EXPECT_EQ(take_all({complete("COPY 3"), ready()}), action::ready);
    EXPECT_EQ(done.result.affected_rows, 3U);
}

TEST_F(PostgresqlExchange, CopyOutHandsItsDataOut) {
    expect({.kind = request_kind::copy_out});
    EXPECT_EQ(take({message_type::copy_out_response, "\0\0\0"s}), action::begin_copy);
    EXPECT_EQ(take({message_type::copy_data, "1\n"}), action::take_copy_data);
    EXPECT_EQ(
        take_all({empty(message_type::copy_done), complete("COPY 1"), ready()}), action::ready
    );
}

TEST_F(PostgresqlExchange, CopyInWithoutRowsToSendIsRefused) {
    const response& done = expect({.kind = request_kind::copy_out});
    EXPECT_EQ(take({message_type::copy_in_response, "\0\0\0"s}), action::refuse_copy_in);
    EXPECT_FALSE(done.has_begun_copy);
}

TEST_F(PostgresqlExchange, SecondCopyOfATextIsRefused) {
    const response& in = expect({.kind = request_kind::copy_in});
    take({message_type::copy_in_response, "\0\0\0"s});
    take(complete("COPY 3"));
    EXPECT_EQ(take({message_type::copy_in_response, "\0\0\0"s}), action::refuse_copy_in);
    take_all({failure("57014"), ready()});
    EXPECT_NE(in.thrown, nullptr);
    const response& out = expect({.kind = request_kind::copy_out});
    take({message_type::copy_out_response, "\0\0\0"s});
    take(complete("COPY 1"));
    EXPECT_EQ(take({message_type::copy_out_response, "\0\0\0"s}), action::read);
    EXPECT_EQ(take({message_type::copy_data, "2\n"}), action::read);
    take_all({complete("COPY 1"), ready()});
    EXPECT_NE(out.thrown, nullptr);
}

TEST_F(PostgresqlExchange, OverlappingStatementsDoNotGrowTheQueueForEver) {
    constexpr int many = 10'000;
    expect({.prepared = &prepared_});
    for (int i = 0; i < many; ++i) {
        expect({.prepared = &prepared_});
        take_all({complete("SELECT 0"), ready()});
        responses_.pop_front();
    }
    EXPECT_EQ(exchange_.outstanding(), 1U);
}

TEST_F(PostgresqlExchange, CopyAsAnOrdinaryStatementIsAnError) {
    expect({.prepared = &prepared_});
    EXPECT_THROW(
        static_cast<void>(take({message_type::copy_in_response, "\0\0\0"s})), argument_error
    );
}

TEST_F(PostgresqlExchange, NoticesAndNotificationsComeAtAnyTime) {
    std::vector<std::string> payloads;
    exchange_.on_notification([&](const driver::notification& one) {
        payloads.push_back(one.payload);
    });
    const sent notice{message_type::notice_response, "SNOTICE\0VNOTICE\0C00000\0Mbe quick\0\0"s};
    const sent notification{message_type::notification_response, "\0\0\0\7news\0hello\0"s};
    take_all({notice, notification});
    numbers sink;
    expect_rows(sink);
    for (const auto& m : two_rows()) {
        take(m);
        take(notice);
        take(notification);
    }
    EXPECT_THAT(sink.seen, ElementsAre(1, 2));
    EXPECT_EQ(notices_.size(), 6U);
    EXPECT_EQ(payloads.size(), 6U);
    EXPECT_EQ(exchange_.notifications(), 6U);
}

TEST_F(PostgresqlExchange, OtherEncodingLosesTheConnection) {
    EXPECT_EQ(take({message_type::parameter_status, "client_encoding\0LATIN1\0"s}), action::lost);
    EXPECT_THAT(exchange_.lost().why, HasSubstr("LATIN1"));
}

// An error, a fatal error, an unexpected message and the end of the owner, at each step of a
// statement.

// The step after ReadyForQuery is left out: an error of an idle session loses the connection.
TEST_F(PostgresqlExchange, StatementFailsAtEachStep) {
    const auto script = two_rows();
    for (std::size_t step = 0; step + 1 < script.size(); ++step) {
        numbers sink;
        const response& done = expect_rows(sink);
        for (std::size_t i = 0; i < step; ++i) {
            take(script[i]);
        }
        EXPECT_EQ(take_all({failure(), ready()}), action::ready) << step;
        ASSERT_NE(done.failure, nullptr) << step;
        EXPECT_EQ(done.failure->sqlstate, "22012");
        EXPECT_TRUE(done.is_complete);
        EXPECT_FALSE(exchange_.is_waiting()) << step;
    }
}

TEST_F(PostgresqlExchange, FatalErrorAtEachStepLosesTheConnection) {
    const auto script = two_rows();
    for (std::size_t step = 0; step <= script.size(); ++step) {
        sansio::exchange fresh("db:5432", types_, {});
        numbers sink;
        response done{.prepared = &prepared_, .sink = &sink};
        fresh.expect(done, sync::sent);
        const auto give = [&](const sent& m) {
            return fresh.take({.type = m.type, .body = std::as_bytes(std::span(m.body))});
        };
        for (std::size_t i = 0; i < step; ++i) {
            static_cast<void>(give(script[i]));
        }
        EXPECT_EQ(give(failure("57P01", "FATAL")), action::lost) << step;
        ASSERT_TRUE(fresh.lost().reason) << step;
        EXPECT_EQ(fresh.lost().reason->sqlstate, "57P01");
    }
}

TEST_F(PostgresqlExchange, MessageOutOfPlaceIsAViolationAtEachStep) {
    const auto script = two_rows();
    for (std::size_t step = 0; step < script.size(); ++step) {
        for (const sent& wrong :
             {empty(message_type::backend_key_data),
              empty(message_type::authentication),
              columns(),
              sent{message_type{'?'}, ""}}) {
            numbers sink;
            expect_rows(sink);
            for (std::size_t i = 0; i < step; ++i) {
                take(script[i]);
            }
            EXPECT_THAT(violation(wrong), HasSubstr("unexpected message")) << step;
            for (std::size_t i = step; i < script.size(); ++i) {
                take(script[i]);
            }
        }
    }
}

// A write into the destroyed response is found by the address sanitizer.
TEST_F(PostgresqlExchange, OwnerMayGoAwayAtEachStep) {
    const auto script = two_rows();
    for (std::size_t step = 0; step < script.size(); ++step) {
        numbers sink;
        {
            response gone{.prepared = &prepared_, .sink = &sink};
            exchange_.expect(gone, sync::sent);
            for (std::size_t i = 0; i < step; ++i) {
                take(script[i]);
            }
            exchange_.abandon(gone);
        }
        for (std::size_t i = step; i < script.size(); ++i) {
            take(script[i]);
        }
        EXPECT_FALSE(exchange_.is_waiting()) << step;
        EXPECT_LE(sink.seen.size(), step);
    }
}

TEST_F(PostgresqlExchange, MessageBetweenTwoStatementsIsAViolation) {
    EXPECT_THAT(violation(row(1)), HasSubstr("the wait for a statement"));
    EXPECT_THAT(violation(ready()), HasSubstr("the wait for a statement"));
}

TEST_F(PostgresqlExchange, ErrorBetweenTwoStatementsLosesTheConnection) {
    EXPECT_EQ(take(failure()), action::lost);
}

TEST_F(PostgresqlExchange, MoreRowsThanAskedForAreAViolation) {
    numbers sink;
    expect({.prepared = &prepared_, .sink = &sink, .max_rows = 1});
    take(row(1));
    EXPECT_THAT(violation(row(2)), HasSubstr("more rows than the 1"));
}

// Pipelines.

TEST_F(PostgresqlExchange, FailureInABatchSkipsTheStatementsBehindIt) {
    numbers sink;
    const response& first = expect_rows(sink, sync::none);
    const response& second = expect_rows(sink, sync::none);
    const response& third = expect_rows(sink);
    take_all({row(1), complete("SELECT 1"), failure(), ready()});
    EXPECT_EQ(first.result.tag, "SELECT 1");
    EXPECT_NE(second.failure, nullptr);
    EXPECT_EQ(third.failure, nullptr);
    EXPECT_EQ(third.result.tag, "");
    EXPECT_TRUE(third.is_complete);
    EXPECT_FALSE(exchange_.is_waiting());
}

// A deferred constraint is checked by the commit, which the Sync does after all statements.
TEST_F(PostgresqlExchange, ErrorOfTheSyncBelongsToTheLastStatement) {
    const response& first = expect({.prepared = &prepared_}, sync::none);
    const response& last = expect({.prepared = &prepared_});
    take_all({complete("INSERT 0 1"), complete("INSERT 0 1"), failure("23503"), ready()});
    EXPECT_EQ(first.failure, nullptr);
    ASSERT_NE(last.failure, nullptr);
    EXPECT_EQ(last.failure->sqlstate, "23503");
}

// Several callers.

TEST_F(PostgresqlExchange, StatementsOfSeveralCallersHaveTheirOwnFailures) {
    numbers mine;
    numbers yours;
    numbers theirs;
    const response& first = expect_rows(mine);
    const response& second = expect_rows(yours);
    const response& third = expect_rows(theirs);
    EXPECT_EQ(exchange_.outstanding(), 3U);
    EXPECT_EQ(take_all({row(1), complete("SELECT 1"), ready()}), action::ready);
    EXPECT_TRUE(first.is_complete);
    EXPECT_FALSE(second.is_complete);
    EXPECT_EQ(take_all({failure(), ready()}), action::ready);
    EXPECT_EQ(take_all({row(3), complete("SELECT 1"), ready()}), action::ready);
    EXPECT_EQ(first.failure, nullptr);
    EXPECT_NE(second.failure, nullptr);
    EXPECT_EQ(third.failure, nullptr);
    EXPECT_THAT(mine.seen, ElementsAre(1));
    EXPECT_THAT(yours.seen, IsEmpty());
    EXPECT_THAT(theirs.seen, ElementsAre(3));
}

TEST_F(PostgresqlExchange, CancellingOneOfSeveralCallersDropsItsRowsOnly) {
    numbers mine;
    numbers yours;
    response& first = expect_rows(mine);
    expect_rows(yours);
    take(row(1));
    EXPECT_EQ(exchange_.cancel(first), cancel_action::drop);
    take_all({row(2), complete("SELECT 2"), ready()});
    take_all({row(3), complete("SELECT 1"), ready()});
    EXPECT_THAT(mine.seen, ElementsAre(1));
    EXPECT_THAT(yours.seen, ElementsAre(3));
}

// A CancelRequest would end the statement of another caller if several were outstanding.
TEST_F(PostgresqlExchange, CancellingTheOnlyCallerSendsARequest) {
    numbers sink;
    response& only = expect_rows(sink);
    EXPECT_EQ(exchange_.cancel(only), cancel_action::send_request);
    take_all({failure("57014"), ready()});
    EXPECT_EQ(only.failure->sqlstate, "57014");
    EXPECT_EQ(exchange_.cancel(only), cancel_action::none);
}

TEST_F(PostgresqlExchange, CancellingAtEachStepLeavesTheOthersTheirRows) {
    const auto script = two_rows();
    for (std::size_t cancelled = 0; cancelled < 3; ++cancelled) {
        for (std::size_t step = 0; step < script.size() * 3; ++step) {
            std::array<numbers, 3> sinks;
            std::array<response, 3> callers;
            for (std::size_t i = 0; i < 3; ++i) {
                callers.at(i).prepared = &prepared_;
                callers.at(i).sink = &sinks.at(i);
                exchange_.expect(callers.at(i), sync::sent);
            }
            for (std::size_t i = 0; i < script.size() * 3; ++i) {
                if (i == step) {
                    static_cast<void>(exchange_.cancel(callers.at(cancelled)));
                }
                take(script.at(i % script.size()));
            }
            for (std::size_t i = 0; i < 3; ++i) {
                if (i != cancelled) {
                    EXPECT_THAT(sinks.at(i).seen, ElementsAre(1, 2)) << step;
                    EXPECT_TRUE(callers.at(i).is_complete);
                }
            }
            EXPECT_FALSE(exchange_.is_waiting());
        }
    }
}

TEST_F(PostgresqlExchange, TypeChangesReachTheCatalogueAtOnceAndWhenCommitted) {
    expect({.kind = request_kind::script});
    take_all({complete("CREATE TYPE"), ready('T')});
    EXPECT_EQ(types_->changes(), 1U);
    exchange_.publish_type_changes();
    EXPECT_EQ(types_->changes(), 2U);
    exchange_.publish_type_changes();
    EXPECT_EQ(types_->changes(), 2U);
}

// The effects of an interruption.

using sansio::call_state;

TEST(PostgresqlCallState, InterruptionSendsOneRequestPerCall) {
    call_state calls;
    EXPECT_EQ(calls.interrupt(), call_state::interruption::cut);  // during the start-up
    calls.enter(call_state::phase::idle);
    EXPECT_EQ(calls.interrupt(), call_state::interruption::none);
    calls.enter(call_state::phase::busy);
    const auto call = calls.call();
    EXPECT_EQ(calls.interrupt(), call_state::interruption::send_request);
    EXPECT_EQ(calls.interrupt(), call_state::interruption::none);
    EXPECT_TRUE(calls.is_current(call));
    calls.enter(call_state::phase::idle);
    EXPECT_FALSE(calls.is_current(call));
    EXPECT_EQ(calls.interrupt(), call_state::interruption::none);
}

}  // namespace
}  // namespace gino::postgresql::test
