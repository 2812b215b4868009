// SPDX-License-Identifier: BSD-3-Clause
#pragma once

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
    /// Show the values of parameters to hooks and echo. They may be secrets.
    bool log_parameters = false;
    /// A name for people, in echoed lines.
    std::string logging_name;
    /// The most statements whose text is kept; 0: none.
    std::size_t compiled_cache_size = 500;
};

}  // namespace gino
