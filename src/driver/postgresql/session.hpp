// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/driver.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "driver/postgresql/cancel_request.hpp"
#include "driver/postgresql/channel.hpp"
#include "driver/postgresql/codec/text.hpp"
#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/demoted_hosts.hpp"
#include "driver/postgresql/start_up.hpp"
#include "driver/postgresql/statement_cache.hpp"
#include "driver/postgresql/type_catalog.hpp"

namespace gino::postgresql {

/// What the sessions of a driver have in common.
struct session_settings {
    std::shared_ptr<const connect_options> options;
    std::shared_ptr<type_catalog> types = std::make_shared<type_catalog>();
    std::shared_ptr<sansio::scram_key_cache> keys = std::make_shared<sansio::scram_key_cache>();
    std::shared_ptr<demoted_hosts> demoted = std::make_shared<demoted_hosts>();
    driver::notice_callback on_notice{};
    password_callback password{};  ///< Empty: the passwords of the options.
};

/// A session with a server.
///
/// | state | means | leaves it by |
/// | --- | --- | --- |
/// | idle | ReadyForQuery was the last message | any call |
/// | busy | messages were sent, ReadyForQuery did not come | ReadyForQuery, or the loss of the
/// socket |
///
/// Invariant: a call that ends normally, or by an error of the server or of a sink, leaves the
/// session idle; one that ends otherwise has closed the socket.
class session final : public driver::connection {
public:
    session(
        const boost::asio::any_io_executor& executor, session_settings settings, host_options host
    )
        : options_(std::move(settings.options)),
          types_(std::move(settings.types)),
          keys_(std::move(settings.keys)),
          demoted_(std::move(settings.demoted)),
          host_(std::move(host)),
          demotions_(demoted_->times(host_.name())),
          channel_(executor, std::move(settings.on_notice)),
          canceller_(std::make_shared<canceller>(channel_.bytes())),
          cache_(
              options_->statements == statement_mode::named ? options_->statement_cache_size : 0
          ) {}

    session(const session&) = delete;
    session& operator=(const session&) = delete;

    ~session() override;

    /// See `start_up()`.
    [[nodiscard]] awaitable<void> open(tls_attempt tls, std::chrono::milliseconds timeout);

    /// True when the session is, or was, encrypted.
    [[nodiscard]] bool had_tls() const noexcept { return channel_.bytes().had_tls(); }

    /// True when the server is what `target_session_attrs` asks for.
    [[nodiscard]] awaitable<bool> is_wanted(session_target wanted);

    [[nodiscard]] awaitable<driver::command_result> execute(
        const driver::request& statement, driver::row_sink& sink
    ) override;
    [[nodiscard]] awaitable<driver::command_result> execute_many(
        const driver::request& statement, std::size_t sets
    ) override;
    [[nodiscard]] awaitable<void> execute_pipeline(
        std::span<driver::pipelined> statements, driver::pipeline_sync sync
    ) override;
    [[nodiscard]] awaitable<std::unique_ptr<driver::cursor>> open_cursor(
        const driver::request& statement
    ) override;
    [[nodiscard]] awaitable<void> execute_script(std::string_view sql) override;
    [[nodiscard]] awaitable<driver::command_result> copy_in(
        std::string_view sql, driver::copy_source& from
    ) override;
    [[nodiscard]] awaitable<driver::command_result> copy_out(
        std::string_view sql, driver::copy_sink& to
    ) override;
    [[nodiscard]] awaitable<driver::command_result> copy_rows_in(
        std::string_view sql, std::span<const sql_type> types, driver::row_source& from
    ) override;
    [[nodiscard]] awaitable<driver::command_result> copy_rows_out(
        std::string_view sql,
        std::span<const sql_type> types,
        std::span<const std::string> names,
        driver::row_sink& sink
    ) override;
    void on_notification(driver::notification_callback callback) override;
    [[nodiscard]] awaitable<bool> wait_for_notification(std::chrono::milliseconds at_most) override;
    [[nodiscard]] awaitable<void> reset() override;

    [[nodiscard]] bool is_clean() const noexcept override {
        return is_open() && status() == driver::transaction_status::idle && !session_changed_;
    }

    [[nodiscard]] awaitable<void> close() override;

    void interrupt() noexcept override { static_cast<void>(canceller_->request()); }

    [[nodiscard]] bool is_open() const noexcept override { return channel_.bytes().is_open(); }

    [[nodiscard]] driver::transaction_status status() const noexcept override {
        return channel_.status();
    }

    [[nodiscard]] bool is_alive() noexcept override {
        return !is_with_demoted_host() && channel_.is_alive();
    }

    [[nodiscard]] std::string description() const override {
        return host_.name() + "/" + options_->database + ", process " +
               std::to_string(key_.process);
    }

    /// Runs a portal for some rows; for cursors. True: there are no more.
    [[nodiscard]] awaitable<bool> fetch(
        const std::string& portal,
        const prepared_statement& prepared,
        std::size_t count,
        driver::row_sink& sink,
        std::size_t& fetched
    );
    [[nodiscard]] awaitable<void> close_portal(const std::string& portal);

private:
    /// Unnamed statements whose columns are known, and the longest of their texts.
    static constexpr std::size_t most_descriptions = 100;
    static constexpr std::size_t longest_described = 16'384;
    /// Several messages are sent when this much is written.
    static constexpr std::size_t write_ahead = 262'144;

    /// What an exchange brought.
    struct outcome {
        std::optional<prepared_statement> reshaped;  // the columns are no more what they were
        driver::command_result result;
        std::optional<error_fields> failure;
        std::exception_ptr thrown;  // by the sink
        std::size_t rows = 0;
        bool suspended = false;
        bool is_answered = false;  // by the end of a statement
    };

    template <class Result>
    [[nodiscard]] awaitable<Result> in_call(awaitable<Result> body);
    [[nodiscard]] awaitable<std::exception_ptr> come_to_rest(std::exception_ptr failure);
    [[nodiscard]] awaitable<void> check();

    // Statements: session.cpp.
    [[nodiscard]] awaitable<driver::command_result> execute_now(
        const driver::request& statement, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<outcome> run_prepared(
        const driver::request& statement, const prepared_statement& prepared, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<driver::command_result> execute_simple(
        const driver::request& statement, driver::row_sink& sink
    );
    void describe_simple(const protocol::message& m, outcome& done);
    [[nodiscard]] awaitable<driver::command_result> execute_many_now(
        const driver::request& statement, std::size_t sets
    );
    [[nodiscard]] awaitable<void> send_sets(
        const driver::request& statement, std::size_t sets, const prepared_statement& prepared
    );
    void write_set(
        const driver::request& set,
        const prepared_statement& prepared,
        std::size_t before,
        bool has_sent
    );
    [[nodiscard]] awaitable<outcome> execute_script_now(std::string_view sql);
    [[nodiscard]] awaitable<outcome> run_script(std::string_view sql);
    [[nodiscard]] awaitable<outcome> read_result(
        const prepared_statement* prepared, driver::row_sink* sink, std::uint32_t max_rows = 0
    );
    void check_count(std::uint64_t rows, std::uint32_t max_rows);
    void track_session_state(const driver::request& statement, std::string_view tag);
    [[nodiscard]] error_fields error_of(const protocol::message& m);
    [[nodiscard]] bool shows_demotion(const error_fields& failure) const;
    [[nodiscard]] bool is_with_demoted_host() const noexcept;
    void note_read_only(std::string_view sql);
    [[noreturn]] void refuse_copy();
    static void throw_if_failed(std::optional<error_fields> failure, std::string_view sql);
    static void finish(outcome& done, std::string_view sql);

    // Rows. What a sink throws is kept in `thrown`, and it gets no more.
    void give_row(
        const protocol::message& m,
        const prepared_statement& prepared,
        driver::row_sink& sink,
        bool is_first,
        std::exception_ptr& thrown
    );
    static void give_no_rows(
        const prepared_statement& prepared, driver::row_sink& sink, std::exception_ptr& thrown
    );

    // What statements are made of: session_prepare.cpp.
    /// True for a statement that the server keeps under a name.
    [[nodiscard]] bool is_named(const driver::request& statement) const noexcept {
        return statement.cacheable && !cache_.is_off();
    }

    /// Null: it is not prepared yet.
    [[nodiscard]] prepared_statement* find_prepared(const driver::request& statement);
    [[nodiscard]] awaitable<prepared_statement*> prepare(const driver::request& statement);
    [[nodiscard]] awaitable<prepared_statement> describe(
        const driver::request& statement, std::string key, bool named
    );
    void write_bind(
        std::string_view portal,
        const prepared_statement& prepared,
        std::string_view sql,
        std::span<const driver::parameter> parameters
    );
    void write_parse_if_unnamed(
        const driver::request& statement, const prepared_statement& prepared
    );
    void take_description(
        const protocol::message& m, const prepared_statement& prepared, outcome& done
    );
    [[nodiscard]] awaitable<std::optional<error_fields>> try_to_describe(
        const driver::request& statement, prepared_statement& fresh
    );
    [[nodiscard]] static std::vector<std::uint32_t> types_of(const driver::request& statement);
    void describe_columns(const protocol::message& m, prepared_statement& of);
    void apply_types(prepared_statement& of) const;
    [[nodiscard]] std::vector<std::uint32_t> unknown_types(const prepared_statement& in) const;
    [[nodiscard]] awaitable<void> look_up(std::vector<std::uint32_t> types);
    [[nodiscard]] awaitable<void> look_up_level(collected_types& answers);
    [[noreturn]] void refuse_types(const std::exception_ptr& thrown);
    [[noreturn]] static void refuse_simple();
    /// True when the server forgot a prepared statement, or its result has another shape now, or
    /// its types are gone, or it cannot be done at all: nothing was done.
    [[nodiscard]] static bool is_stale(
        const prepared_statement& prepared, const error_fields& failure
    );
    /// Forgets the statements whose types may be others now. To be called before the pointers to
    /// prepared statements of a call are taken.
    void forget_changed_types();
    void take_command_complete(const protocol::message& m, driver::command_result& into);
    void note_changed_types();
    /// True when the failure was that one: the statement is prepared again when it is wanted again.
    [[nodiscard]] bool forget_if_stale(const prepared_statement& prepared, const outcome& done);
    void forget(const prepared_statement& stale);
    void write_evicted();

    // Portals: session_cursor.cpp.
    [[nodiscard]] awaitable<std::unique_ptr<driver::cursor>> open_cursor_now(
        const driver::request& statement
    );
    [[nodiscard]] awaitable<bool> fetch_now(
        const std::string& portal,
        const prepared_statement& prepared,
        std::size_t count,
        driver::row_sink& sink,
        std::size_t& fetched
    );
    [[nodiscard]] awaitable<outcome> close_portal_now(const std::string& portal);

    // Pipelines: session_pipeline.cpp.
    class pipeline_answers;
    [[nodiscard]] awaitable<std::size_t> execute_pipeline_now(
        std::span<driver::pipelined> statements, driver::pipeline_sync sync
    );
    [[nodiscard]] awaitable<std::vector<prepared_statement*>> prepare_all(
        std::span<driver::pipelined> statements
    );
    void write_all_pipelined(
        std::span<driver::pipelined> statements,
        std::vector<prepared_statement*>& prepared,
        driver::pipeline_sync sync
    );
    void write_pipelined(const driver::request& statement, const prepared_statement& prepared);
    void forget_all(
        const std::vector<std::size_t>& stale, const std::vector<prepared_statement*>& prepared
    );
    [[nodiscard]] awaitable<void> run_one_by_one(
        std::span<driver::pipelined> statements, const std::vector<std::size_t>& places
    );
    [[nodiscard]] awaitable<std::vector<std::size_t>> read_pipeline(
        std::span<driver::pipelined> statements,
        const std::vector<prepared_statement*>& prepared,
        driver::pipeline_sync sync
    );

    // COPY: session_copy.cpp.
    [[nodiscard]] awaitable<driver::command_result> copy_in_now(
        std::string_view sql, driver::copy_source& from
    );
    [[nodiscard]] awaitable<driver::command_result> copy_out_now(
        std::string_view sql, driver::copy_sink& to
    );
    [[nodiscard]] awaitable<driver::command_result> copy_rows_out_now(
        std::string_view sql,
        std::span<const sql_type> types,
        std::span<const std::string> names,
        driver::row_sink& sink
    );
    [[nodiscard]] awaitable<driver::command_result> copy_rows_in_now(
        std::string_view sql, std::span<const sql_type> types, driver::row_source& from
    );
    [[nodiscard]] awaitable<void> begin_copy(std::string_view sql, char answer);
    template <class WriteNext>
    [[nodiscard]] awaitable<driver::command_result> send_copy(
        std::string_view sql, WriteNext write_next
    );
    [[nodiscard]] awaitable<driver::command_result> end_copy_in(
        std::string_view sql, std::exception_ptr thrown
    );
    [[nodiscard]] awaitable<bool> server_takes_more();

    std::shared_ptr<const connect_options> options_;
    std::shared_ptr<type_catalog> types_;
    std::shared_ptr<sansio::scram_key_cache> keys_;
    std::shared_ptr<demoted_hosts> demoted_;
    host_options host_;
    std::uint64_t demotions_;  // of the host, before the session was opened
    channel channel_;
    std::shared_ptr<canceller> canceller_;
    statement_cache cache_;
    statement_cache descriptions_{most_descriptions};  // of unnamed statements
    prepared_statement unnamed_;
    std::string key_of_statement_;  // which find_prepared() has looked for last
    codec::text_rows text_rows_;
    std::vector<std::string> evicted_;
    std::vector<driver::field_slice> fields_;
    bool session_changed_ = false;
    bool is_demoted_ = false;              // closed as soon as its transaction has ended
    bool reads_only_ = false;              // as hand-written SQL has asked for, until it is reset
    bool transaction_reads_only_ = false;  // as its BEGIN has asked for
    bool changes_types_ = false;           // the transaction, or the statement
    std::uint64_t changes_seen_ = 0;       // of types_
    backend_key key_;
    std::uint64_t portals_ = 0;
    std::uint64_t notifications_ = 0;
};

// Runs what may be interrupted, and brings the session to rest if it was: until the server has
// passed the request on, and has answered once more, a request might hit the next statement.
template <class Result>
awaitable<Result> session::in_call(awaitable<Result> body) {
    co_await check();
    const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    canceller_->enter(canceller::phase::in_call);
    std::optional<Result> result;
    std::exception_ptr failure;
    bool is_foreign = false;  // no memory, a callback that throws
    try {
        result = co_await std::move(body);
    } catch (const error&) {
        failure = std::current_exception();
    } catch (...) {
        failure = std::current_exception();
        is_foreign = true;
    }
    if (canceller_->is_requested()) {
        failure = co_await come_to_rest(std::move(failure));
    }
    // The next call would be given the rest of the answer, or send the rest of the statement.
    const bool has_unsent = is_foreign && !channel_.out().messages().empty();
    if (failure != nullptr && (channel_.awaits_answer() || has_unsent)) {
        channel_.bytes().close();
    }
    note_changed_types();
    if (is_demoted_ && is_open() && status() == driver::transaction_status::idle) {
        channel_.bytes().close();
    }
    canceller_->enter(canceller::phase::idle);
    channel_.bytes().trim();
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
    co_return std::move(*result);
}

}  // namespace gino::postgresql
