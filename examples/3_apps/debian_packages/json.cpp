// SPDX-License-Identifier: BSD-3-Clause
#include "json.hpp"

#include <gino/ext/http_error.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

constexpr std::size_t longest_text = 10'000;
constexpr std::size_t longest_author = 100;

template <class T>
value or_null(const std::optional<T>& v) {
    return v ? value(*v) : value(nullptr);
}

template <class T, class Write>
array write_all(const std::vector<T>& items, Write write) {
    array all;
    all.reserve(items.size());
    for (const auto& item : items) {
        all.push_back(write(item));
    }
    return all;
}

object write_briefly(const package& shown) {
    return {
        {"name", shown.name},
        {"version", shown.version},
        {"section", or_null(shown.section)},
        {"summary", shown.summary}};
}

// `summary` is null when the target is not a package of this database.
object write_dependency(const dependency& shown) {
    return {
        {"kind", to_string(shown.kind)},
        {"name", shown.name},
        {"version", or_null(shown.version)},
        {"architecture", or_null(shown.architecture)},
        {"alternatives", or_null(shown.alternatives)},
        {"summary", shown.target != nullptr ? value(shown.target->summary) : value(nullptr)}};
}

object write_dependent(const dependency& shown) {
    return {
        {"kind", to_string(shown.kind)},
        {"name", shown.source->name},
        {"version", or_null(shown.version)},
        {"summary", shown.source->summary}};
}

// Writes ISO 8601 in the form that JavaScript reads: "2024-02-29T23:59:58.123456+00:00".
value write_time(gino::timestamptz time) {
    std::string text = gino::to_string(time);
    text.replace(text.find(' '), 1, "T");
    return value(text);
}

[[noreturn]] void refuse(const std::string& problem) {
    throw gino::ext::http_error(
        400,
        problem +
            "; a note is {\"text\": 1 to 10000 characters, \"author\": 1 to 100 characters or null}"
    );
}

std::size_t count_characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
    }));
}

std::string read_text(std::string_view name, const value& v, std::size_t longest) {
    if (!v.is_string()) {
        refuse("\"" + std::string(name) + "\" has to be a text");
    }
    const std::string_view text = v.get_string();
    const bool is_blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (is_blank || count_characters(text) > longest) {
        refuse("\"" + std::string(name) + "\" is " + (is_blank ? "empty" : "too long"));
    }
    return std::string(text);
}

}  // namespace

object write_packages(
    const std::vector<package>& packages, std::int64_t total, queries::slice part
) {
    return {
        {"total", total},
        {"limit", part.limit},
        {"offset", part.offset},
        {"packages", write_all(packages, write_briefly)}};
}

object write_dependents(const std::vector<dependency>& dependents, std::int64_t total) {
    return {{"total", total}, {"packages", write_all(dependents, write_dependent)}};
}

object write_package(
    const package& shown, const std::vector<dependency>& dependencies, object dependents
) {
    value maintained_by = nullptr;
    if (shown.maintained_by) {
        maintained_by = {
            {"id", shown.maintained_by->id},
            {"name", shown.maintained_by->name},
            {"email", shown.maintained_by->email}};
    }
    return {
        {"name", shown.name},
        {"version", shown.version},
        {"architecture", shown.architecture},
        {"section", or_null(shown.section)},
        {"priority", or_null(shown.priority)},
        {"installed_size", or_null(shown.installed_size)},
        {"summary", shown.summary},
        {"description", shown.description},
        {"homepage", or_null(shown.homepage)},
        {"maintainer", std::move(maintained_by)},
        {"dependencies", write_all(dependencies, write_dependency)},
        {"dependents", std::move(dependents)},
        {"notes", write_all(shown.notes, write_note)}};
}

object write_maintainer(const maintainer& shown) {
    return {
        {"id", shown.id},
        {"name", shown.name},
        {"email", shown.email},
        {"packages", write_all(shown.packages, write_briefly)}};
}

object write_note(const note& shown) {
    return {
        {"id", shown.id},
        {"author", or_null(shown.author)},
        {"text", shown.text},
        {"created_at", write_time(shown.created_at)}};
}

note_change read_note(const value& body) {
    if (!body.is_object()) {
        refuse("the body has to be an object");
    }
    note_change change;
    for (const auto& [key, v] : body.get_object()) {
        if (key == "text") {
            change.text = read_text(key, v, longest_text);
        } else if (key == "author") {
            change.author.emplace();
            if (!v.is_null()) {
                *change.author = read_text(key, v, longest_author);
            }
        } else {
            refuse("a note has no \"" + std::string(key) + "\"");
        }
    }
    return change;
}

}  // namespace json
