// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/driver.hpp>
#include <gino/driver/notification.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "driver/postgresql/protocol/message_type.hpp"
#include "driver/postgresql/protocol/wire.hpp"

/// The messages of protocol 3 that this driver sends and reads (manual, 55.7).
namespace gino::postgresql::protocol {

// Sent.

void write_startup(writer& to, const std::vector<std::pair<std::string, std::string>>& parameters);
void write_sasl_initial(writer& to, std::string_view mechanism, std::string_view response);
void write_sasl_response(writer& to, std::string_view response);
void write_password(writer& to, std::string_view password);
/// The first message, if any, of a connection with TLS; the answer is one byte (manual, 55.2.10).
void write_ssl_request(writer& to);
/// The only message of a connection that has the statement of another connection ended (manual,
/// 55.2.8).
void write_cancel_request(writer& to, std::int32_t process, std::int32_t secret);
void write_query(writer& to, std::string_view sql);
void write_parse(
    writer& to, std::string_view name, std::string_view sql, std::span<const std::uint32_t> types
);
/// Requests the types of a statement's parameters, and its columns.
void write_describe_statement(writer& to, std::string_view name);
/// Requests a portal's columns.
void write_describe_portal(writer& to, std::string_view portal);
/// @param formats  Of the result's columns: 0 text, 1 binary; none: all text.
/// @param at       Set to the number of the parameter that is being written, from 1, and to 0
///                 before and after the parameters: after an exception, the one that cannot be
///                 encoded.
void write_bind(
    writer& to,
    std::string_view portal,
    std::string_view statement,
    std::span<const driver::parameter> parameters,
    std::span<const std::int16_t> formats,
    std::size_t* at = nullptr
);
/// @param most  The largest number of rows; 0: all.
void write_execute(writer& to, std::string_view portal, std::uint32_t most);
/// @param kind  'S': a statement; 'P': a portal.
void write_close(writer& to, char kind, std::string_view name);
void write_sync(writer& to);
void write_terminate(writer& to);
/// @param bytes  Fewer than `longest_message`.
void write_copy_data(writer& to, std::span<const std::byte> bytes);
void write_copy_done(writer& to);
void write_copy_fail(writer& to, std::string_view why);

// Received.

/// A received message. Lifetime: the body is a view of the receive buffer, see
/// `channel::try_next()`.
struct message {
    message_type type = {};
    std::span<const std::byte> body;
};

/// A column of RowDescription.
struct column {
    std::string name;
    std::uint32_t table = 0;
    std::uint32_t type = 0;
};

// Each function returns false when the message is malformed, or has bytes after its last field.
[[nodiscard]] bool read_error(std::span<const std::byte> body, error_fields& into);
[[nodiscard]] bool read_row_description(std::span<const std::byte> body, std::vector<column>& into);
/// @param into  Must have as many elements as the result has columns.
[[nodiscard]] bool read_data_row(
    std::span<const std::byte> body, std::span<driver::field_slice> into
);
[[nodiscard]] bool read_command_complete(
    std::span<const std::byte> body, driver::command_result& into
);
[[nodiscard]] bool read_parameter_status(
    std::span<const std::byte> body, std::string_view& name, std::string_view& setting
);
[[nodiscard]] bool read_notification(std::span<const std::byte> body, driver::notification& into);
[[nodiscard]] bool read_ready(std::span<const std::byte> body, driver::transaction_status& into);

/// @param host       Host and port.
/// @param violation  "a malformed DataRow".
/// @throws internal_error  `errc::protocol_violation`. The caller closes the connection.
[[noreturn]] void throw_violation(const std::string& host, const std::string& violation);

}  // namespace gino::postgresql::protocol
