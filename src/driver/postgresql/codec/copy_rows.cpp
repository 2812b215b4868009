// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/copy_rows.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <string>

#include "core/text_form.hpp"
#include "driver/postgresql/codec/encode.hpp"

namespace gino::postgresql::codec {

namespace {

// True for types that are sent as text. An enumeration has a binary format, which is its label.
bool has_no_binary_format(const sql_type& type) {
    return is_sent_as_text(type) && type.kind != type_kind::enumeration;
}

// Escapes a value for COPY's text format (manual, COPY, "Text Format"). The backslash has to be
// escaped too: otherwise a text such as "\N" or "\." would be NULL, or the end of the rows.
std::string escaped(std::string_view text) {
    std::string made;
    for (const char c : text) {
        switch (c) {
            case '\\':
                made += "\\\\";
                break;
            case '\n':
                made += "\\n";
                break;
            case '\r':
                made += "\\r";
                break;
            case '\t':
                made += "\\t";
                break;
            case '\0':
                throw argument_error(
                    errc::bad_value,
                    "a text for PostgreSQL has a NUL byte in it, which no text of a database can "
                    "have; COPY is undone"
                );
            default:
                made += c;
        }
    }
    return made;
}

// Adds the column to the error of its value: rows have no parameter numbers.
[[noreturn]] void throw_bad_column(const argument_error& e, std::size_t place) {
    throw argument_error(
        e.code(), "column " + std::to_string(place + 1) + " of a row for COPY: " + e.what()
    );
}

}  // namespace

bool is_copied_as_text(std::span<const sql_type> types) noexcept {
    return std::ranges::any_of(types, &has_no_binary_format);
}

copy_encoder::copy_encoder(std::span<const sql_type> types)
    : types_(types), is_text_(is_copied_as_text(types)) {}

void copy_encoder::append_header(protocol::writer& to) const {
    if (is_text_) {
        return;
    }
    to.raw(copy_signature);
    to.int32(0);  // no flags
    to.int32(0);  // the length of the header's extension
}

void copy_encoder::append(protocol::writer& to, const std::vector<value>& row) const {
    if (row.size() != types_.size()) {
        throw argument_error(
            errc::invalid_argument,
            "a row for COPY has " + std::to_string(row.size()) + " values, and there are " +
                std::to_string(types_.size()) + " columns"
        );
    }
    if (is_text_) {
        return append_text(to, row);
    }
    // A row is the number of its values, then each value after its length, as in Bind.
    to.int16(static_cast<std::int16_t>(row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
        try {
            append_parameter(to, row[i], types_[i]);
        } catch (const argument_error& e) {
            throw_bad_column(e, i);
        }
    }
}

void copy_encoder::append_text(protocol::writer& to, const std::vector<value>& row) const {
    for (std::size_t i = 0; i < row.size(); ++i) {
        to.raw(std::string_view(i == 0 ? "" : "\t"));
        try {
            to.raw(row[i].is_null() ? "\\N" : escaped(detail::text_form(row[i])));
        } catch (const argument_error& e) {
            throw_bad_column(e, i);
        }
    }
    to.raw(std::string_view("\n"));
}

void copy_encoder::append_trailer(protocol::writer& to) const {
    // -1 in place of the number of values. The text format needs no end: CopyDone is enough.
    if (!is_text_) {
        to.int16(-1);
    }
}

}  // namespace gino::postgresql::codec
