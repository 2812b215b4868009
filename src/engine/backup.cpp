// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/backup.hpp>

#include <utility>

#include "engine/connection/connection_state.hpp"

namespace gino {

awaitable<void> backup(
    connection& on,
    std::string to_file,
    detail::awaited_function<void(const driver::backup_progress&)> progress
) {
    // The closure has a name and captures references: see docs/gcc12.md. The text is for hooks and
    // messages; SQLite has no such statement.
    auto copy = [&](driver::connection& raw, std::string_view /*text*/) -> awaitable<status> {
        auto* maker = raw.backups();
        if (maker == nullptr) {
            throw argument_error(
                errc::invalid_argument,
                "this database is no file that could be copied; PostgreSQL's is backed up by "
                "pg_dump or pg_basebackup"
            );
        }
        co_await maker->backup(to_file, progress);
        co_return status();
    };
    static_cast<void>(co_await on.state().run_call("BACKUP TO " + to_file, copy));
}

}  // namespace gino
