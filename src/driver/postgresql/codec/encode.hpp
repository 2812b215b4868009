// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

/// True for types whose numbers gino does not know: their values are sent as text, which the server
/// parses.
[[nodiscard]] bool is_sent_as_text(const sql_type& type) noexcept;

/// Appends a parameter of Bind (manual, 55.7): its length, -1 for NULL, and its bytes. After an
/// exception the message has a part of the parameter: do not end it.
///
/// @throws argument_error  `errc::bad_value`: the value cannot be sent as that type.
void append_parameter(protocol::writer& to, const value& v, const sql_type& type);

}  // namespace gino::postgresql::codec
