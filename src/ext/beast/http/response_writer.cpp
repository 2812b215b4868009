// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/http/response_writer.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

#include "ext/beast/http/ascii.hpp"

namespace gino::ext::detail {

namespace {

void append_number(std::string& output, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    output.append(digits.data(), end);
}

void append_two_digits(std::string& output, unsigned number) {
    output += static_cast<char>('0' + number / 10);
    output += static_cast<char>('0' + number % 10);
}

void append_status_line(std::string& output, int status) {
    if (status == 200) {
        output += "HTTP/1.1 200 OK\r\n";
        return;
    }
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    output += "HTTP/1.1 ";
    append_number(output, static_cast<std::uint64_t>(status));
    output += ' ';
    output.append(reason.data(), reason.size());
    output += "\r\n";
}

// Returns an IMF-fixdate (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". It is independent of
// the locale.
std::string http_date(std::int64_t second) {
    constexpr std::array<std::string_view, 7> weekdays{
        "Sun, ", "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, "};
    constexpr std::array<std::string_view, 12> months{
        " Jan ",
        " Feb ",
        " Mar ",
        " Apr ",
        " May ",
        " Jun ",
        " Jul ",
        " Aug ",
        " Sep ",
        " Oct ",
        " Nov ",
        " Dec "};
    const std::chrono::sys_seconds moment{std::chrono::seconds(second)};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    std::string text(weekdays[std::chrono::weekday(day).c_encoding()]);
    append_two_digits(text, static_cast<unsigned>(date.day()));
    text += months[static_cast<unsigned>(date.month()) - 1];
    append_number(text, static_cast<std::uint64_t>(static_cast<int>(date.year())));
    text += ' ';
    append_two_digits(text, static_cast<unsigned>(time.hours().count()));
    text += ':';
    append_two_digits(text, static_cast<unsigned>(time.minutes().count()));
    text += ':';
    append_two_digits(text, static_cast<unsigned>(time.seconds().count()));
    text += " GMT";
    return text;
}

// The statuses 204 and 304 have no body and get no Content-Length: 204 must not have one (RFC 9110,
// 8.6), and that of 304 would be the length of the 200 response, which is unknown here.
bool has_length(int status) noexcept {
    return status != 204 && status != 304;
}

// HTTP/1.1 keeps connections open by default, HTTP/1.0 does not.
void append_connection(std::string& output, const response_context& context) {
    if (!context.keep_alive) {
        output += "connection: close\r\n";
    } else if (context.is_http_1_0) {
        output += "connection: keep-alive\r\n";
    }
}

}  // namespace

void response_writer::append_header(
    std::string& output,
    const response& answer,
    std::size_t body_size,
    const response_context& context
) {
    append_status_line(output, answer.status());
    append_date(output, context.second);
    append_connection(output, context);
    for (const auto& [name, value] : answer.headers()) {
        if (equals_ignoring_case(name, "connection")) {
            continue;
        }
        output += name;
        output += ": ";
        output += value;
        output += "\r\n";
    }
    if (has_length(answer.status())) {
        output += "content-length: ";
        append_number(output, body_size);
        output += "\r\n";
    }
    output += "\r\n";
}

bool response_writer::has_body(const response& answer, const response_context& context) noexcept {
    return !context.is_head && has_length(answer.status());
}

void response_writer::append_date(std::string& output, std::int64_t second) {
    if (second != date_second_) {
        date_ = "date: " + http_date(second) + "\r\n";
        date_second_ = second;
    }
    output += date_;
}

}  // namespace gino::ext::detail
