// SPDX-License-Identifier: BSD-3-Clause
#include "engine/pool/connect_backoff.hpp"

#include <algorithm>

namespace gino::detail {

connect_backoff::generation connect_backoff::begin() noexcept {
    ++under_way_;
    return generation_;
}

void connect_backoff::abandon() noexcept {
    --under_way_;
}

void connect_backoff::succeed() noexcept {
    --under_way_;
    failures_ = 0;
    next_ = {};
    // Doubled per success; beyond the largest number it stays "unlimited", the healthy state.
    at_once_ = at_once_ > unlimited / 2 ? unlimited : at_once_ * 2;
}

void connect_backoff::fail(generation attempt, time_point now, double random) noexcept {
    --under_way_;
    at_once_ = 1;
    if (attempt != generation_) {
        // An attempt that ran beside this one has failed before, and lengthened the pause.
        return;
    }
    ++generation_;
    // Full jitter: the pause is random from zero on, so that pools of several processes do not come
    // back together.
    const std::uint32_t doublings = std::min(failures_, 16U);
    ++failures_;
    const auto ceiling = std::min(shortest_ceiling * (1U << doublings), longest_ceiling);
    const auto pause =
        std::chrono::duration<double, std::milli>(static_cast<double>(ceiling.count()) * random);
    next_ = now + std::chrono::ceil<duration>(pause);
}

}  // namespace gino::detail
