// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/codec/decoder.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>

#include "driver/sqlite/codec/row_batch.hpp"

namespace gino::sqlite {

namespace {

/// A declared type without its length, and its kind. SQLite accepts any words as a type, and keeps
/// them (SQLite's page "Datatypes In SQLite").
struct declaration {
    std::string_view name;
    type_kind kind;
};

constexpr std::array declarations{
    declaration{"BOOLEAN", type_kind::boolean},
    declaration{"BOOL", type_kind::boolean},
    declaration{"SMALLINT", type_kind::smallint},
    declaration{"INT2", type_kind::smallint},
    declaration{"INTEGER", type_kind::integer},
    declaration{"INT", type_kind::integer},
    declaration{"INT4", type_kind::integer},
    declaration{"BIGINT", type_kind::bigint},
    declaration{"INT8", type_kind::bigint},
    declaration{"REAL", type_kind::real},
    declaration{"DOUBLE PRECISION", type_kind::double_precision},
    declaration{"DOUBLE", type_kind::double_precision},
    declaration{"FLOAT", type_kind::double_precision},
    declaration{"TEXT", type_kind::text},
    declaration{"CLOB", type_kind::text},
    declaration{"VARCHAR", type_kind::varchar},
    declaration{"CHARACTER VARYING", type_kind::varchar},
    declaration{"NVARCHAR", type_kind::varchar},
    declaration{"CHAR", type_kind::varchar},
    declaration{"CHARACTER", type_kind::varchar},
    declaration{"BLOB", type_kind::binary},
    declaration{"BYTEA", type_kind::binary},
    declaration{"DATE", type_kind::date},
    declaration{"TIMESTAMP", type_kind::timestamp},
    declaration{"DATETIME", type_kind::timestamp},
    declaration{"TIMESTAMP WITHOUT TIME ZONE", type_kind::timestamp},
    declaration{"TIMESTAMP WITH TIME ZONE", type_kind::timestamptz},
    declaration{"TIMESTAMPTZ", type_kind::timestamptz},
    declaration{"JSON", type_kind::json},
    declaration{"JSONB", type_kind::jsonb},
};

std::string_view name_of(storage_class tag) {
    switch (tag) {
        case storage_class::integer:
            return "an INTEGER";
        case storage_class::real:
            return "a REAL";
        case storage_class::text:
            return "a TEXT";
        case storage_class::blob:
            return "a BLOB";
    }
    return "nothing known";
}

// REQUIRES, here and in the functions below: the field is not NULL, so it has a first byte.
storage_class tag_of(const field_view& field) noexcept {
    return static_cast<storage_class>(field.raw().front());
}

std::span<const std::byte> content_of(const field_view& field) noexcept {
    return field.raw().subspan(1);
}

// Copies the number out, because the bytes are not aligned.
template <class Number>
Number number_of(const field_view& field) noexcept {
    Number number{};
    std::memcpy(&number, content_of(field).data(), sizeof number);
    return number;
}

std::string_view text_of(const field_view& field) noexcept {
    const auto content = content_of(field);
    return {reinterpret_cast<const char*>(content.data()), content.size()};
}

[[noreturn]] void refuse(const field_view& field, std::string_view wanted, std::string_view why) {
    const column_description& column = field.column();
    error_fields fields;
    fields.column = column.name;
    std::string message = "cannot read column \"" + column.name + "\"";
    if (column.kind != type_kind::unknown) {
        message += " (" + std::string(to_string(column.kind)) + ")";
    }
    message += " as " + std::string(wanted) + ": " + std::string(why);
    throw data_error(errc::bad_value, message, std::move(fields));
}

/// Throws the error of a value of another storage class: in SQLite, the type belongs to the value,
/// not to the column. REQUIRES: the field has another storage class.
[[noreturn]] void refuse_storage(const field_view& field, std::string_view wanted) {
    const std::string why = "SQLite holds " + std::string(name_of(tag_of(field))) +
                            " in this row; read it as that, or store it otherwise";
    refuse(field, wanted, why);
}

void expect(const field_view& field, storage_class tag, std::string_view wanted) {
    if (tag_of(field) != tag) {
        refuse_storage(field, wanted);
    }
}

// Converts an integer that a double can represent. The limit is 2^63: converting a larger double
// back to an integer is undefined.
std::optional<double> exact_double(std::int64_t number) noexcept {
    const auto converted = static_cast<double>(number);
    constexpr double limit = 9'223'372'036'854'775'808.0;
    const bool is_exact = converted < limit && static_cast<std::int64_t>(converted) == number;
    return is_exact ? std::optional(converted) : std::nullopt;
}

/// Reads a text as a date or time; `parse` is `parse_date()` or a similar function.
template <class Parse>
auto parse_text(const field_view& field, Parse parse, std::string_view wanted, const char* shape) {
    expect(field, storage_class::text, wanted);
    const auto parsed = parse(text_of(field));
    if (!parsed) {
        refuse(field, wanted, std::string("the text is not written as ") + shape);
    }
    return *parsed;
}

// A column declared as a date may hold any text; the value is the text then.
template <class Parse>
value parsed_or_text(std::string_view text, Parse parse) {
    const auto parsed = parse(text);
    return parsed ? value(*parsed) : value(std::string(text));
}

value any_text(std::string_view text, type_kind kind) {
    switch (kind) {
        case type_kind::date:
            return parsed_or_text(text, parse_date);
        case type_kind::timestamp:
            return parsed_or_text(text, parse_timestamp);
        case type_kind::timestamptz:
            return parsed_or_text(text, parse_timestamptz);
        case type_kind::json:
        case type_kind::jsonb:
            return value(json_text{std::string(text)});
        default:
            return value(std::string(text));
    }
}

// An integer in a column that is declared as a boolean or a floating point number becomes a value
// of that type, if it has one.
value any_integer(std::int64_t number, type_kind kind) {
    if (kind == type_kind::boolean && (number == 0 || number == 1)) {
        return value(number == 1);
    }
    if (kind == type_kind::real || kind == type_kind::double_precision) {
        if (const auto converted = exact_double(number)) {
            return value(*converted);
        }
    }
    return value(number);
}

class sqlite_decoder final : public field_decoder {
public:
    [[nodiscard]] bool boolean(const field_view& field) const override {
        expect(field, storage_class::integer, "a boolean");
        const auto number = number_of<std::int64_t>(field);
        if (number != 0 && number != 1) {
            refuse(field, "a boolean", "the number is neither 0 nor 1");
        }
        return number == 1;
    }

    [[nodiscard]] std::int64_t integer(const field_view& field) const override {
        expect(field, storage_class::integer, "an integer");
        return number_of<std::int64_t>(field);
    }

    [[nodiscard]] double floating(const field_view& field) const override {
        if (tag_of(field) == storage_class::real) {
            return number_of<double>(field);
        }
        expect(field, storage_class::integer, "a floating point number");
        const auto converted = exact_double(number_of<std::int64_t>(field));
        if (!converted) {
            refuse(field, "a floating point number", "the integer has too many digits");
        }
        return *converted;
    }

    [[nodiscard]] std::string_view text(const field_view& field) const override {
        expect(field, storage_class::text, "text");
        return text_of(field);
    }

    [[nodiscard]] std::span<const std::byte> binary(const field_view& field) const override {
        expect(field, storage_class::blob, "binary");
        return content_of(field);
    }

    [[nodiscard]] date day(const field_view& field) const override {
        return parse_text(field, parse_date, "a date", "2024-02-29");
    }

    [[nodiscard]] timestamp local_time(const field_view& field) const override {
        return parse_text(field, parse_timestamp, "a timestamp", "2024-02-29 23:59:58.123456");
    }

    [[nodiscard]] timestamptz instant(const field_view& field) const override {
        return parse_text(
            field, parse_timestamptz, "a timestamp with time zone", "2024-02-29 23:59:58.123456"
        );
    }

    [[nodiscard]] std::string_view json(const field_view& field) const override {
        expect(field, storage_class::text, "JSON");
        return text_of(field);
    }

    [[nodiscard]] value any(const field_view& field) const override {
        switch (tag_of(field)) {
            case storage_class::integer:
                return any_integer(number_of<std::int64_t>(field), field.column().kind);
            case storage_class::real:
                return value(number_of<double>(field));
            case storage_class::text:
                return any_text(text_of(field), field.column().kind);
            case storage_class::blob:
                break;
        }
        const auto content = content_of(field);
        return value(bytes(content.begin(), content.end()));
    }
};

/// Returns "TIMESTAMP WITH TIME ZONE" for " timestamp(6) with  time zone".
std::string normalized(std::string_view declared) {
    std::string name;
    bool in_parentheses = false;
    for (const char c : declared) {
        if (c == '(' || c == ')') {
            in_parentheses = c == '(';
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            name += !name.empty() && name.back() != ' ' ? " " : "";
        } else if (!in_parentheses) {
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    if (name.ends_with(' ')) {
        name.pop_back();
    }
    return name;
}

}  // namespace

const field_decoder& decoder() noexcept {
    static const sqlite_decoder only;
    return only;
}

type_kind kind_of_declaration(std::string_view declared) {
    const std::string name = normalized(declared);
    const auto found =
        std::find_if(declarations.begin(), declarations.end(), [&name](const declaration& known) {
            return known.name == name;
        });
    return found != declarations.end() ? found->kind : type_kind::unknown;
}

}  // namespace gino::sqlite
