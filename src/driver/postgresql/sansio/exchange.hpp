// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/driver.hpp>
#include <gino/driver/notification.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "driver/postgresql/codec/text.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/statement_cache.hpp"
#include "driver/postgresql/type_catalog.hpp"

namespace gino::postgresql::sansio {

/// The kind of request that a response answers, by the messages that were sent (manual, 55.2).
enum class request_kind : std::uint8_t {
    round_trip,  ///< Sync alone.
    prepare,     ///< Parse and Describe: the columns of a statement.
    portal,      ///< Bind or Close of a portal, without rows.
    execute,     ///< Bind and Execute, once for each set of parameters.
    script,      ///< Query: the simple protocol.
    copy_in,     ///< Query: COPY ... FROM STDIN.
    copy_out,    ///< Query: COPY ... TO STDOUT.
};

/// The destination of a response that is outstanding, and the part of it that was received.
///
/// The sender of a statement owns it, sets the members up to `executions`, and passes it to
/// `exchange::expect()`. The exchange sets the others, and `described`.
///
/// Lifetime: the exchange keeps a pointer to it until `is_complete`, or `exchange::abandon()`.
struct response {
    request_kind kind = request_kind::execute;
    /// The columns of the result, as they were known when the statement was sent. Not null if there
    /// is a sink. Must outlive the response.
    const prepared_statement* prepared = nullptr;
    /// Set from a RowDescription, for `prepare` and for statements whose columns are not known
    /// yet. Null: the columns are known. Must outlive the response.
    prepared_statement* described = nullptr;
    driver::row_sink* sink = nullptr;  ///< Must outlive the response. Null: rows are discarded.
    std::uint32_t max_rows = 0;        ///< 0: all.
    std::size_t executions = 1;        ///< The number of Execute messages, for `execute`.

    driver::command_result result{};  ///< The tag of the last execution, the row count of all.
    std::uint64_t rows = 0;           ///< The number of DataRow messages.
    bool is_suspended = false;        ///< PortalSuspended: there are more rows.
    bool has_begun_copy = false;      ///< The server is ready to receive, or to send, COPY's rows.
    bool is_complete = false;         ///< Its ReadyForQuery was received.
    /// The server's error. After it the server skips all messages up to the next Sync (manual,
    /// 55.2.3): the responses in between have neither a result nor a failure.
    std::unique_ptr<error_fields> failure{};
    std::exception_ptr thrown{};  ///< The exception of the sink, which gets no rows after it.
    /// The columns of the rows, when they differ from the columns of `prepared`.
    std::optional<prepared_statement> reshaped{};
};

/// Whether a Sync, or a Query, which implies one, was sent after a statement.
enum class sync : std::uint8_t { none, sent };

/// The next step of a session, after a message.
enum class action : std::uint8_t {
    read,            ///< Receive the next message.
    ready,           ///< It was a ReadyForQuery: the responses up to its Sync are complete.
    begin_copy,      ///< The server is ready to receive, or to send, the rows of COPY.
    refuse_copy_in,  ///< The server waits for rows, and the caller has none: send CopyFail.
    take_copy_data,  ///< Pass the message's body to the receiver of COPY ... TO STDOUT.
    lost,            ///< Close the connection, for the reason in `exchange::lost()`.
};

/// The means to end a statement early.
enum class cancel_action : std::uint8_t {
    none,          ///< None is needed: its response is complete.
    drop,          ///< The rest of its response is received and discarded.
    send_request,  ///< A CancelRequest.
};

/// The reason for the end of a session with a server.
struct loss {
    std::string why;                     ///< A text; empty: `reason` has it.
    std::optional<error_fields> reason;  ///< The server's error.
};

/// The responses that are outstanding, in the order in which their statements were sent, and the
/// state of the server's session. A single statement is a pipeline of one.
///
/// The exchange does no I/O: the session passes each received message to `take()`, which returns
/// the next step. The statements of several callers may be outstanding at once, each with its own
/// Sync, sink and cancellation.
///
/// | message | goes to |
/// | --- | --- |
/// | ReadyForQuery | all responses up to the first one with a Sync; they are complete |
/// | ErrorResponse | the first response that has not ended; if all have, the one with the Sync |
/// | ErrorResponse: FATAL, PANIC, or no response is outstanding | `lost()` |
/// | any other | the first response that has not ended |
/// | NoticeResponse, ParameterStatus, NotificationResponse | the session, at any time |
///
/// A response of kind `execute` ends with the CommandComplete, EmptyQueryResponse or
/// PortalSuspended of its last execution, the others with ReadyForQuery. An error after all have
/// ended is an error of the Sync itself: it commits, and a deferred constraint may fail then.
///
/// Invariants: `outstanding()` is the number of Syncs whose ReadyForQuery was not received; after
/// an ErrorResponse the next message, apart from asynchronous ones, is the ReadyForQuery.
///
/// Errors: an unexpected message is `errc::protocol_violation`; COPY without a caller that expects
/// it is an `argument_error`. The exchange must not be used after either: the session closes the
/// connection.
///
/// Thread safety: none.
class exchange {
public:
    /// @param host    Host and port, for error messages.
    /// @param types   Shared by the sessions of a driver.
    /// @param notice  Called for each NoticeResponse.
    exchange(std::string host, std::shared_ptr<type_catalog> types, driver::notice_callback notice)
        : host_(std::move(host)), types_(std::move(types)), on_notice_(std::move(notice)) {}

    /// Adds a response after the others.
    ///
    /// REQUIRES: the messages of its request were written without an error. A response that the
    /// server does not send would be waited for until the connection is closed.
    void expect(response& next, sync behind_it);

    /// Assigns a message to its response. Does not keep the message.
    [[nodiscard]] action take(const protocol::message& m);

    /// Handles a message that may arrive at any time (manual, 55.2.7): NoticeResponse,
    /// ParameterStatus, NotificationResponse. Returns nothing for any other message.
    [[nodiscard]] std::optional<action> take_asynchronous(const protocol::message& m);

    /// Handles the ReadyForQuery that ends the start-up, for which no response is outstanding.
    void take_first_ready(const protocol::message& m) { read_status(m); }

    /// Discards the rest of a response: its owner is about to be destroyed. The server sends it all
    /// the same, so its place in the queue stays.
    void abandon(response& r) noexcept;

    /// Discards the rest of every response.
    void abandon_all() noexcept;

    /// Ends a statement early. Its response is abandoned, unless a CancelRequest has to be sent:
    /// the response is then the server's error (57014), or the result if the request is late.
    ///
    /// A CancelRequest ends the statement that the server runs at its arrival, whichever that is
    /// (manual, 55.2.8). It is therefore sent only for the first of the responses while a single
    /// Sync is outstanding, and no statement may be sent before the server has delivered it.
    [[nodiscard]] cancel_action cancel(response& r) noexcept;

    /// True while a ReadyForQuery is outstanding.
    [[nodiscard]] bool is_waiting() const noexcept { return outstanding_ > 0; }

    /// The number of ReadyForQuery messages that are outstanding.
    [[nodiscard]] std::size_t outstanding() const noexcept { return outstanding_; }

    /// Returns the reason for `action::lost`.
    [[nodiscard]] loss& lost() noexcept { return loss_; }

    /// The state of the transaction in the last ReadyForQuery.
    [[nodiscard]] driver::transaction_status status() const noexcept { return status_; }

    /// Returns "on" or "off", the last value that the server has reported; empty: it reports no
    /// such setting (before PostgreSQL 14, or behind a pooler).
    [[nodiscard]] const std::string& in_hot_standby() const noexcept { return in_hot_standby_; }

    [[nodiscard]] const std::string& read_only_by_default() const noexcept {
        return read_only_by_default_;
    }

    void on_notification(driver::notification_callback f) { on_notification_ = std::move(f); }

    /// The number of notifications that were received.
    [[nodiscard]] std::uint64_t notifications() const noexcept { return notifications_; }

    /// Clears the catalogue of types if a statement since the last call may have changed types.
    /// Called when no transaction is open: other sessions could not see the change before.
    void publish_type_changes();

    /// Returns the types of a statement's columns that the catalogue does not have.
    [[nodiscard]] std::vector<std::uint32_t> unknown_types(const prepared_statement& in) const;

    /// Sets the columns' type names, kinds and formats from the catalogue.
    void apply_types(prepared_statement& of) const;

    /// @throws internal_error  `errc::protocol_violation`.
    [[noreturn]] void fail_unexpected(const protocol::message& m, std::string_view during) const;
    [[noreturn]] void fail_protocol(const std::string& violation) const;

private:
    /// A place in the queue. It stays when the response is abandoned.
    struct place {
        response* to;  // null: abandoned
        request_kind kind;
        bool has_sync;
        std::size_t executions_left;  // of `execute`: without an end so far
        bool has_answer = false;      // a statement has ended
    };

    [[nodiscard]] std::string task() const;
    [[nodiscard]] place& first();
    [[nodiscard]] bool has_ended(const place& p) const noexcept;
    void leave_ended();
    void read_status(const protocol::message& m);
    [[nodiscard]] action take_ready(const protocol::message& m);
    [[nodiscard]] action take_error(const protocol::message& m);
    [[nodiscard]] action take_part(place& p, const protocol::message& m);
    void take_row(place& p, const protocol::message& m);
    void take_columns(place& p, const protocol::message& m);
    void take_command_complete(place& p, const protocol::message& m);
    void end_execution(place& p);
    [[nodiscard]] action take_copy_response(place& p, const protocol::message& m);
    [[nodiscard]] static action begin_copy(place& p, bool is_in);
    [[nodiscard]] std::optional<action> take_setting(const protocol::message& m);
    void take_notification(const protocol::message& m);

    void describe(const protocol::message& m, prepared_statement& of) const;
    void compare_columns(const protocol::message& m, response& r) const;
    void give_row(const protocol::message& m, response& r);
    static void give_columns(response& r);

    std::string host_;
    std::shared_ptr<type_catalog> types_;
    driver::notice_callback on_notice_;
    driver::notification_callback on_notification_;

    // A queue in a vector: [first_, size). It keeps its memory, because it is cleared when it is
    // empty, and each statement adds a place.
    std::vector<place> places_;
    std::size_t first_ = 0;
    std::size_t outstanding_ = 0;
    bool has_failed_ = false;  // an ErrorResponse since the last ReadyForQuery
    loss loss_;

    driver::transaction_status status_ = driver::transaction_status::idle;
    bool changes_types_ = false;  // a statement since the last publish_type_changes()
    std::string in_hot_standby_;
    std::string read_only_by_default_;
    std::uint64_t notifications_ = 0;
    codec::text_rows text_rows_;
    std::vector<driver::field_slice> fields_;
};

}  // namespace gino::postgresql::sansio
