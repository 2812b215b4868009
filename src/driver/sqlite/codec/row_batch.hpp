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

/// A buffer of rows: the worker's thread fills it during a job, the caller's thread passes the rows
/// to the sink after it.
///
/// A row is a sequence of fields: four bytes of size, then that many bytes of field, of which the
/// first is the `storage_class` and the rest an `std::int64_t`, a `double`, the text or the bytes.
/// The size 0 is NULL. Nothing is aligned.
class row_batch {
public:
    /// Removes the rows. Keeps the memory for the next ones, unless it has become large.
    void clear() noexcept;

    /// Ends a row. REQUIRES: one field per column was added.
    void end_row() noexcept { ++rows_; }

    void add_null() { append_header(0); }

    void add(std::int64_t number) { append(storage_class::integer, &number, sizeof number); }

    void add(double number) { append(storage_class::real, &number, sizeof number); }

    void add_text(const void* text, std::size_t size) { append(storage_class::text, text, size); }

    void add_blob(const void* bytes, std::size_t size) { append(storage_class::blob, bytes, size); }

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// The bytes of all rows.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Passes the rows to a sink, in order.
    ///
    /// @param columns  The number of fields of each row.
    void feed(driver::row_sink& sink, std::size_t columns);

private:
    using field_size = std::uint32_t;

    /// Appends `more` uninitialized bytes, and returns the first. Inline: called twice per field.
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

    /// Moves the rows to a larger buffer with space for `more` bytes.
    void grow(std::size_t more);

    // Not a std::vector, which would write zeros before the bytes.
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t rows_ = 0;
    std::vector<driver::field_slice> slices_;  ///< The current row of `feed()`.
};

}  // namespace gino::sqlite
