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

/// The messages that were sent for one response.
enum class request_kind : std::uint8_t {
    round_trip,  ///< Sync alone.
    prepare,     ///< Parse and Describe: the columns of a statement.
    portal,      ///< Bind or Close, without rows.
    execute,     ///< Bind and Execute, of one set of parameters or several.
    script,      ///< Query: the simple protocol.
    copy_in,     ///< Query: COPY ... FROM STDIN.
    copy_out,    ///< Query: COPY ... TO STDOUT.
};

/// A response that is outstanding: where it goes, and the part of it that has come.
///
/// The sender of a statement owns it, fills in the first part, and hands it to
/// `exchange::expect()`. Lifetime: until `is_complete`, or `exchange::abandon()`.
struct response {
    request_kind kind = request_kind::execute;
    /// The columns of the result, as they were known when the statement was sent. Null: rows are
    /// dropped.
    const prepared_statement* prepared = nullptr;
    /// Filled in from a RowDescription: by `prepare`, and by statements whose columns were not
    /// known. Null: the columns were known.
    prepared_statement* described = nullptr;
    driver::row_sink* sink = nullptr;  ///< Null: rows are dropped.
    std::uint32_t max_rows = 0;        ///< 0: all.
    std::size_t executions = 1;        ///< How many times the statement was sent.

    driver::command_result result{};  ///< The tag of the last execution, the rows of all.
    std::uint64_t rows = 0;           ///< Rows that were sent.
    bool is_suspended = false;        ///< PortalSuspended: there are more rows.
    bool has_begun_copy = false;      ///< The server takes, or sends, the rows of COPY.
    bool is_complete = false;         ///< Its ReadyForQuery has come.
    /// The server's error. A failure of one response skips the others in front of the next Sync:
    /// they have neither a result nor a failure.
    std::unique_ptr<error_fields> failure{};
    std::exception_ptr thrown{};  ///< By the sink, which gets no more rows.
    /// The columns that came with the rows, when they are not those of `prepared`.
    std::optional<prepared_statement> reshaped{};
};

/// Whether a Sync (or a Query, which includes one) was sent behind a statement.
enum class sync : std::uint8_t { none, sent };

/// What a session has to do next.
enum class action : std::uint8_t {
    read,            ///< Take the next message.
    ready,           ///< A ReadyForQuery has come: the responses up to its Sync are complete.
    begin_copy,      ///< The server takes, or sends, the rows of COPY.
    refuse_copy_in,  ///< The server waits for rows that nobody has: send CopyFail.
    take_copy_data,  ///< The message's body is for the receiver of COPY ... TO STDOUT.
    lost,            ///< Close the connection, for the reason of `exchange::lost()`.
};

/// What ending a statement early takes.
enum class cancel_action : std::uint8_t {
    none,          ///< Its response is complete.
    drop,          ///< Nothing: it is answered all the same, and its rows are dropped.
    send_request,  ///< A CancelRequest.
};

/// Why a session with a server is over.
struct loss {
    std::string why;                     ///< Empty: `reason` says it.
    std::optional<error_fields> reason;  ///< The server's error, of severity FATAL or PANIC.
};

/// The responses that are outstanding, in the order in which their statements were sent, and the
/// state of the server's session. A single statement is a pipeline of one.
///
/// It waits for nothing: the session takes messages from its channel and gives them to `take()`,
/// which returns what to do next. The statements of several callers may be outstanding at once,
/// each with its own Sync, sink and cancellation.
///
/// | message | goes to |
/// | --- | --- |
/// | ReadyForQuery | all responses up to the first one with a Sync, which are complete then |
/// | ErrorResponse | the first response that has not ended; the last one in front of the Sync when
/// all have (a deferred constraint fails at COMMIT) |
/// | any other | the first response that has not ended |
/// | NoticeResponse, ParameterStatus, NotificationResponse | the session, at any time |
///
/// Invariants: `outstanding()` counts the Syncs whose ReadyForQuery has not come; behind the error
/// of a response only its ReadyForQuery is taken.
///
/// Errors: a message that has no place here is `errc::protocol_violation`, and COPY without a
/// caller that expects it an `argument_error`. The exchange cannot be used after either: the
/// session closes the connection.
///
/// Thread safety: none.
class exchange {
public:
    /// @param host   For messages.
    /// @param types  The types of the columns.
    exchange(std::string host, std::shared_ptr<type_catalog> types, driver::notice_callback notice)
        : host_(std::move(host)), types_(std::move(types)), on_notice_(std::move(notice)) {}

    /// Adds a response behind the others. REQUIRES: its messages are written.
    void expect(response& next, sync behind_it);

    /// Takes a message.
    [[nodiscard]] action take(const protocol::message& m);

    /// Takes a message that may come at any time (manual, 55.2.7): NoticeResponse, ParameterStatus,
    /// NotificationResponse. Nothing: it is another one.
    [[nodiscard]] std::optional<action> take_asynchronous(const protocol::message& m);

    /// Takes the ReadyForQuery that ends the start-up.
    void take_first_ready(const protocol::message& m);

    /// Drops the rest of a response, whose owner goes away.
    void abandon(response& r) noexcept;

    /// Drops the rest of every response.
    void abandon_all() noexcept;

    /// Ends a statement early. Its response is abandoned, unless a CancelRequest is to be sent: the
    /// server answers it with an error then.
    ///
    /// A CancelRequest ends whatever the server does when it arrives. It is sent only for a
    /// statement that is alone, and no statement may follow before the server has passed it on.
    [[nodiscard]] cancel_action cancel(response& r) noexcept;

    /// True while a ReadyForQuery is outstanding.
    [[nodiscard]] bool is_waiting() const noexcept { return outstanding_ > 0; }

    /// The number of ReadyForQuery messages that are outstanding.
    [[nodiscard]] std::size_t outstanding() const noexcept { return outstanding_; }

    /// See `action::lost`.
    [[nodiscard]] loss& lost() noexcept { return loss_; }

    /// The state of the transaction in the last ReadyForQuery.
    [[nodiscard]] driver::transaction_status status() const noexcept { return status_; }

    /// "on" or "off", as the server has reported these settings; empty: it has not.
    [[nodiscard]] const std::string& in_hot_standby() const noexcept { return in_hot_standby_; }

    [[nodiscard]] const std::string& read_only_by_default() const noexcept {
        return read_only_by_default_;
    }

    void on_notification(driver::notification_callback f) { on_notification_ = std::move(f); }

    /// The number of notifications that have come.
    [[nodiscard]] std::uint64_t notifications() const noexcept { return notifications_; }

    /// Tells the catalogue of types that statements since the last call, which are committed or
    /// lost now, may have changed types.
    void publish_type_changes();

    /// The types of a statement's columns that the catalogue does not know.
    [[nodiscard]] std::vector<std::uint32_t> unknown_types(const prepared_statement& in) const;

    /// Looks the types of the columns up again.
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
        std::size_t executions_left;
    };

    [[nodiscard]] std::string task() const;
    [[nodiscard]] place& first();
    [[nodiscard]] bool has_ended(const place& p) const noexcept;
    void leave_ended();
    [[nodiscard]] action take_ready(const protocol::message& m);
    [[nodiscard]] action take_error(const protocol::message& m);
    [[nodiscard]] action take_part(place& p, const protocol::message& m);
    void take_row(place& p, const protocol::message& m);
    void take_columns(place& p, const protocol::message& m);
    void take_command_complete(place& p, const protocol::message& m);
    void end_execution(place& p);
    [[nodiscard]] action take_copy_response(place& p, const protocol::message& m);
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

    // The queue is a vector with a first element, so that it keeps its memory.
    std::vector<place> places_;
    std::size_t first_ = 0;
    std::size_t outstanding_ = 0;
    bool has_failed_ = false;  // a response since the last ReadyForQuery
    loss loss_;

    driver::transaction_status status_ = driver::transaction_status::idle;
    bool changes_types_ = false;  // the transaction, or the statement
    std::string in_hot_standby_;
    std::string read_only_by_default_;
    std::uint64_t notifications_ = 0;
    codec::text_rows text_rows_;
    std::vector<driver::field_slice> fields_;
};

}  // namespace gino::postgresql::sansio
