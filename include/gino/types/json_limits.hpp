// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace gino {

/// How large a JSON document may be that is read: its text may come from somebody who wants the
/// reader to be busy for long.
struct json_limits {
    std::size_t depth = 512;         ///< Levels of arrays and objects.
    std::size_t members = 10'000;    ///< Of one object.
    std::size_t values = 1'000'000;  ///< Of one document, at all levels.
};

/// Sets the limits of documents that are read from a database, for the whole program.
///
/// Bodies of web requests have limits of their own: `ext::application_options`.
///
/// Thread safety: any thread; values that are being read keep the limits from before.
void set_json_limits(const json_limits& limits) noexcept;

[[nodiscard]] json_limits get_json_limits() noexcept;

}  // namespace gino
