// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/protocol/messages.hpp"

#include <gino/core/sqlstate.hpp>

#include <charconv>
#include <string>
#include <utility>

#include "core/quoted_text.hpp"
#include "driver/postgresql/codec/encode.hpp"
#include "driver/postgresql/protocol/limits.hpp"

namespace gino::postgresql::protocol {

namespace {

// The first number of StartupMessage, SSLRequest and CancelRequest (manual, 55.7): a version of the
// protocol, 3.0 in two halves, or a code that is no version.
constexpr std::int32_t version_3 = 196608;
constexpr std::int32_t ssl_request = 80877103;
constexpr std::int32_t cancel_request = 80877102;
constexpr std::size_t most_parameters = 65535;

// Returns a text of an error, truncated between two UTF-8 characters.
std::string shortened(std::string_view text) {
    if (text.size() <= longest_error_text) {
        return std::string(text);
    }
    std::size_t size = longest_error_text;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) {
        --size;
    }
    return std::string(text.substr(0, size)) + "... (" + std::to_string(text.size() - size) +
           " more bytes)";
}

// Returns the column in "Key (name)=(x) already exists.", whatever the language of the other words;
// an empty text if the key has several columns or an expression. PostgreSQL sends no column field
// for a violation of a unique constraint.
std::string column_of_key(std::string_view detail) {
    const auto begin = detail.find('(');
    if (begin == std::string_view::npos) {
        return {};
    }
    std::string_view rest = detail.substr(begin + 1);
    std::string column;
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        column = gino::detail::take_quoted_name(rest, '"');
    } else {
        column = rest.substr(0, rest.find_first_of("(), \""));
        rest.remove_prefix(column.size());
    }
    return rest.starts_with(")=(") ? column : std::string();
}

}  // namespace

void write_startup(writer& to, const std::vector<std::pair<std::string, std::string>>& parameters) {
    to.begin(request_type::none);
    to.int32(version_3);
    for (const auto& [name, setting] : parameters) {
        to.string(name);
        to.string(setting);
    }
    to.byte(0);  // the end of the list of parameters
    to.end();
}

void write_sasl_initial(writer& to, std::string_view mechanism, std::string_view response) {
    to.begin(request_type::password);
    to.string(mechanism);
    to.int32(static_cast<std::int32_t>(response.size()));
    to.raw(response);
    to.end();
}

void write_sasl_response(writer& to, std::string_view response) {
    to.begin(request_type::password);
    to.raw(response);
    to.end();
}

void write_password(writer& to, std::string_view password) {
    to.begin(request_type::password);
    to.string(password);
    to.end();
}

void write_ssl_request(writer& to) {
    to.begin(request_type::none);
    to.int32(ssl_request);
    to.end();
}

void write_cancel_request(writer& to, std::int32_t process, std::int32_t secret) {
    to.begin(request_type::none);
    to.int32(cancel_request);
    to.int32(process);
    to.int32(secret);
    to.end();
}

void write_query(writer& to, std::string_view sql) {
    to.begin(request_type::query);
    to.string(sql);
    to.end();
}

void write_parse(
    writer& to, std::string_view name, std::string_view sql, std::span<const std::uint32_t> types
) {
    to.begin(request_type::parse);
    to.string(name);
    to.string(sql);
    // The number is unsigned on the wire: more than 32,767 types are valid.
    to.int16(static_cast<std::int16_t>(types.size()));
    for (const auto type : types) {
        to.int32(static_cast<std::int32_t>(type));
    }
    to.end();
}

void write_describe_statement(writer& to, std::string_view name) {
    to.begin(request_type::describe);
    to.byte('S');
    to.string(name);
    to.end();
}

void write_describe_portal(writer& to, std::string_view portal) {
    to.begin(request_type::describe);
    to.byte('P');
    to.string(portal);
    to.end();
}

// Bind counts its parameters with 16 bits; more of them are refused before anything is written.
void write_bind(
    writer& to,
    std::string_view portal,
    std::string_view statement,
    std::span<const driver::parameter> parameters,
    std::span<const std::int16_t> formats,
    std::size_t* at
) {
    std::size_t unused = 0;
    std::size_t& number = at != nullptr ? *at : unused;
    number = 0;
    if (parameters.size() > most_parameters) {
        throw argument_error(
            errc::limit_exceeded,
            "a statement has " + std::to_string(parameters.size()) +
                " parameters; PostgreSQL takes 65535 at most; nothing was sent"
        );
    }
    // Two lists of formats and one of values, each after its size (manual, 55.7, Bind).
    to.begin(request_type::bind);
    to.string(portal);
    to.string(statement);
    to.int16(static_cast<std::int16_t>(parameters.size()));
    for (const auto& parameter : parameters) {
        to.int16(codec::is_sent_as_text(parameter.type) ? 0 : 1);
    }
    to.int16(static_cast<std::int16_t>(parameters.size()));
    for (const auto& parameter : parameters) {
        ++number;
        // Throws for a value that does not fit the type; `number` then identifies the parameter.
        codec::append_parameter(to, *parameter.bound, parameter.type);
    }
    number = 0;
    to.int16(static_cast<std::int16_t>(formats.size()));
    for (const auto format : formats) {
        to.int16(format);
    }
    to.end();
}

void write_execute(writer& to, std::string_view portal, std::uint32_t most) {
    to.begin(request_type::execute);
    to.string(portal);
    to.int32(static_cast<std::int32_t>(most));
    to.end();
}

void write_close(writer& to, char kind, std::string_view name) {
    to.begin(request_type::close);
    to.byte(static_cast<std::uint8_t>(kind));
    to.string(name);
    to.end();
}

void write_sync(writer& to) {
    to.begin(request_type::sync);
    to.end();
}

void write_copy_data(writer& to, std::span<const std::byte> bytes) {
    to.begin(request_type::copy_data);
    to.raw(bytes);
    to.end();
}

void write_copy_done(writer& to) {
    to.begin(request_type::copy_done);
    to.end();
}

void write_copy_fail(writer& to, std::string_view why) {
    to.begin(request_type::copy_fail);
    to.string(why);
    to.end();
}

void write_terminate(writer& to) {
    to.begin(request_type::terminate);
    to.end();
}

// Reads ErrorResponse or NoticeResponse: fields with a type of one byte, and a NUL (manual, 55.8).
bool read_error(std::span<const std::byte> body, error_fields& into) {
    reader from(body);
    for (char field = static_cast<char>(from.byte()); field != 0;
         field = static_cast<char>(from.byte())) {
        std::string text = shortened(from.string());
        switch (field) {
            // S is translated, V is not (manual, 55.8). Some poolers send no V.
            case 'S':
                if (into.severity.empty()) {
                    into.severity = std::move(text);
                }
                break;
            case 'V':
                into.severity = std::move(text);
                break;
            case 'C':
                into.sqlstate = std::move(text);
                break;
            case 'M':
                into.message = std::move(text);
                break;
            case 'D':
                into.detail = std::move(text);
                break;
            case 'H':
                into.hint = std::move(text);
                break;
            case 's':
                into.schema = std::move(text);
                break;
            case 't':
                into.table = std::move(text);
                break;
            case 'c':
                into.column = std::move(text);
                break;
            case 'n':
                into.constraint = std::move(text);
                break;
            case 'P':
                std::from_chars(text.data(), text.data() + text.size(), into.position);
                break;
            default:
                break;  // unknown fields are ignored (manual, 55.8)
        }
    }
    if (into.column.empty() && into.sqlstate == sqlstate::unique_violation) {
        into.column = column_of_key(into.detail);
    }
    return from.is_done();
}

bool read_row_description(std::span<const std::byte> body, std::vector<column>& into) {
    reader from(body);
    // Not reserved: the count is not trusted before the columns are read.
    const std::int16_t count = from.int16();
    into.clear();
    for (std::int16_t i = 0; i < count && !from.is_bad(); ++i) {
        column one;
        one.name = from.string();
        one.table = static_cast<std::uint32_t>(from.int32());
        static_cast<void>(from.int16());  // the column's number in its table
        one.type = static_cast<std::uint32_t>(from.int32());
        static_cast<void>(from.int16());  // the type's size
        static_cast<void>(from.int32());  // its modifier
        static_cast<void>(from.int16());  // the format: 0 when a statement is described
        into.push_back(std::move(one));
    }
    return count >= 0 && from.is_done();
}

// The number of fields has to be that of the columns: a sink indexes both alike.
bool read_data_row(std::span<const std::byte> body, std::span<driver::field_slice> into) {
    reader from(body);
    const std::int16_t count = from.int16();
    if (count < 0 || static_cast<std::size_t>(count) != into.size()) {
        return false;
    }
    for (auto& field : into) {
        const std::int32_t length = from.int32();
        field = {};
        // -1: NULL, which is a null pointer. Another negative length is malformed.
        if (length >= 0) {
            const auto bytes = from.bytes(static_cast<std::size_t>(length));
            field = {.data = bytes.data(), .size = bytes.size()};
        } else if (length != -1) {
            return false;
        }
    }
    return from.is_done();
}

bool read_command_complete(std::span<const std::byte> body, driver::command_result& into) {
    reader from(body);
    into.tag = from.string();
    into.affected_rows = 0;
    into.kind = driver::kind_of_tag(into.tag);
    // The number of rows is the last word: "INSERT 0 5", "SELECT 5" (manual, 55.7).
    const std::size_t blank = into.tag.rfind(' ');
    if (blank != std::string::npos) {
        std::from_chars(
            into.tag.data() + blank + 1, into.tag.data() + into.tag.size(), into.affected_rows
        );
    }
    return from.is_done();
}

bool read_parameter_status(
    std::span<const std::byte> body, std::string_view& name, std::string_view& setting
) {
    reader from(body);
    name = from.string();
    setting = from.string();
    return from.is_done();
}

bool read_notification(std::span<const std::byte> body, driver::notification& into) {
    reader from(body);
    into.process = from.int32();
    into.channel = from.string();
    into.payload = from.string();
    return from.is_done();
}

// The status of the transaction: I idle, T in a block, E in a failed block (manual, 55.7).
bool read_ready(std::span<const std::byte> body, driver::transaction_status& into) {
    reader from(body);
    switch (from.byte()) {
        case 'I':
            into = driver::transaction_status::idle;
            return from.is_done();
        case 'T':
            into = driver::transaction_status::in_transaction;
            return from.is_done();
        case 'E':
            into = driver::transaction_status::failed;
            return from.is_done();
        default:
            return false;
    }
}

void throw_violation(const std::string& host, const std::string& violation) {
    throw internal_error(
        errc::protocol_violation,
        "the server at " + host + " broke the protocol: " + violation + "; the connection is closed"
    );
}

}  // namespace gino::postgresql::protocol
