// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>

/// How much a server may send (docs/decisions/0033). A longer message is `errc::protocol_violation`
/// before memory is taken for it. Sizes are in bytes, and count the length field of a message.
namespace gino::postgresql::protocol {

/// Any message, a row among them: what PostgreSQL itself can send.
inline constexpr std::size_t longest_received = std::size_t{1} << 30U;
/// Any message before the first ReadyForQuery: nobody has proved yet who the server is.
inline constexpr std::size_t longest_at_start_up = std::size_t{1} << 16U;
/// An error or a notice.
inline constexpr std::size_t longest_error = std::size_t{1} << 24U;
/// A text of an error or a notice; a longer one is cut, and says so.
inline constexpr std::size_t longest_error_text = std::size_t{1} << 20U;
/// The columns of a result, or the types of its parameters: 1,664 names take 136 KB.
inline constexpr std::size_t longest_description = std::size_t{1} << 19U;
/// A setting, a notification (the server takes 8,000 bytes), the formats of COPY.
inline constexpr std::size_t longest_report = std::size_t{1} << 17U;
/// The tag of a statement and messages without a text.
inline constexpr std::size_t longest_tag = std::size_t{1} << 10U;

/// The longest message of a type.
[[nodiscard]] constexpr std::size_t longest_of(char type) noexcept {
    switch (type) {
        case 'E':  // ErrorResponse
        case 'N':  // NoticeResponse
            return longest_error;
        case 'T':  // RowDescription
        case 't':  // ParameterDescription
            return longest_description;
        case 'S':  // ParameterStatus
        case 'A':  // NotificationResponse
        case 'G':  // CopyInResponse
        case 'H':  // CopyOutResponse
        case 'R':  // Authentication
            return longest_report;
        case '1':  // ParseComplete
        case '2':  // BindComplete
        case '3':  // CloseComplete
        case 'C':  // CommandComplete
        case 'I':  // EmptyQueryResponse
        case 'K':  // BackendKeyData
        case 'Z':  // ReadyForQuery
        case 'c':  // CopyDone
        case 'n':  // NoData
        case 's':  // PortalSuspended
            return longest_tag;
        default:
            return longest_received;
    }
}

/// The longest message of a type in front of the first ReadyForQuery.
[[nodiscard]] constexpr std::size_t longest_of_start_up(char type) noexcept {
    return std::min(longest_of(type), longest_at_start_up);
}

}  // namespace gino::postgresql::protocol
