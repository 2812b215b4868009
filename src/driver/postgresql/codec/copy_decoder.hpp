// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/copy.hpp>
#include <gino/types/field.hpp>
#include <gino/types/sql_type.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "driver/postgresql/codec/text.hpp"

namespace gino::postgresql::codec {

/// Reads the rows of COPY ... TO STDOUT, in the format that `copy_encoder` would choose, and passes
/// them to a sink. The sink gets the same binary fields in both formats.
class copy_decoder final : public driver::copy_sink {
public:
    /// @param types, names  Of the columns; both have the same size.
    /// @param to            Must outlive the decoder.
    copy_decoder(
        std::span<const sql_type> types, std::span<const std::string> names, driver::row_sink& to
    );

    /// Returns the options that follow the statement.
    [[nodiscard]] std::string_view options() const noexcept;

    /// @param bytes  The next part of the server's data; rows may be split anywhere.
    /// @throws data_error  `errc::bad_value`: the data are no rows of these columns.
    [[nodiscard]] awaitable<void> take(std::span<const std::byte> bytes) override;

    /// As take(), without waiting.
    void read(std::span<const std::byte> bytes);

    /// Ends the data. Passes the columns to the sink if there was no row.
    ///
    /// @throws data_error  The last row, or the trailer, is not complete.
    void end();

private:
    [[nodiscard]] bool read_header();
    [[nodiscard]] bool read_binary_row();
    [[nodiscard]] bool read_text_row();
    void give();
    [[noreturn]] static void refuse();

    std::vector<column_description> columns_;
    driver::row_sink& to_;
    bool is_text_;
    bool has_header_ = false;
    bool is_at_end_ = false;
    bool has_given_ = false;
    std::vector<std::byte> bytes_;  // received bytes
    std::size_t read_ = 0;          // of bytes_: before it all rows were read
    std::size_t searched_ = 0;      // of bytes_: before it there is no end of the next line
    std::vector<driver::field_slice> fields_;
    std::vector<std::string> texts_;  // the unescaped fields of a row
    text_rows text_rows_;
};

}  // namespace gino::postgresql::codec
