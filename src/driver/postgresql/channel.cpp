// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/channel.hpp"

#include <gino/core/error.hpp>

namespace gino::postgresql {

namespace {

/// What is kept of the value of a setting: "on", "off", "SQL_ASCII".
constexpr std::size_t longest_switch = 64;

}  // namespace

bool channel::try_next(protocol::message& into) {
    while (socket_.try_next(into)) {
        if (!handle_asynchronous(into)) {
            return true;
        }
    }
    return false;
}

awaitable<protocol::message> channel::next() {
    protocol::message m;
    while (!try_next(m)) {
        co_await socket_.fill();
    }
    co_return m;
}

bool channel::is_alive() noexcept {
    constexpr int most_reads = 16;
    try {
        for (int reads = 0; reads < most_reads; ++reads) {
            protocol::message m;
            if (try_next(m)) {
                return false;
            }
            if (socket_.is_silent()) {
                return !socket_.has_rest();
            }
            if (!socket_.is_open() || !socket_.take_bytes()) {
                return false;
            }
        }
    } catch (...) {
        // It has broken the protocol, or there is no memory.
    }
    return false;
}

bool channel::handle_asynchronous(const protocol::message& m) {
    switch (m.type) {
        case 'N': {
            error_fields notice;
            if (!protocol::read_error(m.body, notice)) {
                socket_.fail_protocol("a malformed NoticeResponse");
            }
            if (on_notice_) {
                on_notice_(notice);
            }
            return true;
        }
        case 'S':
            handle_setting(m);
            return true;
        case 'A':
            handle_notification(m);
            return true;
        default:
            return false;
    }
}

void channel::handle_setting(const protocol::message& m) {
    std::string_view name;
    std::string_view setting;
    if (!protocol::read_parameter_status(m.body, name, setting)) {
        socket_.fail_protocol("a malformed ParameterStatus");
    }
    const bool other_encoding = name == "client_encoding" && setting != "UTF8";
    const bool other_strings = name == "standard_conforming_strings" && setting != "on";
    if (other_encoding || other_strings) {
        socket_.fail(
            "its setting " + std::string(name) + " was changed to \"" +
            std::string(setting.substr(0, longest_switch)) + "\", with which texts are not safe"
        );
    }
    // Nobody asks for the others, which a server could fill the memory with.
    if (name == "in_hot_standby") {
        in_hot_standby_ = setting.substr(0, longest_switch);
    } else if (name == "default_transaction_read_only") {
        read_only_by_default_ = setting.substr(0, longest_switch);
    }
}

void channel::handle_notification(const protocol::message& m) {
    driver::notification received;
    if (!protocol::read_notification(m.body, received)) {
        socket_.fail_protocol("a malformed NotificationResponse");
    }
    if (on_notification_) {
        on_notification_(received);
    }
}

void channel::write_sync() {
    protocol::write_sync(out());
    ++awaited_;
}

void channel::write_query(std::string_view sql) {
    protocol::write_query(out(), sql);
    ++awaited_;
}

void channel::handle_ready(const protocol::message& m) {
    if (!protocol::read_ready(m.body, status_)) {
        socket_.fail_protocol("a malformed ReadyForQuery");
    }
    awaited_ -= awaited_ > 0 ? 1 : 0;
    socket_.end_start_up();
}

error_fields channel::refusal_of(const protocol::message& m) {
    error_fields fields;
    if (!protocol::read_error(m.body, fields)) {
        socket_.fail_protocol("a malformed ErrorResponse");
    }
    return fields;
}

error_fields channel::error_of(const protocol::message& m) {
    error_fields fields = refusal_of(m);
    if (fields.severity == "FATAL" || fields.severity == "PANIC") {
        socket_.fail_with(std::move(fields));
    }
    return fields;
}

awaitable<void> channel::synchronize() {
    write_sync();
    co_await flush();
    for (;;) {
        const auto m = co_await next();
        if (m.type == 'Z') {
            handle_ready(m);
            co_return;
        }
        if (m.type != 'E') {
            fail_unexpected(m, "a round trip without a statement");
        }
        static_cast<void>(error_of(m));  // of the statement that was to end, and had ended
    }
}

void channel::fail_unexpected(const protocol::message& m, std::string_view during) {
    socket_.fail_protocol(
        "an unexpected message of type " + std::to_string(static_cast<int>(m.type)) + " during " +
        std::string(during)
    );
}

}  // namespace gino::postgresql
