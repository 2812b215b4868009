// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The error of a file that cannot be read: `what()` returns "FILE:LINE: problem", the form of
/// compilers' messages.
class input_error : public std::runtime_error {
public:
    input_error(const std::string& file, std::size_t line, const std::string& problem)
        : std::runtime_error(file + ":" + std::to_string(line) + ": " + problem) {}
};

/// "Name: value" with the lines that continue the value.
struct deb822_field {
    std::string_view name;
    std::string_view value;  ///< Without blanks around it; inner line ends are kept.
    std::size_t line = 0;    ///< Where the field begins.
};

/// Fields without an empty line between them.
struct deb822_paragraph {
    std::vector<deb822_field> fields;
    std::size_t line = 0;            ///< Where it begins.
    bool ends_with_the_text = true;  ///< False: an empty line follows it.

    /// Finds a field by its name, whose case does not matter.
    [[nodiscard]] const deb822_field* find(std::string_view name) const noexcept;
};

/// Reads Debian's control format, deb822(5), paragraph by paragraph.
///
/// Lifetime: the paragraphs refer to the text.
class deb822_reader {
public:
    /// @param file  The text's name in messages.
    deb822_reader(std::string_view text, std::string file) : rest_(text), file_(std::move(file)) {}

    /// Returns the next paragraph, or nothing at the end.
    ///
    /// @throws input_error  A line is neither a field nor the continuation of one, a field comes
    ///                      twice, the text is no UTF-8, or its last line is cut off.
    [[nodiscard]] std::optional<deb822_paragraph> next();

    [[noreturn]] void fail(std::size_t line, const std::string& problem) const;

private:
    [[nodiscard]] std::string_view take_line();
    void add_line(deb822_paragraph& paragraph, std::string_view line) const;
    void add_field(deb822_paragraph& paragraph, std::string_view line) const;

    std::string_view rest_;
    std::string file_;
    std::size_t line_ = 0;  // the number of the last line that was taken
};

/// Returns the text without blanks and line ends around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
