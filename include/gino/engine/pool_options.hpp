// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstddef>

namespace gino {

/// How many connections a pool holds, and for how long.
struct pool_options {
    /// Connections that are opened at start and kept. 0: the first is opened by the first acquire.
    std::size_t min_size = 1;
    /// The most connections at once. REQUIRES: at least 1 and at least `min_size`.
    std::size_t max_size = 10;
    /// The longest wait for a connection; zero: no limit.
    std::chrono::milliseconds acquire_timeout{30'000};
    /// The longest time that opening one connection may take; zero: no limit.
    std::chrono::milliseconds connect_timeout{10'000};
    /// An idle connection above `min_size` is closed after this time; zero: never. As long as there
    /// is one, the executor's context has work: closing or destroying the engine ends that.
    std::chrono::milliseconds idle_timeout{120'000};
    /// A connection is closed after this time, less up to 10 % at random, when it comes back; zero:
    /// never.
    std::chrono::milliseconds max_lifetime{3'600'000};
    /// An acquired connection that is kept longer than this is reported by `engine_hooks::leaked`;
    /// zero: never.
    std::chrono::milliseconds leak_threshold{0};
    /// The most coroutines that may wait for a connection; more get a `pool_timeout` at once.
    std::size_t max_waiters = 10'000;
};

}  // namespace gino
