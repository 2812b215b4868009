// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/url.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace gino::sqlite {

/// How a file is opened.
enum class open_mode : std::uint8_t {
    read_write_create,  ///< `rwc`, the default: made when it is missing.
    read_write,         ///< `rw`: must be there.
    read_only,          ///< `ro`: must be there, and is never written.
    memory,             ///< No file; gone with the driver.
};

/// When SQLite waits for the disk; its manual explains `PRAGMA synchronous`.
enum class synchronous_mode : std::uint8_t { off, normal, full, extra };

/// How SQLite undoes what was not committed; its manual explains `PRAGMA journal_mode`. `OFF` is
/// not offered: ROLLBACK would not work.
enum class journal_mode : std::uint8_t { delete_, truncate, persist, memory, wal };

/// What a `sqlite://` URL says, parameter by parameter.
///
/// `sqlite://` is a database in memory, also `sqlite:///:memory:`; `sqlite:///app.db` a file
/// relative to the working folder, `sqlite:////var/lib/app.db` an absolute one.
struct connect_options {
    /// @throws argument_error  `errc::invalid_url`: a host or a user; a parameter that nobody
    ///                         knows (the known ones are listed) or whose value is not allowed.
    explicit connect_options(const url& where);

    std::string path;  ///< Empty in memory.
    open_mode mode = open_mode::read_write_create;
    /// `busy_timeout`, in milliseconds up to a day: how long a statement waits for another writer.
    std::chrono::milliseconds busy_timeout{5000};
    /// `journal_mode`: delete, truncate, persist, memory, wal. Nothing: WAL where the file system
    /// can; a mode that was asked for and cannot be had is an error.
    std::optional<sqlite::journal_mode> journal_mode;
    /// `synchronous`: off, normal, full, extra. Normal is safe against corruption; under WAL the
    /// last transactions before a power cut may be lost.
    synchronous_mode synchronous = synchronous_mode::normal;
    bool foreign_keys = true;  ///< `foreign_keys`: whether they are enforced.
    /// `statement_cache_size`: prepared statements kept per connection; 0: none.
    std::size_t statement_cache_size = 100;
    /// `immutable`: the file cannot change, as on a read-only medium; no locks. Implies `mode=ro`.
    bool immutable = false;
};

}  // namespace gino::sqlite
