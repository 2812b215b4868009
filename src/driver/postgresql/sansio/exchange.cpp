// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/sansio/exchange.hpp"

#include <algorithm>
#include <utility>

#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/oids.hpp"

namespace gino::postgresql::sansio {

using protocol::message_type;

namespace {

/// The longest part of a setting's value that is kept: the values of interest are "on", "off" and
/// names of encodings.
constexpr std::size_t longest_switch = 64;

bool is_copy(request_kind kind) {
    return kind == request_kind::copy_in || kind == request_kind::copy_out;
}

bool has_same_columns(const prepared_statement& a, const prepared_statement& b) {
    return std::ranges::equal(
        a.columns,
        b.columns,
        [](const column_description& one, const column_description& other) {
            return one.name == other.name && one.type_id == other.type_id;
        }
    );
}

/// Returns the format that Bind has requested for a column (manual, 55.7, Bind): no format means
/// text, a single one applies to all columns. -1: there was no such column.
std::int16_t sent_format(const prepared_statement& of, std::size_t column) {
    if (of.formats.size() < 2) {
        return of.formats.empty() ? std::int16_t{0} : of.formats.front();
    }
    return column < of.formats.size() ? of.formats[column] : std::int16_t{-1};
}

/// Returns the columns of the rows that the server sends for a response.
const prepared_statement& columns_of(const response& r) {
    return r.reshaped ? *r.reshaped : *r.prepared;
}

}  // namespace

// The queue.

void exchange::expect(response& next, sync behind_it) {
    // clear() keeps the memory: a statement allocates nothing here.
    if (first_ == places_.size()) {
        places_.clear();
        first_ = 0;
    } else if (first_ > places_.size() / 2) {
        // Statements that always overlap never leave the queue empty.
        places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    const bool has_sync = behind_it == sync::sent;
    places_.push_back(
        {.to = &next,
         .kind = next.kind,
         .has_sync = has_sync,
         .executions_left = next.kind == request_kind::execute ? next.executions : 0}
    );
    outstanding_ += has_sync ? 1 : 0;
}

void exchange::abandon(response& r) noexcept {
    for (std::size_t i = first_; i < places_.size(); ++i) {
        if (places_[i].to == &r) {
            places_[i].to = nullptr;
        }
    }
}

void exchange::abandon_all() noexcept {
    for (auto& one : places_) {
        one.to = nullptr;
    }
}

cancel_action exchange::cancel(response& r) noexcept {
    if (r.is_complete) {
        return cancel_action::none;
    }
    // The statements of other callers may run now, or be next: the request would end one of them.
    const bool is_alone = first_ < places_.size() && places_[first_].to == &r && outstanding_ == 1;
    if (is_alone) {
        return cancel_action::send_request;
    }
    abandon(r);
    return cancel_action::drop;
}

exchange::place& exchange::first() {
    return places_[first_];
}

// True when the server has sent all results of the place. The other kinds end with ReadyForQuery.
bool exchange::has_ended(const place& p) const noexcept {
    return p.kind == request_kind::execute && p.executions_left == 0;
}

// Moves to the response that the next message belongs to. A response with a Sync is left by its
// ReadyForQuery only, in take_ready().
void exchange::leave_ended() {
    while (has_ended(first()) && !first().has_sync && first_ + 1 < places_.size()) {
        ++first_;
    }
}

// Messages.

action exchange::take(const protocol::message& m) {
    // Checked first: of a large result nearly every message is a DataRow.
    if (m.type != message_type::data_row) {
        if (const auto done = take_asynchronous(m)) {
            return *done;
        }
    }
    if (m.type == message_type::error_response) {
        return take_error(m);
    }
    if (first_ == places_.size()) {
        fail_unexpected(m, task());
    }
    if (m.type == message_type::ready_for_query) {
        return take_ready(m);
    }
    // After an error the server skips all messages up to the Sync (manual, 55.2.3).
    if (has_failed_) {
        fail_unexpected(m, "the end of " + task());
    }
    leave_ended();
    place& p = first();
    if (has_ended(p)) {
        fail_unexpected(m, "the end of " + task());
    }
    return take_part(p, m);
}

void exchange::read_status(const protocol::message& m) {
    if (!protocol::read_ready(m.body, status_)) {
        fail_protocol("a malformed ReadyForQuery");
    }
}

action exchange::take_ready(const protocol::message& m) {
    read_status(m);
    for (bool is_last = false; !is_last && first_ < places_.size(); ++first_) {
        const place& p = first();
        is_last = p.has_sync;
        // A ReadyForQuery before the result of a statement would pass for an empty result.
        const bool wants_rows =
            p.kind == request_kind::script && p.to != nullptr && p.to->sink != nullptr;
        const bool lacks_answer =
            p.kind == request_kind::execute ? !has_ended(p) : wants_rows && !p.has_answer;
        if (lacks_answer && !has_failed_) {
            fail_unexpected(m, task());
        }
        if (p.to == nullptr) {
            continue;
        }
        if (wants_rows && p.to->rows == 0 && p.to->failure == nullptr) {
            give_columns(*p.to);
        }
        p.to->is_complete = true;
    }
    has_failed_ = false;
    outstanding_ -= outstanding_ > 0 ? 1 : 0;
    return action::ready;
}

action exchange::take_error(const protocol::message& m) {
    error_fields fields;
    if (!protocol::read_error(m.body, fields)) {
        fail_protocol("a malformed ErrorResponse");
    }
    const bool is_fatal = fields.severity == "FATAL" || fields.severity == "PANIC";
    // Without an outstanding response only a server that closes the connection sends an error: an
    // idle session timeout, or a shutdown.
    if (is_fatal || first_ == places_.size()) {
        loss_ = {.why = {}, .reason = std::move(fields)};
        return action::lost;
    }
    if (has_failed_) {
        fail_unexpected(m, "the end of " + task());
    }
    leave_ended();
    has_failed_ = true;
    if (response* r = first().to) {
        r->failure = std::make_unique<error_fields>(std::move(fields));
    }
    return action::read;
}

// Handles a message of a response that has not ended. The completion messages without contents are
// not compared with the request: ReadyForQuery ends the response in any case.
action exchange::take_part(place& p, const protocol::message& m) {
    switch (m.type) {
        case message_type::data_row:
            take_row(p, m);
            return action::read;
        case message_type::command_complete:
            take_command_complete(p, m);
            return action::read;
        case message_type::portal_suspended:
            if (p.kind != request_kind::execute) {
                fail_unexpected(m, task());
            }
            if (p.to != nullptr) {
                p.to->is_suspended = true;
            }
            end_execution(p);
            return action::read;
        case message_type::empty_query_response:
            end_execution(p);
            return action::read;
        case message_type::row_description:
            take_columns(p, m);
            return action::read;
        case message_type::parse_complete:
        case message_type::bind_complete:
        case message_type::close_complete:
        case message_type::no_data:
            return action::read;
        case message_type::parameter_description:
            if (p.kind != request_kind::prepare) {
                fail_unexpected(m, task());
            }
            return action::read;
        case message_type::copy_in_response:
        case message_type::copy_out_response:
        case message_type::copy_data:
        case message_type::copy_done:
            return take_copy_response(p, m);
        default:
            fail_unexpected(m, task());
    }
}

// COPY ends with CommandComplete and ReadyForQuery, as any statement does (manual, 55.2.6).
action exchange::take_copy_response(place& p, const protocol::message& m) {
    if (!is_copy(p.kind)) {
        throw argument_error(
            errc::invalid_argument,
            "COPY ... FROM STDIN and TO STDOUT have calls of their own, copy_in() and copy_out(); "
            "the connection is closed"
        );
    }
    const bool is_in = p.kind == request_kind::copy_in;
    switch (m.type) {
        case message_type::copy_in_response:
        case message_type::copy_out_response:
            return begin_copy(p, m.type == message_type::copy_in_response);
        case message_type::copy_data: {
            const bool is_wanted =
                !is_in && p.to != nullptr && p.to->has_begun_copy && p.to->thrown == nullptr;
            return is_wanted ? action::take_copy_data : action::read;
        }
        default:
            return action::read;
    }
}

action exchange::begin_copy(place& p, bool is_in) {
    const bool is_wanted = p.to != nullptr && is_in == (p.kind == request_kind::copy_in);
    if (is_wanted && !p.to->has_begun_copy) {
        p.to->has_begun_copy = true;
        return action::begin_copy;
    }
    if (is_wanted) {
        p.to->thrown = std::make_exception_ptr(argument_error(
            errc::invalid_argument, "a text has several COPY statements; run one at a time"
        ));
    }
    return is_in ? action::refuse_copy_in : action::read;
}

// Rows.

void exchange::take_row(place& p, const protocol::message& m) {
    const bool may_have_rows =
        p.kind == request_kind::execute || p.kind == request_kind::script || is_copy(p.kind);
    if (!may_have_rows) {
        fail_unexpected(m, task());
    }
    response* const r = p.to;
    if (r == nullptr) {
        return;
    }
    ++r->rows;
    const bool is_too_many = r->max_rows != 0 && r->rows > r->max_rows;
    // A caller that requests n rows has memory for n, even if the server is compromised
    // (docs/decisions/0033). The simple protocol has no row limit: its surplus rows are discarded.
    if (is_too_many && p.kind == request_kind::execute) {
        fail_protocol("more rows than the " + std::to_string(r->max_rows) + " that were asked for");
    }
    if (r->sink != nullptr && r->thrown == nullptr && !is_too_many) {
        give_row(m, *r);
    }
}

void exchange::give_row(const protocol::message& m, response& r) {
    const prepared_statement& columns = columns_of(r);
    fields_.resize(columns.columns.size());
    if (!protocol::read_data_row(m.body, fields_)) {
        fail_protocol("a malformed DataRow");
    }
    try {
        // The sink's exception is kept: the rest of the response has to be received all the same.
        if (r.rows == 1) {
            r.sink->columns(columns.columns, codec::decoder());
        }
        if (columns.is_text) {
            text_rows_.make_binary(fields_, columns.columns);
        }
        r.sink->row(fields_);
    } catch (...) {
        r.thrown = std::current_exception();
    }
}

// Passes the columns of a result without rows to the sink.
void exchange::give_columns(response& r) {
    const prepared_statement& columns = columns_of(r);
    if (columns.columns.empty() || r.thrown != nullptr) {
        return;
    }
    try {
        r.sink->columns(columns.columns, codec::decoder());
    } catch (...) {
        r.thrown = std::current_exception();
    }
}

void exchange::end_execution(place& p) {
    p.has_answer = true;
    if (p.kind != request_kind::execute) {
        return;
    }
    --p.executions_left;
    response* const r = p.to;
    if (r != nullptr && r->sink != nullptr && r->rows == 0) {
        give_columns(*r);
    }
}

// A change of types is visible to this transaction at once, so the catalogue is cleared now; to
// other sessions it is visible after the commit, so publish_type_changes() clears it again. After a
// ROLLBACK the catalogue may have types that no longer exist.
void exchange::take_command_complete(place& p, const protocol::message& m) {
    driver::command_result one;
    if (!protocol::read_command_complete(m.body, one)) {
        fail_protocol("a malformed CommandComplete");
    }
    const bool changes = may_change_types(one.tag);
    if (changes || (changes_types_ && one.kind == driver::command_kind::rollback)) {
        types_->note_change();
    }
    changes_types_ = changes_types_ || changes;
    if (response* r = p.to) {
        one.affected_rows += r->result.affected_rows;
        r->result = std::move(one);
    }
    end_execution(p);
}

void exchange::publish_type_changes() {
    if (changes_types_) {
        types_->note_change();
        changes_types_ = false;
    }
}

// Columns.

void exchange::take_columns(place& p, const protocol::message& m) {
    response* const r = p.to;
    if (r == nullptr || is_copy(p.kind)) {
        return;
    }
    switch (p.kind) {
        case request_kind::prepare:
            if (r->described->columns.empty()) {
                describe(m, *r->described);
            }
            return;
        case request_kind::script:
            if (r->described != nullptr && r->described->columns.empty()) {
                describe(m, *r->described);
            } else if (r->described != nullptr) {
                r->thrown = std::make_exception_ptr(argument_error(
                    errc::invalid_argument,
                    "a text has several statements with rows; run one at a time"
                ));
            }
            return;
        case request_kind::execute:
            break;
        default:
            fail_unexpected(m, task());
    }
    // Describe of a portal is sent for the unnamed statement only, in front of its Execute.
    const bool is_described =
        r->described != nullptr ? !r->described->columns.empty() : r->reshaped.has_value();
    if (r->prepared == nullptr || !r->prepared->name.empty() || r->rows > 0 || is_described) {
        fail_unexpected(m, task());
    }
    if (r->described != nullptr) {
        describe(m, *r->described);
    } else {
        compare_columns(m, *r);
    }
}

void exchange::describe(const protocol::message& m, prepared_statement& of) const {
    std::vector<protocol::column> columns;
    if (!protocol::read_row_description(m.body, columns)) {
        fail_protocol("a malformed RowDescription");
    }
    for (auto& column : columns) {
        const std::uint32_t type = of.is_text ? codec::sent_type_of(column.type) : column.type;
        of.has_other_types = of.has_other_types || type >= codec::oid::first_of_users;
        of.columns.push_back(
            {.name = std::move(column.name), .type_id = type, .table_id = column.table}
        );
    }
    apply_types(of);
}

// Compares the columns of an unnamed statement with the ones of its earlier description. Bind has
// requested the formats of the earlier columns: the rows can be decoded only if the new columns
// have the same formats.
void exchange::compare_columns(const protocol::message& m, response& r) const {
    prepared_statement now;
    describe(m, now);
    if (has_same_columns(now, *r.prepared)) {
        return;
    }
    bool is_readable = unknown_types(now).empty();
    for (std::size_t i = 0; i < now.formats.size() && is_readable; ++i) {
        is_readable = now.formats[i] == sent_format(*r.prepared, i);
    }
    if (!is_readable) {
        r.thrown = std::make_exception_ptr(data_error(
            errc::bad_value,
            "the result has other columns than when the statement was run before; run it again"
        ));
    }
    r.reshaped = std::move(now);
}

void exchange::apply_types(prepared_statement& of) const {
    of.formats.clear();
    for (auto& column : of.columns) {
        if (auto known = types_->find(column.type_id)) {
            column.type_name = std::move(known->name);
            column.type_id = known->same_as != 0 ? known->same_as : column.type_id;
        }
        column.kind = codec::kind_of(column.type_id);
        of.formats.push_back(codec::is_binary(column.type_id) && !of.is_text ? 1 : 0);
    }
}

std::vector<std::uint32_t> exchange::unknown_types(const prepared_statement& in) const {
    std::vector<std::uint32_t> unknown;
    for (const auto& column : in.columns) {
        if (types_->is_unknown(column.type_id)) {
            unknown.push_back(column.type_id);
        }
    }
    return unknown;
}

// Asynchronous messages.

std::optional<action> exchange::take_asynchronous(const protocol::message& m) {
    switch (m.type) {
        case message_type::notice_response: {
            error_fields notice;
            if (!protocol::read_error(m.body, notice)) {
                fail_protocol("a malformed NoticeResponse");
            }
            if (on_notice_) {
                on_notice_(notice);
            }
            return action::read;
        }
        case message_type::parameter_status:
            return take_setting(m);
        case message_type::notification_response:
            take_notification(m);
            return action::read;
        default:
            return std::nullopt;
    }
}

std::optional<action> exchange::take_setting(const protocol::message& m) {
    std::string_view name;
    std::string_view setting;
    if (!protocol::read_parameter_status(m.body, name, setting)) {
        fail_protocol("a malformed ParameterStatus");
    }
    const std::string kept(setting.substr(0, longest_switch));
    // In another encoding the byte of a quote or a backslash may be a part of a character, and
    // without standard_conforming_strings a backslash escapes the quote after it: SQL with quoted
    // literals would be open to injection.
    const bool other_encoding = name == "client_encoding" && setting != "UTF8";
    const bool other_strings = name == "standard_conforming_strings" && setting != "on";
    if (other_encoding || other_strings) {
        loss_ = {
            .why = "its setting " + std::string(name) + " was changed to \"" + kept +
                   "\", with which texts are not safe",
            .reason = std::nullopt};
        return action::lost;
    }
    // All other settings are discarded: a server could fill the memory with them
    // (docs/decisions/0033).
    if (name == "in_hot_standby") {
        in_hot_standby_ = kept;
    } else if (name == "default_transaction_read_only") {
        read_only_by_default_ = kept;
    }
    return action::read;
}

void exchange::take_notification(const protocol::message& m) {
    driver::notification received;
    if (!protocol::read_notification(m.body, received)) {
        fail_protocol("a malformed NotificationResponse");
    }
    ++notifications_;
    if (on_notification_) {
        on_notification_(received);
    }
}

// Errors.

// Returns the session's present task, for error messages.
std::string exchange::task() const {
    if (first_ == places_.size()) {
        return "the wait for a statement";
    }
    if (places_.size() > 1) {
        return "a pipeline";
    }
    return places_[first_].kind == request_kind::prepare ? "preparing a statement" : "a statement";
}

void exchange::fail_protocol(const std::string& violation) const {
    protocol::throw_violation(host_, violation);
}

void exchange::fail_unexpected(const protocol::message& m, std::string_view during) const {
    fail_protocol(
        "an unexpected message of type " + std::to_string(static_cast<int>(m.type)) + " during " +
        std::string(during)
    );
}

}  // namespace gino::postgresql::sansio
