// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/core/value.hpp>
#include <gino/driver/awaitable.hpp>
#include <gino/driver/password.hpp>
#include <gino/driver/url.hpp>
#include <gino/types/field.hpp>
#include <gino/types/sql_type.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How a database is reached. What is said here holds for every driver.
///
/// A driver knows bytes and waiting for them; SQL text comes from a dialect, and who may use a
/// connection when is the engine's business.
namespace gino::driver {

/// A value for one bind parameter and the type that it is sent as.
struct parameter {
    const value* bound = nullptr;  ///< Must outlive the call.
    sql_type type;
};

/// One field of a row as received: null `data` is SQL's NULL.
struct field_slice {
    const std::byte* data = nullptr;
    std::size_t size = 0;
};

/// Takes the rows of one statement, one by one, as they arrive.
///
/// An exception from a function of a sink does not harm the connection: the driver reads the rest
/// of the result, without calling the sink again, and then throws that exception to its caller.
class row_sink {
public:
    row_sink(const row_sink&) = delete;
    row_sink& operator=(const row_sink&) = delete;

    /// Called once before the first row, also when there is none; not called for a statement that
    /// returns no rows.
    ///
    /// @param columns  Valid until the statement is done.
    virtual void columns(
        std::span<const column_description> columns, const field_decoder& decoder
    ) = 0;

    /// Called once per row.
    ///
    /// @param fields  As many as there are columns. Valid during the call.
    virtual void row(std::span<const field_slice> fields) = 0;

protected:
    row_sink() = default;
    ~row_sink() = default;
};

/// Takes rows, and does nothing with them.
class discarding_sink final : public row_sink {
public:
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const field_slice> /*fields*/) override {}
};

/// A statement to run. Everything that it points to must outlive the call.
struct request {
    std::string_view sql;
    std::span<const parameter> parameters = {};
    /// Keep a prepared statement for this text: true for statements that the language built,
    /// false for text that is likely to be unique.
    bool cacheable = true;
    /// The most rows to read, 0: all. PostgreSQL's Execute carries it; the rest is not sent.
    std::uint32_t max_rows = 0;
};

/// Where COPY ... FROM STDIN takes its bytes from.
class copy_source {
public:
    copy_source() = default;
    copy_source(const copy_source&) = delete;
    copy_source& operator=(const copy_source&) = delete;
    virtual ~copy_source() = default;

    /// Returns the next bytes, of any number; they are valid until the next call. Empty: the end.
    ///
    /// An exception ends COPY: the server undoes it, and whoever copies gets the exception.
    [[nodiscard]] virtual awaitable<std::span<const std::byte>> next() = 0;
};

/// Takes what COPY ... TO STDOUT brings. While it waits, the server waits too.
class copy_sink {
public:
    copy_sink() = default;
    copy_sink(const copy_sink&) = delete;
    copy_sink& operator=(const copy_sink&) = delete;
    virtual ~copy_sink() = default;

    /// Takes the next bytes; they are valid until it returns.
    ///
    /// An exception ends COPY, and whoever copies gets it; the connection lives on.
    [[nodiscard]] virtual awaitable<void> take(std::span<const std::byte> bytes) = 0;
};

/// Where rows for COPY ... FROM STDIN come from, as values.
class row_source {
public:
    row_source() = default;
    row_source(const row_source&) = delete;
    row_source& operator=(const row_source&) = delete;
    virtual ~row_source() = default;

    /// Fills in the values of the next row, one per column. False: there is none.
    ///
    /// An exception ends COPY: the server undoes it, and whoever copies gets the exception.
    [[nodiscard]] virtual bool next(std::vector<value>& row) = 0;
};

/// How far a backup has come.
struct backup_progress {
    std::uint64_t pages_left = 0;
    std::uint64_t pages = 0;  ///< In all; it may grow while others write.
};

using backup_callback = std::function<void(const backup_progress&)>;

/// What a database says when a statement is done.
struct command_result {
    std::string tag;                  ///< "INSERT 0 1", "SELECT 3", "CREATE TABLE".
    std::uint64_t affected_rows = 0;  ///< Rows inserted, updated, deleted or selected.
};

/// One statement of several that are sent together.
struct pipelined {
    request statement;
    row_sink* sink = nullptr;      ///< Must outlive the call. Null: rows are dropped.
    command_result result = {};    ///< Filled in.
    std::exception_ptr failure{};  ///< Filled in: what went wrong with it. Null: nothing.
};

/// What becomes of the statements of a pipeline when one of them fails.
enum class pipeline_sync : std::uint8_t {
    each,   ///< The others are run as if it were not there.
    batch,  ///< None is: those in front of it are undone, those behind it are not run.
};

/// Where the session stands between two statements.
enum class transaction_status : std::uint8_t {
    idle,
    in_transaction,
    failed,  ///< In a transaction that takes nothing but ROLLBACK.
};

/// A statement whose rows are asked for a batch at a time: a slow reader holds the server, not our
/// memory.
class cursor {
public:
    cursor() = default;
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;
    /// Never waits. What is still open on the server ends with its transaction.
    virtual ~cursor() = default;

    /// Reads up to `count` rows. Fewer rows than asked for: the end.
    ///
    /// @return The number of rows.
    [[nodiscard]] virtual awaitable<std::size_t> fetch(std::size_t count, row_sink& sink) = 0;

    /// Gives up the rest.
    [[nodiscard]] virtual awaitable<void> close() = 0;
};

/// A message that another session has sent by NOTIFY.
struct notification {
    std::int32_t process = 0;  ///< Of the sender.
    std::string channel;
    std::string payload;
};

/// Called when a notification has come, while the session reads something, or in
/// `connection::wait_for_notification()`. Must not throw.
using notification_callback = std::function<void(const notification&)>;

/// One session with a database.
///
/// Thread safety: calls must not overlap, but may come from different threads one after the other
/// (the engine's connection orders them); `interrupt()` may be called from any thread at any time.
/// Destroying it closes the session without waiting.
///
/// Errors: what the database reports is thrown by `throw_database_error()` with the statement's
/// text in it and leaves the session usable. A `connection_error` or an
/// `internal_error` (`errc::protocol_violation`) means that it is closed. An `argument_error`
/// (`errc::limit_exceeded`, `errc::bad_value`) was found before a byte was sent.
///
/// Cancellation: terminal, at every await. A session that was cancelled inside of a call is
/// interrupted; if it cannot be brought to rest it is closed, and `is_open()` says so.
class connection {
public:
    connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    virtual ~connection() = default;

    /// Runs one statement and feeds its rows to `sink`.
    [[nodiscard]] virtual awaitable<command_result> execute(
        const request& statement, row_sink& sink
    ) = 0;

    /// Runs one statement once per set of parameters, all or nothing, in as few round trips as the
    /// database allows. Rows are discarded.
    ///
    /// @param statement  `statement.parameters` holds the sets one behind the other.
    /// @param sets       How many; REQUIRES: it divides the number of parameters.
    /// @return The tag of the last set and the rows of all.
    [[nodiscard]] virtual awaitable<command_result> execute_many(
        const request& statement, std::size_t sets
    ) = 0;

    /// Runs several statements in one round trip, where the database allows.
    ///
    /// What the database says about one of them is in its `failure`; in a batch, the others then
    /// have an `operational_error` (`errc::transaction_aborted`). So is what its sink throws, which
    /// undoes nothing. A statement that cannot be sent is its own failure; in a batch it is thrown,
    /// and nothing is done.
    ///
    /// @param statements  Must outlive the call.
    /// @throws connection_error, argument_error  See above; nothing is said about single ones.
    [[nodiscard]] virtual awaitable<void> execute_pipeline(
        std::span<pipelined> statements, pipeline_sync sync
    );

    /// Opens a cursor. PostgreSQL wants a transaction around it.
    [[nodiscard]] virtual awaitable<std::unique_ptr<cursor>> open_cursor(const request& statement
    ) = 0;

    /// Runs a script of several statements without parameters; rows are discarded.
    [[nodiscard]] virtual awaitable<void> execute_script(std::string_view sql) = 0;

    /// Runs COPY ... FROM STDIN. Databases without COPY throw an `argument_error`.
    [[nodiscard]] virtual awaitable<command_result> copy_in(
        std::string_view sql, copy_source& from
    );

    /// Runs COPY ... TO STDOUT.
    [[nodiscard]] virtual awaitable<command_result> copy_out(std::string_view sql, copy_sink& to);

    /// Runs COPY table (columns) FROM STDIN with rows of values, in the format that suits their
    /// types.
    ///
    /// @param sql    Without options.
    /// @param types  Of the columns. Must outlive the call.
    [[nodiscard]] virtual awaitable<command_result> copy_rows_in(
        std::string_view sql, std::span<const sql_type> types, row_source& from
    );

    /// Runs COPY table (columns) TO STDOUT, and feeds the rows to `sink`.
    ///
    /// @param sql           Without options.
    /// @param types, names  Of the columns; as many.
    [[nodiscard]] virtual awaitable<command_result> copy_rows_out(
        std::string_view sql,
        std::span<const sql_type> types,
        std::span<const std::string> names,
        row_sink& sink
    );

    /// Copies the whole database into a file, as it is at one moment. Databases that are no files
    /// throw an `argument_error`.
    ///
    /// @param progress  Called between its steps; may be empty. Must outlive the call.
    [[nodiscard]] virtual awaitable<void> backup(
        const std::string& to_file, const backup_callback& progress
    );

    /// Who is told of notifications from now on. Databases without LISTEN never call it.
    virtual void on_notification(notification_callback callback);

    /// Waits until a notification has come, while nothing else is done with the session.
    ///
    /// @return False: none has come in time.
    /// @throws connection_error  The session is lost.
    /// @throws error             `errc::cancelled`; the session stays as it is.
    [[nodiscard]] virtual awaitable<bool> wait_for_notification(std::chrono::milliseconds at_most);

    /// Makes the session as good as new for its next user: rolls back, forgets settings, locks,
    /// temporary tables, listening channels. Costs nothing when there is nothing to do.
    ///
    /// @throws connection_error  The session is closed and must not be handed on.
    [[nodiscard]] virtual awaitable<void> reset() = 0;

    /// True when reset() would have nothing to do: the session is handed on at once then.
    [[nodiscard]] virtual bool is_clean() const noexcept { return false; }

    /// Says goodbye and closes. Does nothing when it is closed already. Does not throw.
    [[nodiscard]] virtual awaitable<void> close() = 0;

    /// Makes the call that is under way end soon with an error. Does nothing when there is none.
    ///
    /// Thread safety: any thread, at any time, also when the session is closed.
    virtual void interrupt() noexcept = 0;

    [[nodiscard]] virtual bool is_open() const noexcept = 0;

    [[nodiscard]] virtual transaction_status status() const noexcept = 0;

    /// False when the peer has hung up while the session was idle. Never waits.
    [[nodiscard]] virtual bool is_alive() noexcept = 0;

    /// Names the session for people: "127.0.0.1:5432/app, process 4711".
    [[nodiscard]] virtual std::string description() const = 0;
};

/// A warning or note of the server, outside of any result.
using notice_callback = std::function<void(const error_fields&)>;

/// Opens sessions with one database.
///
/// Thread safety: any thread.
class driver {
public:
    driver() = default;
    driver(const driver&) = delete;
    driver& operator=(const driver&) = delete;
    virtual ~driver() = default;

    /// Opens a session.
    ///
    /// @param executor  Runs its sockets and timers; threads of its own report there.
    /// @param timeout   For everything together, from name look-up to the first idle state.
    /// @throws connection_error  `errc::connect_failed`, `connect_timeout`,
    ///                           `authentication_failed`; says host, port, user and what to try.
    [[nodiscard]] virtual awaitable<std::unique_ptr<connection>> connect(
        boost::asio::any_io_executor executor, std::chrono::milliseconds timeout
    ) = 0;

    /// Called for each notice of any session, on the session's executor. Empty by default.
    virtual void on_notice(notice_callback callback) = 0;

    /// Asked for the password of each session that is opened from now on, instead of the URL's.
    ///
    /// @throws argument_error  `errc::invalid_option`: the database knows no passwords.
    virtual void on_password(password_callback callback);

    /// The most connections that make sense at once; 0: no limit. SQLite in memory says 1.
    [[nodiscard]] virtual std::size_t connection_limit() const noexcept = 0;

    /// Names the database for people, without a password: "postgresql://me@localhost:5432/app".
    [[nodiscard]] virtual std::string description() const = 0;
};

}  // namespace gino::driver
