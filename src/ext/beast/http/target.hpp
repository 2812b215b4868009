// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ext/beast/http/request_message.hpp"

namespace gino::ext::detail {

/// Decodes the request's target: its path, the path's segments and the query parameters.
///
/// It accepts origin-form ("/a?b=c"), absolute-form ("http://host/a?b=c"), and "*" for OPTIONS,
/// which gives a path "*" without segments (RFC 9112, 3.2). The path is split before it is decoded:
/// "%2F" is a character of a segment, never a separator. In the query, "+" is a space. The
/// authority of an absolute-form becomes the value of the Host field.
///
/// @return Null for a valid target; otherwise the reason, a sentence for the client.
[[nodiscard]] const char* decode_target(request_message& message);

}  // namespace gino::ext::detail
