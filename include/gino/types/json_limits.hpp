// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace gino {

/// The limits of JSON documents that are read: an untrusted document must not keep the reader busy
/// for long. A document beyond them is a `data_error` (`errc::bad_value`).
struct json_limits {
    std::size_t depth = 512;         ///< Levels of arrays and objects.
    std::size_t members = 10'000;    ///< Of one object.
    std::size_t values = 1'000'000;  ///< Of one document, at all levels.
};

/// Sets the limits of documents that are read from databases, for the whole program.
///
/// The bodies of web requests have limits of their own: `ext::application_options`.
///
/// Thread safety: any thread. A document that is being read keeps the limits from before.
void set_json_limits(const json_limits& limits) noexcept;

/// Returns the limits of documents that are read from databases.
///
/// Thread safety: any thread.
[[nodiscard]] json_limits get_json_limits() noexcept;

}  // namespace gino
