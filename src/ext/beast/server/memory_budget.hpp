// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstddef>

namespace gino::ext::detail {

/// The memory of request bodies and unsent responses on all connections together. It only counts;
/// the connections ask it and refuse requests.
///
/// Thread safety: any thread.
class memory_budget {
public:
    explicit memory_budget(std::size_t limit) noexcept : limit_(limit) {}

    [[nodiscard]] bool is_exceeded() const noexcept {
        return used_.load(std::memory_order_relaxed) > limit_;
    }

    /// The memory of one connection; the destructor returns it to the budget. Thread safety: the
    /// connection's executor.
    class share {
    public:
        /// @param of  Must outlive the share.
        explicit share(memory_budget& of) noexcept : of_(of) {}

        share(const share&) = delete;
        share& operator=(const share&) = delete;

        ~share() { set(0); }

        /// Sets the memory of the connection. An amount of up to 16 KiB counts as 0, which saves
        /// the atomic operation for most requests: `max_connections` bounds such amounts.
        void set(std::size_t bytes) noexcept {
            constexpr std::size_t uncounted = std::size_t{16} * 1024;
            const std::size_t counted = bytes > uncounted ? bytes : 0;
            if (counted != counted_) {
                of_.used_.fetch_add(counted - counted_, std::memory_order_relaxed);
                counted_ = counted;
            }
        }

    private:
        memory_budget& of_;
        std::size_t counted_ = 0;
    };

private:
    const std::size_t limit_;
    std::atomic<std::size_t> used_ = 0;
};

}  // namespace gino::ext::detail
