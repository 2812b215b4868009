// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace gino::ext::detail {

/// Whether a client transfers a body or takes responses fast enough: in each interval there has to
/// be a share. What came in a burst is no credit for a silence behind it.
class transfer_progress {
public:
    /// Another transfer begins.
    void begin() noexcept { counted_ = 0; }

    /// True when the share of an interval is there, and another interval begins.
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
