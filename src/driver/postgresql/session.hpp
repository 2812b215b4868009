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

/// The objects that the sessions of a driver share.
struct session_settings {
    std::shared_ptr<const connect_options> options;
    std::shared_ptr<type_catalog> types = std::make_shared<type_catalog>();
    std::shared_ptr<sansio::scram_key_cache> keys = std::make_shared<sansio::scram_key_cache>();
    std::shared_ptr<demoted_hosts> demoted = std::make_shared<demoted_hosts>();
    driver::notice_callback on_notice{};
    password_callback password{};  ///< Empty: the passwords of the options.
};

/// A session with a server. It writes the messages of statements into its channel, passes the
/// received messages to its exchange, and takes the step that the exchange returns.
///
/// | state | means | ends with |
/// | --- | --- | --- |
/// | idle | no ReadyForQuery is outstanding | any call |
/// | busy | a ReadyForQuery is outstanding | ReadyForQuery, or the end of the connection |
///
/// Invariants: a call that returns, or throws an error of the server or of a sink, leaves the
/// session idle; after any other failure the connection is closed. Nothing is sent for a statement
/// that cannot be encoded.
///
/// Thread safety: as `driver::connection`; `interrupt()` from any thread.
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

    /// True when the session is encrypted, or was before it was closed.
    [[nodiscard]] bool had_tls() const noexcept { return channel_.bytes().had_tls(); }

    /// True when the server is of the kind that `target_session_attrs` requests.
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
        return is_open() && !is_in_call_ && status() == driver::transaction_status::idle &&
               !session_changed_;
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

    /// Fetches rows of a cursor's portal. Returns true when there are no more.
    ///
    /// @param portal, prepared  Must outlive the call.
    /// @param fetched           Set to the number of rows; unchanged when the call throws.
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

    /// The number of unnamed statements whose columns are kept, and the longest of their keys, in
    /// bytes: a text of megabytes is unlikely to be sent again.
    static constexpr std::size_t most_descriptions = 100;
    static constexpr std::size_t longest_described = 16'384;
    /// The number of bytes after which a call with many messages begins to send them.
    static constexpr std::size_t write_ahead = 262'144;

    // Calls: session.cpp.
    /// Runs the body of a public function as one call: it can be interrupted, and leaves the
    /// session idle or closed.
    ///
    /// A public function that does nothing else returns this awaitable and is no coroutine itself,
    /// so that a statement needs one frame less.
    ///
    /// @param body  Returns an awaitable. Captures references, pointers and views only: within a
    ///              `co_await` expression GCC 12 destroys a closure that captures a string, for
    ///              instance, twice (docs/gcc12.md). They live as long as the caller awaits.
    template <class Body>
    [[nodiscard]] auto in_call(Body body) -> std::invoke_result_t<Body&>;
    void check_usable(boost::asio::cancellation_type cancelled) const;
    [[nodiscard]] awaitable<std::exception_ptr> drain_cancelled(std::exception_ptr failure);
    void end_call(bool must_close);
    void give_up() noexcept;
    void close_if_abandoned() noexcept;
    /// Sends the written messages and receives until no ReadyForQuery is outstanding.
    [[nodiscard]] awaitable<void> receive_all();
    /// Receives until the exchange returns another action than `read`. The message is the last one.
    [[nodiscard]] awaitable<sansio::action> receive(protocol::message& m);
    [[nodiscard]] sansio::action take(const protocol::message& m);
    /// Takes the messages that were received. Waits for none.
    void take_arrived();

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
    /// Throws the server's error, or else the sink's exception, if the response has one.
    void finish(response& done, std::string_view sql);
    void note_failure(const error_fields& failure);
    void track_session_state(const driver::request& statement, std::string_view tag);
    void track_read_only(std::string_view sql);
    [[nodiscard]] bool shows_demotion(const error_fields& failure) const;
    [[nodiscard]] bool is_with_demoted_host() const noexcept;

    // Prepared statements and types: session_prepare.cpp.
    /// True for a statement that is prepared under a name.
    [[nodiscard]] bool is_named(const driver::request& statement) const noexcept {
        return statement.cacheable && !cache_.is_off();
    }

    /// Returns null when the statement is not prepared yet. The pointer is valid until a statement
    /// is added to the cache, or removed from it.
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
    /// True when the error may be gone after the statement is prepared again: the server no longer
    /// has it (DISCARD ALL, another server behind a pooler), its columns have changed, or a type
    /// was dropped. The statement has changed nothing.
    [[nodiscard]] static bool is_stale(
        const prepared_statement& prepared, const error_fields& failure
    );
    /// Forgets the statements whose types may have changed.
    ///
    /// REQUIRES: the call holds no pointer to a prepared statement.
    void forget_changed_types();
    /// Forgets a statement that `is_stale()`, or whose columns have changed: its next run prepares
    /// it again. Returns true when the statement should be run again. `prepared` must not be used
    /// after this.
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
    [[nodiscard]] awaitable<bool> server_takes_more(response& to);
    [[nodiscard]] awaitable<driver::command_result> receive_copy(
        std::string_view sql, driver::copy_sink& to
    );

    std::shared_ptr<const connect_options> options_;
    std::shared_ptr<type_catalog> types_;
    std::shared_ptr<sansio::scram_key_cache> keys_;
    std::shared_ptr<demoted_hosts> demoted_;
    host_options host_;
    std::uint64_t demotions_;  // of the host, when the session was created
    sansio::exchange exchange_;
    channel channel_;
    std::shared_ptr<interrupter> interrupter_;
    statement_cache cache_;
    statement_cache descriptions_{most_descriptions};  // of unnamed statements
    prepared_statement unnamed_;                       // the last one that no cache keeps
    std::string key_of_statement_;                     // built by the last find_prepared()
    std::vector<std::string> evicted_;     // names for Close, in front of the next statement
    bool is_in_call_ = false;              // between two calls: the coroutine of one is gone
    bool session_changed_ = false;         // by hand-written SQL, until the session is reset
    bool is_demoted_ = false;              // closed as soon as its transaction has ended
    bool reads_only_ = false;              // hand-written SQL has requested it, until reset()
    bool transaction_reads_only_ = false;  // the last hand-written BEGIN has requested it
    std::uint64_t changes_seen_ = 0;       // types_->changes() at the last statement
    backend_key key_;                      // for CancelRequest
    std::uint64_t portals_ = 0;            // opened so far, for their names
};

template <class Body>
auto session::in_call(Body body) -> std::invoke_result_t<Body&> {
    using result_type = typename std::invoke_result_t<Body&>::value_type;
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    close_if_abandoned();
    check_usable(state.cancelled());
    // A cancelled await would throw at once, and leave the rest of the response unread. Instead
    // byte_stream::check_wait() notices the cancellation and has the server asked to stop.
    const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    is_in_call_ = true;
    interrupter_->enter(interrupter::phase::busy);
    std::optional<std::conditional_t<std::is_void_v<result_type>, bool, result_type>> result;
    // A handler must not contain co_await, so the failure is kept.
    std::exception_ptr failure;
    bool is_foreign = false;  // no error of gino: no memory, a callback that throws
    try {
        if constexpr (std::is_void_v<result_type>) {
            co_await body();
        } else {
            // A name: GCC 12 destroys some temporaries of co_await expressions twice.
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
    // Otherwise the next call would receive the rest of this response, or send the messages of an
    // incomplete statement.
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
