// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/password.hpp>
#include <gino/engine/hooks.hpp>
#include <gino/engine/pool_options.hpp>
#include <gino/sql/execution_options.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace gino {

/// Settings of an engine.
///
/// The constructor is there so that options can be written inside of a `co_await` (docs, GCC 12).
struct engine_options {
    engine_options() = default;

    pool_options pool;
    /// For every statement of this engine, unless its connection or the statement says otherwise.
    execution_options execution;
    engine_hooks hooks;
    /// Called with a line per statement: its text, and its parameters if `log_parameters`. Empty:
    /// no echo. The library itself never prints.
    std::function<void(std::string_view line)> echo;
    /// Asked once for each connection that is opened, on the executor of whoever needs it: for
    /// tokens that expire. It counts as part of connecting. What it gives replaces the password of
    /// the URL, is wiped when the connection is closed, and is never cached or shown. Databases
    /// without passwords refuse it: `errc::invalid_option`.
    password_callback password;
    /// Show the values of parameters to hooks and echo. They may be secrets.
    bool log_parameters = false;
    /// A name for people, in echoed lines.
    std::string logging_name;
    /// The most statements whose text is kept; 0: none.
    std::size_t compiled_cache_size = 500;
};

}  // namespace gino
