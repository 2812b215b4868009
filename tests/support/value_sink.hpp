// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <span>
#include <vector>

namespace gino::testing {

/// A sink that keeps every field as a value, of the type that the decoder's `any()` returns.
class value_sink final : public driver::row_sink {
public:
    std::vector<column_description> described;
    std::vector<std::vector<value>> rows;

private:
    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override {
        described.assign(columns.begin(), columns.end());
        decoder_ = &decoder;
    }

    void row(std::span<const driver::field_slice> fields) override {
        auto& kept = rows.emplace_back();
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const field_view field(fields[i].data, fields[i].size, described[i], *decoder_);
            kept.push_back(field.is_null() ? value() : decoder_->any(field));
        }
    }

    const field_decoder* decoder_ = nullptr;
};

}  // namespace gino::testing
