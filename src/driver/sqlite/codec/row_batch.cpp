// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/codec/row_batch.hpp"

#include <algorithm>

namespace gino::sqlite {

namespace {

constexpr std::size_t smallest_capacity = 4096;
// Twice batch_limit::bytes: rows of usual size do not allocate again for each job.
constexpr std::size_t largest_kept_capacity = 2'097'152;

}  // namespace

void row_batch::clear() noexcept {
    size_ = 0;
    rows_ = 0;
    if (capacity_ > largest_kept_capacity) {
        bytes_.reset();
        capacity_ = 0;
    }
}

void row_batch::grow(std::size_t more) {
    const std::size_t capacity = std::max({size_ + more, capacity_ * 2, smallest_capacity});
    auto bytes = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (size_ > 0) {
        std::memcpy(bytes.get(), bytes_.get(), size_);
    }
    bytes_ = std::move(bytes);
    capacity_ = capacity;
}

void row_batch::feed(driver::row_sink& sink, std::size_t columns) {
    slices_.resize(columns);
    const std::byte* at = bytes_.get();
    for (std::size_t row = 0; row < rows_; ++row) {
        for (auto& slice : slices_) {
            field_size size = 0;
            std::memcpy(&size, at, sizeof size);
            at += sizeof size;
            // A field that is not NULL has at least its storage class, so 0 is free for NULL.
            slice = {.data = size > 0 ? at : nullptr, .size = size};
            at += size;
        }
        sink.row(slices_);
    }
}

}  // namespace gino::sqlite
