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

/// The interfaces between the engine and a database driver. Their contracts hold for every driver.
///
/// A driver sends SQL text and receives bytes. A dialect writes the SQL text; the engine decides
/// which coroutine uses which connection, and when. Programs use `gino::engine` and need this
/// header only to write a driver or a wrapper around one.
namespace gino::driver {

/// The value of one bind parameter, and the SQL type that it is sent as.
struct parameter {
    const value* bound = nullptr;  ///< Not null. Must outlive the call.
    sql_type type;                 ///< `unknown`: the server infers the type.
};

/// The bytes of one field of a received row, in the driver's own format.
struct field_slice {
    const std::byte* data = nullptr;  ///< Null: SQL's NULL. An empty value is not null.
    std::size_t size = 0;
};

/// Receives the rows of one statement, one at a time, as they arrive.
///
/// An exception from a function of a sink leaves the connection usable: the driver reads or
/// abandons the rest of the result, does not call the sink again, and then throws that exception to
/// its caller.
///
/// Thread safety: a driver calls a sink on the executor of the coroutine that awaits the statement.
class row_sink {
public:
    row_sink(const row_sink&) = delete;
    row_sink& operator=(const row_sink&) = delete;

    /// Receives the description of the columns.
    ///
    /// It is called once, before the first row, also when the result has no rows. It is not called
    /// for a statement that returns no result set, such as an INSERT without RETURNING.
    ///
    /// @param columns  Valid until the statement is done.
    /// @param decoder  Reads the fields of the rows. Outlives the statement.
    virtual void columns(
        std::span<const column_description> columns, const field_decoder& decoder
    ) = 0;

    /// Receives one row.
    ///
    /// @param fields  One for each column, in their order. Valid during the call.
    virtual void row(std::span<const field_slice> fields) = 0;

protected:
    row_sink() = default;
    ~row_sink() = default;
};

/// A sink that ignores all rows.
class discarding_sink final : public row_sink {
public:
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const field_slice> /*fields*/) override {}
};

/// A statement to run. All that it points to must outlive the call.
struct request {
    /// The text, with the database's own placeholders: `$1` (PostgreSQL), `?` (SQLite).
    std::string_view sql;
    /// The values of the placeholders, in their order.
    std::span<const parameter> parameters = {};
    /// Whether to keep a prepared statement for this text: true for statements that the dialect
    /// wrote, false for text that is unlikely to be sent again. After a text that is not cacheable,
    /// PostgreSQL's `connection::reset()` cleans the session unless the command tag shows a plain
    /// INSERT, UPDATE, DELETE or transaction command.
    bool cacheable = true;
    /// The largest number of rows to read; 0: all. On PostgreSQL it is the row limit of the Execute
    /// message, and the server does not send the rest (manual, 55.2.3).
    std::uint32_t max_rows = 0;
};

/// The kind of a command that is done, as far as the engine and programs tell commands apart.
enum class command_kind : std::uint8_t {
    other,  ///< DDL, SET, and everything else.
    select,
    insert,
    update,
    delete_,
    begin,
    commit,
    /// ROLLBACK, and also a COMMIT of a transaction in which a statement had failed.
    rollback,
    copy,
};

/// The database's summary of a statement that is done.
struct command_result {
    /// PostgreSQL's command tag, for people: "INSERT 0 1", "SELECT 3". The other databases write
    /// the same ones. Programs look at the other members.
    std::string tag;
    std::uint64_t affected_rows = 0;  ///< Rows inserted, updated, deleted or selected.
    command_kind kind = command_kind::other;
    /// After an INSERT on SQLite: `last_insert_rowid()`. An upsert that updates, and a table
    /// WITHOUT ROWID, leave it as an earlier INSERT has set it. Nothing: no INSERT, or PostgreSQL.
    std::optional<std::int64_t> last_inserted_id{};
};

/// Returns the kind of a command by its tag in PostgreSQL's form (manual, 55.7, CommandComplete).
[[nodiscard]] command_kind kind_of_tag(std::string_view tag) noexcept;

/// One statement of a pipeline, and the place for its result.
struct pipelined {
    request statement;
    row_sink* sink = nullptr;      ///< Must outlive the call. Null: rows are ignored.
    command_result result = {};    ///< Set by the call.
    std::exception_ptr failure{};  ///< Set by the call: its error. Null: it has none.
};

/// The effect of a failed statement on the other statements of its pipeline.
enum class pipeline_sync : std::uint8_t {
    each,  ///< No effect: the others run as if it were absent.
    /// All or nothing: the statements before it are rolled back, those after it are skipped.
    batch,
};

/// The transaction state of a session between two statements, as in ReadyForQuery (manual, 55.7).
enum class transaction_status : std::uint8_t {
    idle,            ///< Not in a transaction.
    in_transaction,  ///< In a transaction block.
    failed,          ///< In a failed transaction, which accepts ROLLBACK alone.
};

/// An open statement whose rows are fetched in batches. A slow reader delays the server and does
/// not fill the memory of the program.
///
/// Lifetime: on PostgreSQL a cursor refers to its connection and must not be used after it.
class cursor {
public:
    cursor() = default;
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;
    /// Returns at once, without waiting. On PostgreSQL the portal stays open on the server until
    /// its transaction ends.
    virtual ~cursor() = default;

    /// Reads up to `count` rows into `sink`.
    ///
    /// After the last row each call returns 0. After `close()`, PostgreSQL's cursor returns 0 and
    /// SQLite's throws a `state_error` (`errc::closed`).
    ///
    /// @param count  The largest number of rows.
    /// @param sink   Receives the columns at the first row of each batch, then the rows.
    /// @return The number of rows. Fewer than `count`: the end was reached.
    [[nodiscard]] virtual awaitable<std::size_t> fetch(std::size_t count, row_sink& sink) = 0;

    /// Discards the remaining rows.
    [[nodiscard]] virtual awaitable<void> close() = 0;
};

class copier;
class notifier;
class backup_maker;

/// One session with a database.
///
/// COPY, notifications and backups are parts that a session has or not: `copying()`,
/// `notifications()`, `backups()`.
///
/// Thread safety: calls must not overlap, but may come from different threads one after the other
/// (the engine's connection orders them). `interrupt()` may be called from any thread at any time.
///
/// Lifetime: the destructor closes the session without notifying the server and without waiting for
/// the network.
///
/// Errors: an error that the database reports is thrown by `throw_database_error()` with the
/// statement's text, and leaves the session usable. A `connection_error` or an `internal_error`
/// (`errc::protocol_violation`) means that the session is closed. An `argument_error`
/// (`errc::limit_exceeded`, `errc::bad_value`) is thrown before any byte is sent. A call on a
/// closed session throws a `connection_error` (`errc::connection_lost`) on PostgreSQL and a
/// `state_error`
/// (`errc::closed`) on SQLite.
///
/// Cancellation: terminal, at every await. A session that was cancelled inside a call is
/// interrupted; if the server does not end the statement in time, the session is closed, and
/// `is_open()` returns false.
class connection {
public:
    connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    virtual ~connection() = default;

    /// Runs one statement and passes its rows to `sink`.
    ///
    /// @param statement  Its text has exactly one statement.
    /// @param sink       Must outlive the call.
    /// @return The command tag and the number of rows.
    /// @throws database_error  The database reported an error; its class follows the SQLSTATE.
    /// @throws argument_error  A value cannot be sent, or the text has a second statement. For a
    ///                         COPY from STDIN or to STDOUT, PostgreSQL's session is closed too.
    [[nodiscard]] virtual awaitable<command_result> execute(
        const request& statement, row_sink& sink
    ) = 0;

    /// Runs one statement once for each set of parameters, all or nothing, in as few round trips as
    /// the database allows. Rows are discarded.
    ///
    /// @param statement  `statement.parameters` has the sets one after the other.
    /// @param sets       Their number. REQUIRES: it divides the number of parameters. 0: nothing is
    ///                   done.
    /// @return The tag of the last set, and the number of rows of all sets.
    [[nodiscard]] virtual awaitable<command_result> execute_many(
        const request& statement, std::size_t sets
    ) = 0;

    /// Runs several statements, in one round trip where the database allows it.
    ///
    /// The error of a statement is in its `failure`. In a batch, the other statements then have an
    /// `operational_error` (`errc::transaction_aborted`) as theirs. An exception of a sink is the
    /// `failure` of its statement and rolls nothing back. A statement that cannot be sent has an
    /// `argument_error` as its `failure`; in a batch that error is thrown, and nothing is stored.
    ///
    /// @param statements  Must outlive the call. Earlier results in them are overwritten.
    /// @param sync        The effect of a failed statement on the others.
    /// @throws connection_error  The session is closed; the results of single statements are not
    ///                           set.
    /// @throws argument_error    See above.
    [[nodiscard]] virtual awaitable<void> execute_pipeline(
        std::span<pipelined> statements, pipeline_sync sync
    ) = 0;

    /// Opens a cursor for a statement.
    ///
    /// @throws state_error  `errc::wrong_state`: PostgreSQL's portals need a transaction block.
    [[nodiscard]] virtual awaitable<std::unique_ptr<cursor>> open_cursor(const request& statement
    ) = 0;

    /// Runs a script of several statements without parameters; rows are discarded.
    ///
    /// On PostgreSQL a script is one simple query, which is one transaction unless the script has
    /// its own (manual, 55.2.2). On SQLite each statement is its own transaction.
    [[nodiscard]] virtual awaitable<void> execute_script(std::string_view sql) = 0;

    /// Returns the part that runs COPY. Null: the database has no COPY.
    ///
    /// Lifetime: as the session.
    [[nodiscard]] virtual copier* copying() noexcept { return nullptr; }

    /// Returns the part that receives notifications. Null: the database has no LISTEN and NOTIFY.
    ///
    /// Lifetime: as the session.
    [[nodiscard]] virtual notifier* notifications() noexcept { return nullptr; }

    /// Returns the part that makes backups. Null: the database is no file.
    ///
    /// Lifetime: as the session.
    [[nodiscard]] virtual backup_maker* backups() noexcept { return nullptr; }

    /// Cleans the session for its next user: rolls back an open transaction, and resets settings,
    /// locks, temporary tables and listening channels. It returns at once when nothing has changed.
    ///
    /// @throws connection_error  The session is closed and must not be used again.
    [[nodiscard]] virtual awaitable<void> reset() = 0;

    /// Returns true when `reset()` has nothing to do, so that the session can be reused at once.
    [[nodiscard]] virtual bool is_clean() const noexcept { return false; }

    /// Closes the session gracefully: PostgreSQL receives a Terminate message. It does nothing when
    /// the session is closed already, and does not throw.
    [[nodiscard]] virtual awaitable<void> close() = 0;

    /// Requests that the running call ends soon with an error. It does nothing when there is none.
    ///
    /// Thread safety: any thread, at any time, also when the session is closed.
    virtual void interrupt() noexcept = 0;

    /// Returns false after `close()` and after an error that closed the session. It does not ask
    /// the server.
    [[nodiscard]] virtual bool is_open() const noexcept = 0;

    /// Returns the transaction state after the last statement.
    [[nodiscard]] virtual transaction_status status() const noexcept = 0;

    /// Returns false when the idle session must not be used again: the peer closed it, PostgreSQL's
    /// server has become a standby, or SQLite's file was deleted or replaced. Never waits.
    [[nodiscard]] virtual bool is_alive() noexcept = 0;

    /// Returns a name of the session for logs and messages: "127.0.0.1:5432/app, process 4711".
    [[nodiscard]] virtual std::string description() const = 0;
};

/// Receives a warning or note of the server, which belongs to no result (manual, 55.2.7).
using notice_callback = std::function<void(const error_fields&)>;

/// A factory of sessions with one database.
///
/// Thread safety: any thread, but `on_notice()` and `on_password()` must not overlap with other
/// calls.
class driver {
public:
    driver() = default;
    driver(const driver&) = delete;
    driver& operator=(const driver&) = delete;
    virtual ~driver() = default;

    /// Opens a session.
    ///
    /// @param executor  Runs the session's sockets and timers. Threads of a driver post their
    ///                  results there.
    /// @param timeout   The limit for all steps together, from the name look-up to the first idle
    ///                  state.
    /// @throws connection_error  `errc::connect_failed`, `errc::connect_timeout`,
    ///                           `errc::authentication_failed` or `errc::tls_failed`; the message
    ///                           has host, port, user, and what to try.
    [[nodiscard]] virtual awaitable<std::unique_ptr<connection>> connect(
        boost::asio::any_io_executor executor, std::chrono::milliseconds timeout
    ) = 0;

    /// Sets the callback for the notices of all sessions. It runs on the session's executor. There
    /// is none by default.
    virtual void on_notice(notice_callback callback) = 0;

    /// Sets the callback that returns the password for each session opened from now on. It replaces
    /// the password of the URL.
    ///
    /// @throws argument_error  `errc::invalid_option`: the database has no passwords.
    virtual void on_password(password_callback callback);

    /// Returns the largest useful number of open sessions; 0: no limit. A SQLite database in memory
    /// has 1.
    [[nodiscard]] virtual std::size_t connection_limit() const noexcept = 0;

    /// Returns a name of the database for logs and messages, without a password:
    /// "postgresql://me@localhost:5432/app".
    [[nodiscard]] virtual std::string description() const = 0;
};

}  // namespace gino::driver
