// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <exception>
#include <span>

namespace gino::driver::detail {

/// Hands rows on, and keeps what the sink throws: the statement is done all the same.
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

    std::exception_ptr thrown;

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

/// Forgets what an earlier run has filled in.
void forget_results(std::span<pipelined> statements);

/// Says of the statements of a batch that have not failed themselves that nothing of them is left.
void abort_others(std::span<pipelined> batch);

/// True for the failure of a statement that the server was asked to end: SQLSTATE 57014.
[[nodiscard]] bool was_ended(const std::exception_ptr& failure);

}  // namespace gino::driver::detail
