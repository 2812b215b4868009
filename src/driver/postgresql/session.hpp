// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/copy.hpp>
#include <gino/driver/driver.hpp>
#include <gino/driver/notification.hpp>

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
#include <type_traits>
#include <utility>
#include <vector>

#include "driver/postgresql/channel.hpp"
#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/demoted_hosts.hpp"
#include "driver/postgresql/interrupter.hpp"
#include "driver/postgresql/sansio/exchange.hpp"
#include "driver/postgresql/sansio/scram_keys.hpp"
#include "driver/postgresql/start_up.hpp"
#include "driver/postgresql/statement_cache.hpp"
#include "driver/postgresql/type_catalog.hpp"

namespace gino::postgresql {

/// What the sessions of a driver share.
struct session_settings {
    std::shared_ptr<const connect_options> options;
    std::shared_ptr<type_catalog> types = std::make_shared<type_catalog>();
    std::shared_ptr<sansio::scram_key_cache> keys = std::make_shared<sansio::scram_key_cache>();
    std::shared_ptr<demoted_hosts> demoted = std::make_shared<demoted_hosts>();
    driver::notice_callback on_notice{};
    password_callback password{};  ///< Empty: the passwords of the options.
};

/// A session with a server: writes the messages of statements, and waits for the answers, which
/// its exchange understands.
///
/// | state | means | ends with |
/// | --- | --- | --- |
/// | idle | no ReadyForQuery is outstanding | any call |
/// | busy | messages were sent, a ReadyForQuery is outstanding | ReadyForQuery, or the loss of the
/// connection |
///
/// Invariant: a call that ends normally, or by an error of the server or of a sink, leaves the
/// session idle; one that ends otherwise has closed the connection.
class session final : public driver::connection, public driver::copier, public driver::notifier {
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
          exchange_(host_.name(), types_, std::move(settings.on_notice)),
          channel_(executor),
          interrupter_(std::make_shared<interrupter>(channel_.bytes())),
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

    [[nodiscard]] driver::copier* copying() noexcept override { return this; }

    [[nodiscard]] driver::notifier* notifications() noexcept override { return this; }

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

    void interrupt() noexcept override { static_cast<void>(interrupter_->interrupt()); }

    [[nodiscard]] bool is_open() const noexcept override { return channel_.bytes().is_open(); }

    [[nodiscard]] driver::transaction_status status() const noexcept override {
        return exchange_.status();
    }

    [[nodiscard]] bool is_alive() noexcept override;

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
    using request_kind = sansio::request_kind;
    using response = sansio::response;

    /// Unnamed statements whose columns are known, and the longest of their texts.
    static constexpr std::size_t most_descriptions = 100;
    static constexpr std::size_t longest_described = 16'384;
    /// Several messages are sent when this many bytes are written.
    static constexpr std::size_t write_ahead = 262'144;

    // Calls: session.cpp.
    /// Runs the body of a public function, which returns an awaitable, so that it may be
    /// interrupted, and leaves the session idle or closed.
    template <class Body>
    [[nodiscard]] auto in_call(Body body) -> std::invoke_result_t<Body&>;
    void check_usable(boost::asio::cancellation_type cancelled) const;
    [[nodiscard]] awaitable<std::exception_ptr> drain_cancelled(std::exception_ptr failure);
    void end_call(bool must_close);
    void give_up() noexcept;
    /// Sends what is written and receives until no answer is outstanding.
    [[nodiscard]] awaitable<void> receive_all();
    /// Receives until the exchange needs more than the next message.
    [[nodiscard]] awaitable<sansio::action> receive(protocol::message& m);
    [[nodiscard]] sansio::action take(const protocol::message& m);

    // Statements: session.cpp.
    [[nodiscard]] awaitable<driver::command_result> run(
        const driver::request& statement, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<driver::command_result> run_simple(
        const driver::request& statement, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<void> run_script(std::string_view sql);
    void write_execution(
        const driver::request& statement, const prepared_statement& prepared, response& to
    );
    [[nodiscard]] awaitable<void> send_sets(
        const driver::request& statement,
        std::size_t sets,
        const prepared_statement& prepared,
        response& to
    );
    void write_set(
        const driver::request& set,
        const prepared_statement& prepared,
        std::size_t before,
        bool has_sent
    );
    void write_sync(response& to);
    void write_query(std::string_view sql, response& to);
    /// Throws the failure of a response, if it has one.
    void finish(response& done, std::string_view sql);
    void note_failure(const error_fields& failure);
    void track_session_state(const driver::request& statement, std::string_view tag);
    void track_read_only(std::string_view sql);
    [[nodiscard]] bool shows_demotion(const error_fields& failure) const;
    [[nodiscard]] bool is_with_demoted_host() const noexcept;

    // Prepared statements and types: session_prepare.cpp.
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
    [[nodiscard]] awaitable<std::unique_ptr<error_fields>> try_to_describe(
        const driver::request& statement, prepared_statement& fresh
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
    void write_evicted();
    [[nodiscard]] static std::vector<std::uint32_t> types_of(const driver::request& statement);
    [[nodiscard]] awaitable<void> look_up(std::vector<std::uint32_t> types);
    [[nodiscard]] awaitable<void> look_up_level(collected_types& answers);
    [[noreturn]] void refuse_types(const std::exception_ptr& thrown);
    [[noreturn]] static void refuse_simple();
    /// True when the server forgot a prepared statement, or its result has other columns now, or
    /// its types are gone, or it cannot be done at all: nothing was done.
    [[nodiscard]] static bool is_stale(
        const prepared_statement& prepared, const error_fields& failure
    );
    /// Forgets the statements whose types may be others now. To be called before the pointers to
    /// prepared statements of a call are taken.
    void forget_changed_types();
    /// Forgets a statement whose failure is that one, or whose columns are others now: it is
    /// prepared again when it is used again. True: the statement has to be run again.
    [[nodiscard]] bool forget_if_stale(const prepared_statement& prepared, const response& done);
    void forget(const prepared_statement& stale);

    // Pipelines: session_pipeline.cpp.
    [[nodiscard]] awaitable<void> run_pipeline(
        std::span<driver::pipelined> statements, driver::pipeline_sync sync
    );
    [[nodiscard]] awaitable<std::vector<prepared_statement*>> prepare_all(
        std::span<driver::pipelined> statements
    );
    void write_pipeline(
        std::span<driver::pipelined> statements,
        std::vector<prepared_statement*>& prepared,
        driver::pipeline_sync sync,
        std::vector<response>& responses
    );
    void write_pipelined(const driver::request& statement, const prepared_statement& prepared);
    void expect_pipeline(
        std::span<driver::pipelined> statements,
        const std::vector<prepared_statement*>& prepared,
        bool is_batch,
        std::vector<response>& responses
    );
    [[nodiscard]] std::vector<std::size_t> take_responses(
        std::span<driver::pipelined> statements,
        const std::vector<prepared_statement*>& prepared,
        std::vector<response>& responses
    );
    [[nodiscard]] awaitable<void> run_one_by_one(
        std::span<driver::pipelined> statements, const std::vector<std::size_t>& places
    );

    // COPY: session_copy.cpp.
    [[nodiscard]] awaitable<void> begin_copy(std::string_view sql, response& to);
    template <class WriteNext>
    [[nodiscard]] awaitable<driver::command_result> send_copy(
        std::string_view sql, response& to, WriteNext write_next
    );
    [[nodiscard]] awaitable<driver::command_result> end_copy_in(
        std::string_view sql, response& to, std::exception_ptr thrown
    );
    [[nodiscard]] awaitable<bool> server_takes_more();
    [[nodiscard]] awaitable<driver::command_result> receive_copy(
        std::string_view sql, driver::copy_sink& to
    );

    std::shared_ptr<const connect_options> options_;
    std::shared_ptr<type_catalog> types_;
    std::shared_ptr<sansio::scram_key_cache> keys_;
    std::shared_ptr<demoted_hosts> demoted_;
    host_options host_;
    std::uint64_t demotions_;  // of the host, before the session was opened
    sansio::exchange exchange_;
    channel channel_;
    std::shared_ptr<interrupter> interrupter_;
    statement_cache cache_;
    statement_cache descriptions_{most_descriptions};  // of unnamed statements
    prepared_statement unnamed_;
    std::string key_of_statement_;  // the key that find_prepared() has looked for last
    std::vector<std::string> evicted_;
    bool session_changed_ = false;         // by hand-written SQL, until the session is reset
    bool is_demoted_ = false;              // closed as soon as its transaction has ended
    bool reads_only_ = false;              // as hand-written SQL has asked, until it is reset
    bool transaction_reads_only_ = false;  // as its BEGIN has asked
    std::uint64_t changes_seen_ = 0;       // of types_
    backend_key key_;
    std::uint64_t portals_ = 0;
};

template <class Body>
auto session::in_call(Body body) -> std::invoke_result_t<Body&> {
    using result_type = typename std::invoke_result_t<Body&>::value_type;
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    check_usable(state.cancelled());
    const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    interrupter_->enter(interrupter::phase::busy);
    std::optional<std::conditional_t<std::is_void_v<result_type>, bool, result_type>> result;
    // A handler cannot await, so the failure is kept.
    std::exception_ptr failure;
    bool is_foreign = false;  // no memory, a callback that throws
    try {
        if constexpr (std::is_void_v<result_type>) {
            co_await body();
        } else {
            auto done = co_await body();
            result.emplace(std::move(done));
        }
    } catch (const error&) {
        failure = std::current_exception();
    } catch (...) {
        failure = std::current_exception();
        is_foreign = true;
    }
    if (interrupter_->is_requested()) {
        failure = co_await drain_cancelled(std::move(failure));
    }
    // The next call would receive the rest of the answer, or send the rest of the statement.
    const bool has_rest =
        exchange_.is_waiting() || (is_foreign && !channel_.out().messages().empty());
    end_call(failure != nullptr && has_rest);
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
    if constexpr (!std::is_void_v<result_type>) {
        co_return std::move(*result);
    }
}

}  // namespace gino::postgresql
