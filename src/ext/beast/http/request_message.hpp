// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gino::ext::detail {

struct route;

/// A part of a text that still grows, by offset: a view would dangle when the text moves.
struct slice {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

/// A name and its value, of a header field or of a query parameter.
struct named_slice {
    slice name;
    slice value;
};

/// One request: as it was received, then decoded, then routed.
///
/// A connection has one message and fills it again for each request, so that its memory is reused.
struct request_message {
    // Filled by request_reader; the slices point into `received`.
    std::string received;
    slice method;
    slice target;
    std::vector<named_slice> fields;
    std::string body;
    bool keep_alive = false;
    bool is_http_1_0 = false;

    // Filled by decode_target(); the slices point into `decoded`.
    std::string decoded;
    slice path;
    std::vector<slice> segments;
    std::vector<named_slice> query;

    // Set by router::match(). `matched` is null when no route fits; `allowed` then has the methods
    // of the path, and is empty when there is no such path.
    const route* matched = nullptr;
    std::string allowed;

    [[nodiscard]] std::string_view received_text(slice part) const noexcept {
        return std::string_view(received).substr(part.offset, part.size);
    }

    [[nodiscard]] std::string_view decoded_text(slice part) const noexcept {
        return std::string_view(decoded).substr(part.offset, part.size);
    }

    /// Appends to `received`.
    slice receive(std::string_view text) { return append(received, text); }

    /// Empties the message and keeps its memory; that of a large body is freed.
    void clear() noexcept;

    static slice append(std::string& target, std::string_view text) {
        const slice part{
            static_cast<std::uint32_t>(target.size()), static_cast<std::uint32_t>(text.size())};
        target += text;
        return part;
    }
};

}  // namespace gino::ext::detail
