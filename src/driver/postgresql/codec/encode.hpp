// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

/// True for types whose number is not known here: the server reads the text.
[[nodiscard]] bool is_sent_as_text(const sql_type& type) noexcept;

/// Appends a parameter of Bind: its length (-1: NULL) and its bytes.
///
/// @throws argument_error  `errc::bad_value`: the value cannot be sent as that type.
void append_parameter(protocol::writer& to, const value& v, const sql_type& type);

}  // namespace gino::postgresql::codec
