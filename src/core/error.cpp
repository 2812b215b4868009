// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>

#include <utility>

namespace gino {

std::string_view to_string(errc code) noexcept {
    switch (code) {
        case errc::invalid_argument:
            return "invalid_argument";
        case errc::invalid_url:
            return "invalid_url";
        case errc::invalid_option:
            return "invalid_option";
        case errc::closed:
            return "closed";
        case errc::wrong_state:
            return "wrong_state";
        case errc::uninitialized:
            return "uninitialized";
        case errc::cannot_compile:
            return "cannot_compile";
        case errc::no_result:
            return "no_result";
        case errc::multiple_results:
            return "multiple_results";
        case errc::no_such_row:
            return "no_such_row";
        case errc::unknown_json_property:
            return "unknown_json_property";
        case errc::pool_timeout:
            return "pool_timeout";
        case errc::statement_timeout:
            return "statement_timeout";
        case errc::connect_timeout:
            return "connect_timeout";
        case errc::cancelled:
            return "cancelled";
        case errc::connect_failed:
            return "connect_failed";
        case errc::authentication_failed:
            return "authentication_failed";
        case errc::tls_failed:
            return "tls_failed";
        case errc::connection_lost:
            return "connection_lost";
        case errc::commit_unknown:
            return "commit_unknown";
        case errc::transaction_aborted:
            return "transaction_aborted";
        case errc::protocol_violation:
            return "protocol_violation";
        case errc::limit_exceeded:
            return "limit_exceeded";
        case errc::bad_value:
            return "bad_value";
        case errc::unexpected_null:
            return "unexpected_null";
        case errc::database:
            return "database";
        case errc::http:
            return "http";
    }
    return "unknown";
}

error::error(errc code, const std::string& message, std::source_location where)
    : std::runtime_error(message), code_(code), where_(where) {}

database_error::database_error(
    errc code, const std::string& message, error_fields fields, std::source_location where
)
    : error(code, message, where),
      fields_(std::make_shared<const error_fields>(std::move(fields))) {}

bool database_error::is_connection_lost() const noexcept {
    switch (code()) {
        case errc::connect_failed:
        case errc::connect_timeout:
        case errc::connection_lost:
        case errc::commit_unknown:
        case errc::protocol_violation:
            return true;
        default:
            // Class 08 is "connection exception". The others are sent by a server that stops or
            // starts, and it ends the session after them.
            return sqlstate().starts_with("08") || sqlstate() == sqlstate::admin_shutdown ||
                   sqlstate() == sqlstate::crash_shutdown ||
                   sqlstate() == sqlstate::cannot_connect_now;
    }
}

// Only errors after which the database is certain to have undone, or not begun, the work.
bool database_error::is_retryable() const noexcept {
    if (code() == errc::connect_failed || code() == errc::connect_timeout) {
        return true;
    }
    return sqlstate() == sqlstate::serialization_failure ||
           sqlstate() == sqlstate::deadlock_detected ||
           sqlstate() == sqlstate::cannot_connect_now ||
           sqlstate() == sqlstate::too_many_connections;
}

namespace {

// `detail` is left out: it may contain values of a row ("Key (mail)=(...) already exists").
std::string sentence(const error_fields& fields) {
    std::string text = fields.message.empty() ? "the database reported an error" : fields.message;
    if (!fields.sqlstate.empty()) {
        text += " (SQLSTATE " + fields.sqlstate + ")";
    }
    if (!fields.hint.empty()) {
        text += "; hint: " + fields.hint;
    }
    if (!fields.statement.empty()) {
        text += "; statement: " + fields.statement;
    }
    return text;
}

template <class Error>
[[noreturn]] void raise(error_fields&& fields, std::source_location where) {
    const std::string message = sentence(fields);
    throw Error(errc::database, message, std::move(fields), where);
}

}  // namespace

// The classes of SQLSTATE are those of PostgreSQL 15, appendix A. The specific codes are checked
// before their class.
void throw_database_error(error_fields fields, std::source_location where) {
    const std::string state = fields.sqlstate;
    const std::string_view group = std::string_view(state).substr(0, 2);
    if (state == sqlstate::unique_violation) {
        raise<unique_violation>(std::move(fields), where);
    }
    if (state == sqlstate::foreign_key_violation) {
        raise<foreign_key_violation>(std::move(fields), where);
    }
    if (state == sqlstate::not_null_violation) {
        raise<not_null_violation>(std::move(fields), where);
    }
    if (state == sqlstate::check_violation) {
        raise<check_violation>(std::move(fields), where);
    }
    if (group == "23") {
        raise<integrity_error>(std::move(fields), where);
    }
    if (group == "22" || group == "21") {
        raise<data_error>(std::move(fields), where);
    }
    if (group == "08") {
        raise<connection_error>(std::move(fields), where);
    }
    if (group == "28") {
        const std::string message = sentence(fields);
        throw connection_error(errc::authentication_failed, message, std::move(fields), where);
    }
    if (group == "0A") {
        raise<not_supported_error>(std::move(fields), where);
    }
    if (group == "42" || group == "3D" || group == "3F" || group == "26" || group == "34") {
        raise<programming_error>(std::move(fields), where);
    }
    if (group == "XX") {
        raise<internal_error>(std::move(fields), where);
    }
    raise<operational_error>(std::move(fields), where);
}

}  // namespace gino
