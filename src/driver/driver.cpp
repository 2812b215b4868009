// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/driver.hpp>

namespace gino::driver {

namespace {

[[noreturn]] void throw_no_copy() {
    throw argument_error(
        errc::invalid_argument, "this database has no COPY; create_many() stores many objects"
    );
}

}  // namespace

awaitable<command_result> connection::copy_in(std::string_view /*sql*/, copy_source& /*from*/) {
    throw_no_copy();
}

awaitable<command_result> connection::copy_out(std::string_view /*sql*/, copy_sink& /*to*/) {
    throw_no_copy();
}

awaitable<command_result> connection::copy_rows_in(
    std::string_view /*sql*/, std::span<const sql_type> /*types*/, row_source& /*from*/
) {
    throw_no_copy();
}

void connection::on_notification(notification_callback /*callback*/) {}

awaitable<bool> connection::wait_for_notification(std::chrono::milliseconds /*at_most*/) {
    throw argument_error(errc::invalid_argument, "this database has no LISTEN and NOTIFY");
}

}  // namespace gino::driver
