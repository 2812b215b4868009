// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace gino::postgresql::protocol {

/// The types of the messages that a server sends (manual, 55.7).
enum class message_type : char {
    authentication = 'R',
    backend_key_data = 'K',
    bind_complete = '2',
    close_complete = '3',
    command_complete = 'C',
    copy_data = 'd',
    copy_done = 'c',
    copy_in_response = 'G',
    copy_out_response = 'H',
    data_row = 'D',
    empty_query_response = 'I',
    error_response = 'E',
    no_data = 'n',
    notice_response = 'N',
    notification_response = 'A',
    parameter_description = 't',
    parameter_status = 'S',
    parse_complete = '1',
    portal_suspended = 's',
    ready_for_query = 'Z',
    row_description = 'T',
};

/// The types of the messages that a client sends. CancelRequest, SSLRequest and StartupMessage have
/// none.
namespace request_type {

inline constexpr char bind = 'B';
inline constexpr char close = 'C';
inline constexpr char copy_data = 'd';
inline constexpr char copy_done = 'c';
inline constexpr char copy_fail = 'f';
inline constexpr char describe = 'D';
inline constexpr char execute = 'E';
inline constexpr char none = 0;
inline constexpr char parse = 'P';
/// PasswordMessage, SASLInitialResponse and SASLResponse.
inline constexpr char password = 'p';
inline constexpr char query = 'Q';
inline constexpr char sync = 'S';
inline constexpr char terminate = 'X';

}  // namespace request_type

}  // namespace gino::postgresql::protocol
