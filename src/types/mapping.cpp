// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/types/mapping.hpp>

#include <boost/json.hpp>

#include <cmath>
#include <limits>

#include "types/json_parser.hpp"

namespace gino::detail {

namespace {

[[noreturn]] void throw_bad_value(const field_view& field, const std::string& why) {
    throw data_error(
        errc::bad_value,
        "cannot read column \"" + field.column().name + "\": " + why,
        {.column = field.column().name}
    );
}

// Decoders return 64 bits for every integer column: the C++ type may be smaller than the column's.
template <class Integer>
Integer load_integer(const field_view& field) {
    const std::int64_t wide = field.decoder().integer(field);
    if (wide < std::numeric_limits<Integer>::min() || wide > std::numeric_limits<Integer>::max()) {
        throw_bad_value(
            field,
            std::to_string(wide) + " does not fit into the " +
                std::to_string(std::numeric_limits<Integer>::digits + 1) + " bits of the C++ type"
        );
    }
    return static_cast<Integer>(wide);
}

}  // namespace

void throw_unexpected_null(const field_view& field) {
    throw data_error(
        errc::unexpected_null,
        "column \"" + field.column().name +
            "\" is NULL, but the C++ type that it is read into has no room for it; make it a "
            "std::optional",
        {.column = field.column().name}
    );
}

bool load_boolean(const field_view& field) {
    return field.decoder().boolean(field);
}

std::int16_t load_int16(const field_view& field) {
    return load_integer<std::int16_t>(field);
}

std::int32_t load_int32(const field_view& field) {
    return load_integer<std::int32_t>(field);
}

std::int64_t load_int64(const field_view& field) {
    return field.decoder().integer(field);
}

float load_float(const field_view& field) {
    const double wide = field.decoder().floating(field);
    const auto narrow = static_cast<float>(wide);
    // A double beyond a float's range would become an infinity silently. Lost digits are accepted.
    if (std::isinf(narrow) && !std::isinf(wide)) {
        throw_bad_value(field, "the number is too large for a float");
    }
    return narrow;
}

double load_double(const field_view& field) {
    return field.decoder().floating(field);
}

std::string load_string(const field_view& field) {
    return std::string(field.decoder().text(field));
}

bytes load_bytes(const field_view& field) {
    const auto view = field.decoder().binary(field);
    return {view.begin(), view.end()};
}

date load_date(const field_view& field) {
    return field.decoder().day(field);
}

timestamp load_timestamp(const field_view& field) {
    return field.decoder().local_time(field);
}

timestamptz load_timestamptz(const field_view& field) {
    return field.decoder().instant(field);
}

namespace {

// One place for both forms of a document, so that the limits hold for elements of arrays as well.
void read_document(std::string_view text, const field_view& field, boost::json::value& into) {
    if (const auto problem = parse_json(text, get_json_limits(), into)) {
        throw_bad_value(field, "the JSON text " + problem->text);
    }
}

}  // namespace

void load_json(const field_view& field, boost::json::value& into) {
    read_document(field.decoder().json(field), field, into);
}

void read_json(const value& v, const field_view& field, boost::json::value& into) {
    const auto* document = v.get_if<json_text>();
    if (document == nullptr) {
        throw_bad_value(field, "it is no JSON");
    }
    read_document(document->text, field, into);
}

value store_json(const boost::json::value& document) {
    // Boost would write such a number as 1e99999 or NaN: another number, or no JSON.
    if (has_non_finite(document)) {
        throw argument_error(
            errc::bad_value, "a JSON document has NaN or an infinity in it, which JSON cannot hold"
        );
    }
    return value(json_text{boost::json::serialize(document)});
}

}  // namespace gino::detail
