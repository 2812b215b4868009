// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gino::detail {

/// A transaction that was begun: its depth, counted from 1, and its serial number.
struct transaction_id {
    std::size_t depth = 0;
    std::size_t serial = 0;
};

/// The open transactions of one connection, the outermost first.
///
/// | of an entry | means |
/// | --- | --- |
/// | wanted | its handle has neither ended it nor been destroyed |
/// | abandoned | its handle was destroyed; it has to be rolled back |
///
/// Invariants: abandoned entries are behind wanted ones; a serial number is never used twice. When
/// the connection is lost the wanted entries stay, so that nothing can run outside of a transaction
/// by accident, until their handles have seen it.
///
/// Callbacks are those of `transaction(f)` that run. What a callback does after it has ended its
/// transaction by hand would be in another one, or in none: see `has_ended_callback()`.
///
/// Thread safety: none.
class transaction_stack {
public:
    /// A callback of `transaction(f)` that runs.
    struct callback {
        transaction_id of;
        bool returns_value = false;
    };

    transaction_id push(const transaction_options& options) {
        if (serials_.empty()) {
            outermost_ = options;
        }
        serials_.push_back(++last_serial_);
        wanted_ = serials_.size();
        return {.depth = serials_.size(), .serial = last_serial_};
    }

    /// Whether its handle has still to end it.
    [[nodiscard]] bool is_wanted(const transaction_id& id) const noexcept {
        return id.depth <= wanted_ && serials_[id.depth - 1] == id.serial;
    }

    [[nodiscard]] std::size_t wanted() const noexcept { return wanted_; }

    [[nodiscard]] bool has_abandoned() const noexcept { return serials_.size() > wanted_; }

    /// Whether the connection was lost inside of a transaction that is still wanted.
    [[nodiscard]] bool is_lost() const noexcept { return is_lost_; }

    [[nodiscard]] const transaction_options& outermost() const noexcept { return outermost_; }

    /// Forgets what is deeper than `depth`.
    void cut(std::size_t depth) noexcept {
        if (serials_.size() > depth) {
            serials_.resize(depth);
        }
        wanted_ = std::min(wanted_, depth);
        is_lost_ = is_lost_ && wanted_ > 0;
    }

    /// The handle is gone. Returns false when it had ended before.
    bool abandon(const transaction_id& id) noexcept {
        if (!is_wanted(id)) {
            return false;
        }
        wanted_ = id.depth - 1;
        if (is_lost_) {
            cut(wanted_);
        }
        return true;
    }

    /// `id` is the transaction of a callback that begins.
    void enter_callback(const transaction_id& id, bool returns_value) {
        callbacks_.push_back({.of = id, .returns_value = returns_value});
    }

    /// The callback of `id` has ended.
    void leave_callback(const transaction_id& id) noexcept {
        std::erase_if(callbacks_, [&id](const callback& one) {
            return one.of.serial == id.serial;
        });
    }

    [[nodiscard]] const callback* find_callback(const transaction_id& id) const noexcept {
        const auto found = std::ranges::find(callbacks_, id.serial, [](const callback& one) {
            return one.of.serial;
        });
        return found == callbacks_.end() ? nullptr : &*found;
    }

    /// Whether a callback goes on although its transaction has ended.
    [[nodiscard]] bool has_ended_callback() const noexcept {
        return std::ranges::any_of(callbacks_, [this](const callback& one) {
            return !is_wanted(one.of);
        });
    }

    /// The connection is lost.
    void lose() noexcept {
        is_lost_ = wanted_ > 0;
        cut(wanted_);
    }

private:
    std::vector<std::size_t> serials_;
    std::vector<callback> callbacks_;
    std::size_t wanted_ = 0;
    std::size_t last_serial_ = 0;
    bool is_lost_ = false;
    transaction_options outermost_;
};

}  // namespace gino::detail
