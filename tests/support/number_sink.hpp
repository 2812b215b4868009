// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/types/mapping.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace gino::testing {

/// A sink that keeps the numbers of the first column.
class number_sink final : public driver::row_sink {
public:
    std::vector<std::int64_t> numbers;
    int results = 0;  ///< The number of results that have begun.

private:
    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override {
        column_ = &columns[0];
        decoder_ = &decoder;
        ++results;
    }

    void row(std::span<const driver::field_slice> fields) override {
        const field_view first(fields[0].data, fields[0].size, *column_, *decoder_);
        numbers.push_back(load_field<std::int64_t>(first));
    }

    const column_description* column_ = nullptr;
    const field_decoder* decoder_ = nullptr;
};

}  // namespace gino::testing
