// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/beast/application_options.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace gino::ext {

namespace {

void require(bool is_right, const char* option, const char* expected) {
    if (!is_right) {
        throw argument_error(
            errc::invalid_option,
            std::string("application_options: ") + option + " has to be " + expected
        );
    }
}

void require_size(std::size_t value, const char* option) {
    // Beast's parser counts in 32 bits, and gets the sum of the limits of request line and header.
    constexpr std::size_t largest = std::numeric_limits<std::uint32_t>::max() / 4;
    require(value > 0 && value <= largest, option, "from 1 to 1073741823");
}

void require_time(application_options::duration value, const char* option) {
    constexpr std::chrono::hours longest(24 * 365);
    require(value.count() > 0 && value <= longest, option, "positive and at most a year");
}

}  // namespace

application_options& application_options::host(std::string value) {
    host_ = std::move(value);
    return *this;
}

application_options& application_options::port(std::uint16_t value) noexcept {
    port_ = value;
    return *this;
}

application_options& application_options::header_limit(std::size_t value) noexcept {
    header_limit_ = value;
    return *this;
}

application_options& application_options::header_count_limit(std::size_t value) noexcept {
    header_count_limit_ = value;
    return *this;
}

application_options& application_options::request_line_limit(std::size_t value) noexcept {
    request_line_limit_ = value;
    return *this;
}

application_options& application_options::body_limit(std::size_t value) noexcept {
    body_limit_ = value;
    return *this;
}

application_options& application_options::memory_limit(std::size_t value) noexcept {
    memory_limit_ = value;
    return *this;
}

application_options& application_options::json_depth_limit(std::size_t value) noexcept {
    json_limits_.depth = value;
    return *this;
}

application_options& application_options::json_size_limits(
    std::size_t members, std::size_t values
) noexcept {
    json_limits_.members = members;
    json_limits_.values = values;
    return *this;
}

application_options& application_options::header_timeout(duration value) noexcept {
    header_timeout_ = value;
    return *this;
}

application_options& application_options::body_timeout(duration value) noexcept {
    body_timeout_ = value;
    return *this;
}

application_options& application_options::write_timeout(duration value) noexcept {
    write_timeout_ = value;
    return *this;
}

application_options& application_options::minimum_rate(std::size_t value) noexcept {
    minimum_rate_ = value;
    return *this;
}

application_options& application_options::idle_timeout(duration value) noexcept {
    idle_timeout_ = value;
    return *this;
}

application_options& application_options::request_timeout(duration value) noexcept {
    request_timeout_ = value;
    return *this;
}

application_options& application_options::shutdown_timeout(duration value) noexcept {
    shutdown_timeout_ = value;
    return *this;
}

application_options& application_options::max_connections(std::size_t value) noexcept {
    max_connections_ = value;
    return *this;
}

application_options& application_options::sweep_interval(duration value) noexcept {
    sweep_interval_ = value;
    return *this;
}

application_options& application_options::strand_per_connection(bool value) noexcept {
    strand_per_connection_ = value;
    return *this;
}

application_options& application_options::clock(clock_function value) {
    clock_ = std::move(value);
    return *this;
}

void application_options::validate() const {
    require(!host_.empty(), "host", "an address; \"127.0.0.1\" is this machine");
    require(clock_ != nullptr, "clock", "a function");
    require_size(header_limit_, "header_limit");
    require_size(header_count_limit_, "header_count_limit");
    require_size(request_line_limit_, "request_line_limit");
    require_size(body_limit_, "body_limit");
    require(memory_limit_ >= body_limit_, "memory_limit", "at least body_limit");
    require_size(json_limits_.depth, "json_depth_limit");
    require_size(std::min(json_limits_.members, json_limits_.values), "json_size_limits");
    require_size(minimum_rate_, "minimum_rate");
    require_size(max_connections_, "max_connections");
    require_time(header_timeout_, "header_timeout");
    require_time(body_timeout_, "body_timeout");
    require_time(write_timeout_, "write_timeout");
    require_time(idle_timeout_, "idle_timeout");
    require_time(request_timeout_, "request_timeout");
    require_time(shutdown_timeout_, "shutdown_timeout");
    require_time(sweep_interval_, "sweep_interval");
}

}  // namespace gino::ext
