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

/// The settings of an engine. They cannot be changed once the engine is open.
///
/// The declared constructor keeps GCC 12 from destroying options twice that are written inside of a
/// `co_await` (docs/gcc12.md).
struct engine_options {
    engine_options() = default;

    /// Sizes and time limits of the pool. Parameters of the URL override them.
    pool_options pool;
    /// The options of every statement, for fields that neither its connection nor the statement
    /// itself sets. Default: no timeout.
    execution_options execution;
    /// Functions that the engine calls; see `engine_hooks`. Default: none.
    engine_hooks hooks;
    /// Called before each statement with one line: the text, and the parameters if
    /// `log_parameters` is set. Empty (default): no echo. The library itself never prints. The line
    /// is valid during the call. It must not throw or use the engine.
    std::function<void(std::string_view line)> echo;
    /// Called once for each connection that is opened, on the executor of the coroutine that needs
    /// it: for tokens that expire. Its time counts as part of connecting. The returned password
    /// replaces that of the URL, is wiped when the connection is closed, and is never cached or
    /// shown. `create_engine()` refuses it for databases without passwords
    /// (`errc::invalid_option`).
    password_callback password;
    /// Pass the values of parameters to hooks and echo. They may be secrets. Default: false.
    bool log_parameters = false;
    /// A name that begins each echoed line, for programs with several engines. Default: none.
    std::string logging_name;
    /// The largest number of statements whose compiled text is cached; 0: none. The least recently
    /// used text is dropped first; the cache also has a limit of 16 MiB.
    std::size_t compiled_cache_size = 500;
};

}  // namespace gino
