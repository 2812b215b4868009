// SPDX-License-Identifier: BSD-3-Clause
#include "types/json_parser.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace gino::detail {

namespace {

namespace json = boost::json;
using boost::system::error_code;

/// The handler of Boost.JSON's parser: it builds the document and checks the limits that Boost does
/// not have.
///
/// An object's hash table is made when the object ends. By then the number of its keys is within
/// the limit and no key occurs twice, so that an attacker cannot make Boost build a huge table
/// first.
class document_builder {
public:
    // Boost requires these four. The limits below are stricter, and their messages name the limit.
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    explicit document_builder(const json_limits& limits) : limits_(limits) { built_.reset(); }

    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

    [[nodiscard]] json::value release() { return built_.release(); }

    bool on_document_begin(error_code& /*failure*/) { return true; }

    bool on_document_end(error_code& /*failure*/) { return true; }

    bool on_object_begin(error_code& failure) {
        open_.emplace_back();
        return count(failure);
    }

    bool on_object_end(std::size_t size, error_code& failure) {
        auto keys = std::move(open_.back());
        open_.pop_back();
        std::ranges::sort(keys);
        // Boost keeps the last value of a key that occurs twice, other readers the first one. A
        // document that readers understand differently is refused.
        if (const auto twice = std::ranges::adjacent_find(keys); twice != keys.end()) {
            return refuse("has the key \"" + *twice + "\" twice in one object", failure);
        }
        // In the worst case all keys of an object collide in Boost's hash table, and each is
        // compared with all others. This bounds the sum over all objects of a document.
        constexpr std::size_t most_comparisons = 100'000'000;
        comparisons_ += size * size;
        if (comparisons_ > most_comparisons) {
            return refuse("has too many objects with many members", failure);
        }
        built_.push_object(size);
        return true;
    }

    bool on_array_begin(error_code& failure) { return count(failure); }

    bool on_array_end(std::size_t size, error_code& /*failure*/) {
        built_.push_array(size);
        return true;
    }

    // Boost delivers a long or escaped text in parts; the last part comes to `on_key()` or
    // `on_string()`.
    bool on_key_part(json::string_view part, std::size_t /*size*/, error_code& /*failure*/) {
        key_ += part;
        built_.push_chars(part);
        return true;
    }

    bool on_key(json::string_view rest, std::size_t /*size*/, error_code& failure) {
        key_ += rest;
        auto& keys = open_.back();
        // Checked at each key, not at the end of the object: the keys are copied, and would take
        // memory.
        if (keys.size() == limits_.members) {
            return refuse(
                "has an object of more than " + std::to_string(limits_.members) + " members",
                failure
            );
        }
        keys.push_back(std::exchange(key_, {}));
        built_.push_key(rest);
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t /*size*/, error_code& /*failure*/) {
        built_.push_chars(part);
        return true;
    }

    bool on_string(json::string_view rest, std::size_t /*size*/, error_code& failure) {
        built_.push_string(rest);
        return count(failure);
    }

    bool on_number_part(json::string_view /*part*/, error_code& /*failure*/) { return true; }

    bool on_int64(std::int64_t number, json::string_view /*text*/, error_code& failure) {
        built_.push_int64(number);
        return count(failure);
    }

    bool on_uint64(std::uint64_t number, json::string_view /*text*/, error_code& failure) {
        built_.push_uint64(number);
        return count(failure);
    }

    bool on_double(double number, json::string_view /*text*/, error_code& failure) {
        // Boost reads 1e999 as an infinity, which could not be written again.
        if (!std::isfinite(number)) {
            return refuse("has a number that is too large", failure);
        }
        built_.push_double(number);
        return count(failure);
    }

    bool on_bool(bool held, error_code& failure) {
        built_.push_bool(held);
        return count(failure);
    }

    bool on_null(error_code& failure) {
        built_.push_null();
        return count(failure);
    }

    bool on_comment_part(json::string_view /*part*/, error_code& /*failure*/) { return true; }

    bool on_comment(json::string_view /*rest*/, error_code& /*failure*/) { return true; }

private:
    bool count(error_code& failure) {
        if (++values_ <= limits_.values) {
            return true;
        }
        return refuse("has more than " + std::to_string(limits_.values) + " values", failure);
    }

    // Stops the parser. Boost carries no message, so the reason is kept here, and any error code
    // will do.
    bool refuse(std::string why, error_code& failure) {
        problem_ = std::move(why);
        failure = json::error::syntax;
        return false;
    }

    json_limits limits_;
    json::value_stack built_;
    std::vector<std::vector<std::string>> open_;  // the keys of each object that has begun
    std::string key_;
    std::size_t values_ = 0;
    std::size_t comparisons_ = 0;
    std::string problem_;
};

json_problem malformed(const std::string& why, std::size_t offset) {
    return {.text = "is malformed: " + why, .syntax = why, .offset = offset};
}

// The limits for documents that are read from databases. Three separate atomics: a reader may see a
// new limit beside an old one, which is harmless.
std::atomic<std::size_t> most_depth{json_limits().depth};
std::atomic<std::size_t> most_members{json_limits().members};
std::atomic<std::size_t> most_values{json_limits().values};

}  // namespace

std::optional<json_problem> parse_json(
    std::string_view text, const json_limits& limits, boost::json::value& into
) {
    json::parse_options options;
    options.max_depth = limits.depth;
    json::basic_parser<document_builder> parser(options, limits);
    error_code failure;
    // `false`: there is no more text, so that an incomplete document is an error.
    const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
    // The handler's own reason comes first: its error code is meaningless.
    const auto& problem = parser.handler().problem();
    if (!problem.empty()) {
        return json_problem{.text = problem, .syntax = {}, .offset = read};
    }
    if (failure == json::error::too_deep) {
        return json_problem{
            .text = "is nested deeper than " + std::to_string(limits.depth) + " levels",
            .syntax = {},
            .offset = read,
            .is_too_deep = true};
    }
    // write_some() stops after the document. Blanks at the end are consumed, other text is not.
    if (!failure && read < text.size()) {
        failure = json::error::extra_data;
    }
    if (failure) {
        return malformed(failure.message(), read);
    }
    into = parser.handler().release();
    return std::nullopt;
}

bool has_non_finite(const boost::json::value& document) {
    // Not recursive: documents that programs build have no limit of depth.
    std::vector<const json::value*> waiting{&document};
    while (!waiting.empty()) {
        const auto& one = *waiting.back();
        waiting.pop_back();
        if (const auto* number = one.if_double(); number != nullptr && !std::isfinite(*number)) {
            return true;
        }
        if (const auto* array = one.if_array()) {
            for (const auto& element : *array) {
                waiting.push_back(&element);
            }
        }
        if (const auto* object = one.if_object()) {
            for (const auto& member : *object) {
                waiting.push_back(&member.value());
            }
        }
    }
    return false;
}

}  // namespace gino::detail

namespace gino {

void set_json_limits(const json_limits& limits) noexcept {
    detail::most_depth = limits.depth;
    detail::most_members = limits.members;
    detail::most_values = limits.values;
}

json_limits get_json_limits() noexcept {
    return {
        .depth = detail::most_depth,
        .members = detail::most_members,
        .values = detail::most_values};
}

}  // namespace gino
