// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>

#include "driver/postgresql/protocol/message_type.hpp"

/// The limits of messages from a server (docs/decisions/0033). A longer message is
/// `errc::protocol_violation` before memory is allocated for it. Sizes are in bytes and include the
/// length field of a message.
namespace gino::postgresql::protocol {

/// Any message, such as a row: PostgreSQL itself sends no longer one.
inline constexpr std::size_t longest_received = std::size_t{1} << 30U;
/// Any message before the first ReadyForQuery: the server is not authenticated yet.
inline constexpr std::size_t longest_at_start_up = std::size_t{1} << 16U;
/// An error or a notice.
inline constexpr std::size_t longest_error = std::size_t{1} << 24U;
/// A text of an error or a notice; a longer one is truncated, and ends with the number of missing
/// bytes.
inline constexpr std::size_t longest_error_text = std::size_t{1} << 20U;
/// The columns of a result, or the types of a statement's parameters: a result has at most 1,664
/// columns, whose names and descriptions have 136 KB.
inline constexpr std::size_t longest_description = std::size_t{1} << 19U;
/// A setting, a notification (its payload has fewer than 8,000 bytes), the formats of COPY.
inline constexpr std::size_t longest_report = std::size_t{1} << 17U;
/// The tag of a statement and messages without a text.
inline constexpr std::size_t longest_tag = std::size_t{1} << 10U;

/// Returns the length of the longest message of a type.
[[nodiscard]] constexpr std::size_t longest_of(message_type type) noexcept {
    switch (type) {
        case message_type::error_response:
        case message_type::notice_response:
            return longest_error;
        case message_type::row_description:
        case message_type::parameter_description:
            return longest_description;
        case message_type::parameter_status:
        case message_type::notification_response:
        case message_type::copy_in_response:
        case message_type::copy_out_response:
        case message_type::authentication:
            return longest_report;
        case message_type::parse_complete:
        case message_type::bind_complete:
        case message_type::close_complete:
        case message_type::command_complete:
        case message_type::empty_query_response:
        case message_type::backend_key_data:
        case message_type::ready_for_query:
        case message_type::copy_done:
        case message_type::no_data:
        case message_type::portal_suspended:
            return longest_tag;
        default:
            return longest_received;
    }
}

/// Returns the length of the longest message of a type before the first ReadyForQuery.
[[nodiscard]] constexpr std::size_t longest_of_start_up(message_type type) noexcept {
    return std::min(longest_of(type), longest_at_start_up);
}

}  // namespace gino::postgresql::protocol
