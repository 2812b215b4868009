// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/driver/driver.hpp>

#include <cstdint>
#include <functional>
#include <string>

/// Backups: the part of a session with a database that is a file.
namespace gino::driver {

/// The progress of a backup, in pages of the database.
struct backup_progress {
    std::uint64_t pages_left = 0;  ///< Pages that are not copied yet.
    std::uint64_t pages = 0;       ///< All pages. The number grows when others write.
};

/// Receives the progress after each step of a backup.
using backup_callback = std::function<void(const backup_progress&)>;

/// Makes backups on the session that hands it out, see `connection::backups()`.
///
/// Thread safety, errors, cancellation: as the calls of the session, with which these must not
/// overlap.
class backup_maker {
public:
    backup_maker() = default;
    backup_maker(const backup_maker&) = delete;
    backup_maker& operator=(const backup_maker&) = delete;

    /// Copies the whole database into a file, as it is at one moment. The file keeps its old
    /// contents until the copy is complete.
    ///
    /// @param to_file   The path of the copy.
    /// @param progress  Called between the steps; may be empty. Must outlive the call.
    /// @throws argument_error  `errc::wrong_state`: the session is in a transaction.
    [[nodiscard]] virtual awaitable<void> backup(
        const std::string& to_file, const backup_callback& progress
    ) = 0;

protected:
    ~backup_maker() = default;
};

}  // namespace gino::driver
