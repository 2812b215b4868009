// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <exception>
#include <span>

namespace gino::driver::detail {

/// A sink that passes rows to another one and keeps its exception, after which it drops the rows:
/// the driver still has to read the rest of the result.
class guarded_sink final : public row_sink {
public:
    /// @param to  Null: rows are dropped.
    explicit guarded_sink(row_sink* to) noexcept : to_(to) {}

    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override {
        hand_on([&] { to_->columns(columns, decoder); });
    }

    void row(std::span<const field_slice> fields) override {
        hand_on([&] { to_->row(fields); });
    }

    std::exception_ptr thrown;  ///< The first exception of the other sink; null: none.

private:
    template <class Call>
    void hand_on(const Call& call) {
        if (to_ == nullptr || thrown != nullptr) {
            return;
        }
        try {
            call();
        } catch (...) {
            thrown = std::current_exception();
        }
    }

    row_sink* to_;
};

/// Clears the results and failures of an earlier run.
void forget_results(std::span<pipelined> statements);

/// Marks the other statements of a failed batch as rolled back.
void abort_others(std::span<pipelined> batch);

/// True for the failure of a statement that a cancel request has ended: SQLSTATE 57014.
[[nodiscard]] bool was_ended(const std::exception_ptr& failure);

}  // namespace gino::driver::detail
