// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gino::detail {

/// A transaction that was begun: its depth, counted from 1, and its serial number, which
/// distinguishes transactions of one depth.
struct transaction_id {
    std::size_t depth = 0;
    std::size_t serial = 0;
};

/// The open transactions of one connection, the outermost first.
///
/// | state of an entry | meaning |
/// | --- | --- |
/// | wanted | its handle has neither ended it nor been destroyed |
/// | abandoned | its handle was destroyed; it has to be rolled back |
///
/// Invariants: abandoned entries are behind wanted ones; a serial number is never used twice. After
/// the loss of the connection, the wanted entries stay until their handles have ended them, so that
/// no statement runs outside of a transaction by accident.
///
/// The stack also lists the running callbacks of `transaction(f)`. A statement of a callback that
/// has ended its transaction by hand would run in another transaction or in none: see
/// `has_ended_callback()`.
///
/// Thread safety: none; guarded by the mutex of `connection_state`.
class transaction_stack {
public:
    /// A callback of `transaction(f)` that runs.
    struct callback {
        transaction_id of;
        bool returns_value = false;
    };

    /// Adds a transaction that was begun. REQUIRES: no transaction is abandoned.
    transaction_id push(const transaction_options& options) {
        if (serials_.empty()) {
            outermost_ = options;
        }
        serials_.push_back(++last_serial_);
        wanted_ = serials_.size();
        return {.depth = serials_.size(), .serial = last_serial_};
    }

    /// True while the handle of `id` has still to end it.
    [[nodiscard]] bool is_wanted(const transaction_id& id) const noexcept {
        return id.depth <= wanted_ && serials_[id.depth - 1] == id.serial;
    }

    [[nodiscard]] std::size_t wanted() const noexcept { return wanted_; }

    [[nodiscard]] bool has_abandoned() const noexcept { return serials_.size() > wanted_; }

    /// True when the connection was lost inside of a transaction that is still wanted.
    [[nodiscard]] bool is_lost() const noexcept { return is_lost_; }

    [[nodiscard]] const transaction_options& outermost() const noexcept { return outermost_; }

    /// Removes the transactions that are deeper than `depth`.
    void cut(std::size_t depth) noexcept {
        if (serials_.size() > depth) {
            serials_.resize(depth);
        }
        wanted_ = std::min(wanted_, depth);
        is_lost_ = is_lost_ && wanted_ > 0;
    }

    /// Marks `id` and the transactions within it as abandoned. Returns false when it had ended.
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

    /// Adds the callback of `id`, which begins.
    void enter_callback(const transaction_id& id, bool returns_value) {
        callbacks_.push_back({.of = id, .returns_value = returns_value});
    }

    /// Removes the callback of `id`, which has ended.
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

    /// True when a callback still runs although its transaction has ended.
    [[nodiscard]] bool has_ended_callback() const noexcept {
        return std::ranges::any_of(callbacks_, [this](const callback& one) {
            return !is_wanted(one.of);
        });
    }

    /// Notes the loss of the connection. Abandoned transactions need no rollback then.
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
