// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace gino::sqlite {

/// The storage class of a field: its first byte.
enum class storage_class : std::uint8_t { integer, real, text, blob };

/// Rows on their way from the worker's thread to the sink.
///
/// A row is its fields, one behind the other: four bytes of size, then so many bytes of field, of
/// which the first is the `storage_class` and the rest an `std::int64_t`, a `double`, the text or
/// the bytes. The size 0 is NULL. Nothing is aligned.
class row_batch {
public:
    /// Forgets the rows. Keeps memory for the next ones, unless one of the last was large.
    void clear() noexcept;

    /// A row is complete.
    void end_row() noexcept { ++rows_; }

    void add_null() { append_header(0); }

    void add(std::int64_t number) { append(storage_class::integer, &number, sizeof number); }

    void add(double number) { append(storage_class::real, &number, sizeof number); }

    void add_text(const void* text, std::size_t size) { append(storage_class::text, text, size); }

    void add_blob(const void* bytes, std::size_t size) { append(storage_class::blob, bytes, size); }

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// The bytes of all rows.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Hands the rows to a sink, in order.
    void feed(driver::row_sink& sink, std::size_t columns);

private:
    using field_size = std::uint32_t;

    /// Makes room for `more` bytes and returns where they go.
    std::byte* extend(std::size_t more) {
        if (capacity_ - size_ < more) {
            grow(more);
        }
        std::byte* const place = bytes_.get() + size_;
        size_ += more;
        return place;
    }

    void append_header(field_size size) { std::memcpy(extend(sizeof size), &size, sizeof size); }

    void append(storage_class tag, const void* bytes, std::size_t size) {
        append_header(static_cast<field_size>(size + 1));
        std::byte* const place = extend(size + 1);
        *place = static_cast<std::byte>(tag);
        if (size > 0) {
            std::memcpy(place + 1, bytes, size);
        }
    }

    void grow(std::size_t more);

    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t rows_ = 0;
    std::vector<driver::field_slice> slices_;
};

}  // namespace gino::sqlite
