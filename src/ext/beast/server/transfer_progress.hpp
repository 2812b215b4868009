// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace gino::ext::detail {

/// Checks that a client sends a body or takes responses fast enough: each interval needs its share
/// of bytes. Bytes of a burst do not count for a later interval, so that a burst buys no silence.
class transfer_progress {
public:
    /// Begins another transfer.
    void begin() noexcept { counted_ = 0; }

    /// Returns true when the share of the interval has been transferred; another interval begins
    /// then.
    ///
    /// @param transferred  Bytes since begin().
    /// @param rate         Bytes per second.
    [[nodiscard]] bool completes(
        std::size_t transferred, std::chrono::milliseconds interval, std::size_t rate
    ) noexcept {
        const auto share = static_cast<std::size_t>(interval.count()) * rate / 1000;
        if (transferred < counted_ + std::max<std::size_t>(share, 1)) {
            return false;
        }
        counted_ = transferred;
        return true;
    }

private:
    std::size_t counted_ = 0;  // bytes of the intervals that are over
};

}  // namespace gino::ext::detail
