// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/copy_decoder.hpp"

#include <gino/core/error.hpp>

#include <algorithm>

#include "driver/postgresql/codec/copy_rows.hpp"
#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

namespace {

column_description describe(const std::string& name, const sql_type& type) {
    // The binary format of an enumeration is its label. Types without a known number are read as
    // text.
    const bool is_label = type.kind == type_kind::enumeration;
    const std::uint32_t number = is_label ? oid::text : oid_of(type);
    return {.name = name, .kind = kind_of(number), .type_id = number};
}

// Returns the character that a backslash and `c` mean in COPY's text format (manual, COPY, "Text
// Format"). The server writes no octal or hexadecimal escapes.
char unescaped(char c) noexcept {
    constexpr std::string_view letters = "bfnrtv";
    constexpr std::string_view meant = "\b\f\n\r\t\v";
    const std::size_t place = letters.find(c);
    return place == std::string_view::npos ? c : meant[place];
}

}  // namespace

copy_decoder::copy_decoder(
    std::span<const sql_type> types, std::span<const std::string> names, driver::row_sink& to
)
    : to_(to), is_text_(is_copied_as_text(types)) {
    columns_.reserve(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        columns_.push_back(describe(names[i], types[i]));
    }
    fields_.resize(types.size());
    texts_.resize(types.size());
}

std::string_view copy_decoder::options() const noexcept {
    return copy_options(is_text_);
}

awaitable<void> copy_decoder::take(std::span<const std::byte> bytes) {
    read(bytes);
    co_return;
}

// Reads the complete rows. A row may be split between messages: the rest stays in `bytes_`.
void copy_decoder::read(std::span<const std::byte> bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(read_));
    searched_ -= std::min(searched_, read_);
    read_ = 0;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (!is_text_ && !has_header_ && !read_header()) {
        return;
    }
    while (!is_at_end_ && (is_text_ ? read_text_row() : read_binary_row())) {
    }
}

void copy_decoder::end() {
    if (read_ != bytes_.size() || (!is_text_ && !is_at_end_)) {
        refuse();
    }
    if (!has_given_) {
        to_.columns(columns_, decoder());
    }
}

void copy_decoder::refuse() {
    throw data_error(errc::bad_value, "the server sent something else than rows of these columns");
}

void copy_decoder::give() {
    if (!has_given_) {
        has_given_ = true;
        to_.columns(columns_, decoder());
    }
    to_.row(fields_);
}

// Reads the header: the signature, the flags, and the length of an extension, which has to be 0.
// Returns false when it has not arrived completely.
bool copy_decoder::read_header() {
    protocol::reader from(bytes_);
    const auto begin = from.bytes(copy_signature.size());
    static_cast<void>(from.int32());
    const std::int32_t length = from.int32();
    if (from.is_bad()) {
        return false;
    }
    const auto wanted = std::as_bytes(std::span(copy_signature));
    if (!std::ranges::equal(begin, wanted) || length != 0) {
        refuse();
    }
    read_ = bytes_.size() - from.rest().size();
    has_header_ = true;
    return true;
}

// Reads a row of the binary format (manual, COPY, "Binary Format"): the number of fields, then each
// field after its length. A number of -1 is the trailer. Returns false when the row has not arrived
// completely; it is then read again from its beginning.
bool copy_decoder::read_binary_row() {
    const std::span<const std::byte> unread(bytes_);
    protocol::reader from(unread.subspan(read_));
    const std::int16_t count = from.int16();
    if (from.is_bad()) {
        return false;
    }
    is_at_end_ = count == -1;
    if (!is_at_end_ && static_cast<std::size_t>(count) != fields_.size()) {
        refuse();
    }
    for (std::size_t i = 0; i < fields_.size() && !is_at_end_; ++i) {
        const std::int32_t length = from.int32();
        if (!from.is_bad() && length < -1) {
            refuse();
        }
        const bool is_null = length == -1;
        const auto bytes = from.bytes(is_null ? 0 : static_cast<std::size_t>(length));
        // A null pointer means NULL: an empty value needs another one.
        static constexpr std::byte nothing{};
        const std::byte* const begin = bytes.empty() ? &nothing : bytes.data();
        fields_[i] = {.data = is_null ? nullptr : begin, .size = bytes.size()};
    }
    if (from.is_bad()) {
        return false;
    }
    // Before read_ moves on: the fields are views of `bytes_`.
    if (!is_at_end_) {
        give();
    }
    read_ = bytes_.size() - from.rest().size();
    return true;
}

// Reads a row of the text format: a line whose fields are separated by tabs. Returns false when the
// end of the line has not arrived. Tabs and line ends within a value are escaped.
bool copy_decoder::read_text_row() {
    const std::string_view all(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
    const std::size_t end = all.find('\n', std::max(read_, searched_));
    if (end == std::string_view::npos) {
        searched_ = all.size();
        return false;
    }
    std::string_view line = all.substr(read_, end - read_);
    const auto tabs = static_cast<std::size_t>(std::ranges::count(line, '\t'));
    if (tabs + 1 != fields_.size()) {
        refuse();
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const std::string_view field = line.substr(0, line.find('\t'));
        line.remove_prefix(std::min(field.size() + 1, line.size()));
        std::string& text = texts_[i];
        text.clear();
        for (std::size_t k = 0; k < field.size(); ++k) {
            const bool is_escape = field[k] == '\\' && k + 1 < field.size();
            text += is_escape ? unescaped(field[++k]) : field[k];
        }
        const auto bytes = std::as_bytes(std::span(text));
        // NULL is compared before unescaping: the text "\N" itself arrives as "\\N".
        fields_[i] = {.data = field == "\\N" ? nullptr : bytes.data(), .size = bytes.size()};
    }
    text_rows_.make_binary(fields_, columns_);
    give();
    read_ = end + 1;
    return true;
}

}  // namespace gino::postgresql::codec
