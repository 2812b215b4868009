// SPDX-License-Identifier: BSD-3-Clause
#include "dpkg_status.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "deb822.hpp"

namespace {

std::string text_of(const deb822_field* field) {
    return field != nullptr ? std::string(field->value) : std::string();
}

std::optional<std::string> optional_text_of(const deb822_field* field) {
    return field != nullptr && !field->value.empty() ? std::optional(std::string(field->value))
                                                     : std::nullopt;
}

bool is_installed(const deb822_paragraph& paragraph) {
    const auto* status = paragraph.find("Status");
    return status == nullptr || !status->value.ends_with(" not-installed");
}

// True for the line of a list, such as "- an item" or "* an item".
bool starts_item(std::string_view line) {
    return line.size() > 1 && line[1] == ' ' &&
           std::string_view("-*+").find(line[0]) != std::string_view::npos;
}

// Joins the lines of running text to one line per paragraph or item. " ." separates paragraphs; a
// line that begins with two blanks is verbatim, and keeps one of them (Debian Policy Manual,
// 5.6.13).
std::string unfold(std::string_view lines) {
    std::string text;
    bool is_running = false;
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        line.remove_prefix(std::min<std::size_t>(line.size(), 1));
        const bool stands_alone = line.starts_with(' ') || line.starts_with('\t');
        const bool is_empty = trim(line) == ".";
        const bool goes_on = is_running && !stands_alone && !is_empty && !starts_item(line);
        if (!text.empty()) {
            text += goes_on ? ' ' : '\n';
        }
        text += is_empty ? std::string_view() : line.substr(0, line.find_last_not_of(" \t\r") + 1);
        is_running = !stands_alone && !is_empty;
    }
    return text;
}

class entry_reader {
public:
    entry_reader(const deb822_reader& file, const deb822_paragraph& paragraph)
        : file_(file), paragraph_(paragraph) {}

    package_entry read() const {
        package_entry entry;
        entry.name = required("Package");
        entry.version = required("Version");
        entry.architecture = required("Architecture");
        if (paragraph_.ends_with_the_text) {
            // These fields are optional, but the last paragraph without them may be cut off.
            required("Maintainer");
            required("Description");
        }
        entry.section = optional_text_of(paragraph_.find("Section"));
        entry.priority = optional_text_of(paragraph_.find("Priority"));
        entry.homepage = optional_text_of(paragraph_.find("Homepage"));
        entry.installed_size = read_size();
        entry.maintainer = read_maintainer();
        read_description(entry);
        read_dependencies(entry);
        return entry;
    }

private:
    std::string required(const char* name) const {
        const auto* field = paragraph_.find(name);
        if (field == nullptr || field->value.empty()) {
            const std::string package = text_of(paragraph_.find("Package"));
            file_.fail(
                paragraph_.line,
                (package.empty() ? "this entry" : "the entry of package \"" + package + "\"") +
                    " has no field \"" + name + "\"; the file is damaged or cut off"
            );
        }
        return std::string(field->value);
    }

    std::optional<std::int64_t> read_size() const {
        const auto* field = paragraph_.find("Installed-Size");
        if (field == nullptr || field->value.empty()) {
            return std::nullopt;
        }
        std::int64_t size = 0;
        const char* end = field->value.data() + field->value.size();
        const auto [stopped, failure] = std::from_chars(field->value.data(), end, size);
        if (failure != std::errc() || stopped != end || size < 0) {
            file_.fail(field->line, "Installed-Size has to be a number of KiB");
        }
        return size;
    }

    std::optional<maintainer_entry> read_maintainer() const {
        const auto* field = paragraph_.find("Maintainer");
        if (field == nullptr || field->value.empty()) {
            return std::nullopt;
        }
        const std::string_view value = field->value;
        const std::size_t open = std::min(value.find('<'), value.size());
        const std::size_t close = std::min(value.find('>', open), value.size());
        std::string_view email =
            open < value.size() ? value.substr(open + 1, close - open - 1) : "";
        return maintainer_entry{
            .name = std::string(trim(value.substr(0, open))), .email = std::string(trim(email))};
    }

    void read_description(package_entry& entry) const {
        const std::string_view value = [this] {
            const auto* field = paragraph_.find("Description");
            return field != nullptr ? field->value : std::string_view();
        }();
        const std::size_t end = std::min(value.find('\n'), value.size());
        entry.summary = trim(value.substr(0, end));
        entry.description = unfold(value.substr(std::min(end + 1, value.size())));
    }

    void read_dependencies(package_entry& entry) const {
        for (const auto& names : dependency_kinds) {
            const auto* field = paragraph_.find(names.field);
            if (field == nullptr) {
                continue;
            }
            for (auto& target : relationships_of(*field)) {
                entry.dependencies.push_back({.kind = names.kind, .target = std::move(target)});
            }
        }
    }

    std::vector<relationship> relationships_of(const deb822_field& field) const {
        try {
            return parse_relationships(field.value);
        } catch (const relationship_error& e) {
            // The name and the value are views of the same text, so the lines between are counted.
            const auto lines = std::count(field.name.data(), field.value.data() + e.place(), '\n');
            file_.fail(
                field.line + static_cast<std::size_t>(lines),
                "in field \"" + std::string(field.name) + "\": " + e.what()
            );
        }
    }

    const deb822_reader& file_;
    const deb822_paragraph& paragraph_;
};

std::string read_file(const std::string& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> input(
        std::fopen(file.c_str(), "rb"), &std::fclose
    );
    if (input != nullptr) {
        std::string text;
        std::vector<char> block(1'000'000);
        while (const std::size_t size = std::fread(block.data(), 1, block.size(), input.get())) {
            text.append(block.data(), size);
        }
        if (std::ferror(input.get()) == 0) {
            return text;
        }
    }
    throw std::runtime_error(
        "cannot read " + file + ": " + std::generic_category().message(errno) +
        "; name a copy of /var/lib/dpkg/status or of a Packages file with --input"
    );
}

}  // namespace

std::vector<package_entry> parse_dpkg_status(std::string_view text, const std::string& file) {
    deb822_reader reader(text, file);
    std::vector<package_entry> entries;
    std::unordered_set<std::string> names;
    while (const auto paragraph = reader.next()) {
        if (!is_installed(*paragraph)) {
            continue;
        }
        package_entry entry = entry_reader(reader, *paragraph).read();
        if (names.insert(entry.name).second) {
            entries.push_back(std::move(entry));
        }
    }
    if (entries.empty()) {
        reader.fail(1, "there is no package in this file");
    }
    return entries;
}

std::vector<package_entry> read_dpkg_status(const std::string& file) {
    const std::string text = read_file(file);
    return parse_dpkg_status(text, file);
}
