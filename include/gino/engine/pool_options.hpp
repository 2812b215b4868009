// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstddef>

namespace gino {

/// The sizes and time limits of an engine's pool. `create_engine()` checks them.
///
/// Parameters of the engine's URL override them: `pool_max_size=3`, times in milliseconds.
struct pool_options {
    /// The number of connections that are opened by `create_engine()` and kept while idle. 0: the
    /// first acquire opens the first connection.
    std::size_t min_size = 1;
    /// The largest number of connections at once. REQUIRES: at least 1 and at least `min_size`. A
    /// driver may lower it: a SQLite database in memory has one connection.
    std::size_t max_size = 10;
    /// The longest wait for a connection, opening one included; zero: no limit. Then
    /// `pool_timeout`.
    std::chrono::milliseconds acquire_timeout{30'000};
    /// The longest time that opening one connection may take; zero: no limit.
    std::chrono::milliseconds connect_timeout{10'000};
    /// An idle connection above `min_size` is closed after this time; zero: never. While there is
    /// such a connection, the executor's context has work and `run()` does not return; closing or
    /// destroying the engine ends that.
    std::chrono::milliseconds idle_timeout{120'000};
    /// A connection that is older than this is closed when it is given back or found idle; zero:
    /// never. Up to 10 % of the time are subtracted at random, so that connections that were opened
    /// together are not closed together. A borrowed connection is not closed.
    std::chrono::milliseconds max_lifetime{3'600'000};
    /// A connection that stays borrowed longer than this is reported once by
    /// `engine_hooks::leaked`; zero: never. The connection is not taken away.
    std::chrono::milliseconds leak_threshold{0};
    /// The largest number of coroutines that may wait for a connection; further ones get a
    /// `pool_timeout` at once.
    std::size_t max_waiters = 10'000;
};

}  // namespace gino
