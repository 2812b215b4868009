// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/url.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace gino::sqlite {

/// How a database file is opened; the URL's parameter `mode`.
enum class open_mode : std::uint8_t {
    read_write_create,  ///< `rwc`, the default: created if it does not exist.
    read_write,         ///< `rw`: it must exist.
    read_only,          ///< `ro`: it must exist, and is never written.
    memory,             ///< No file: the data lives as long as the driver.
};

/// When SQLite waits for the disk; see `PRAGMA synchronous` in its manual.
enum class synchronous_mode : std::uint8_t { off, normal, full, extra };

/// How SQLite keeps the data for a rollback; see `PRAGMA journal_mode` in its manual. `OFF` is not
/// offered, because ROLLBACK would not work.
enum class journal_mode : std::uint8_t { delete_, truncate, persist, memory, wal };

/// The settings of a `sqlite://` URL. Each field but `path` is a parameter of the URL.
///
/// `sqlite://` and `sqlite:///:memory:` are databases in memory; `sqlite:///app.db` is a file
/// relative to the working folder, `sqlite:////var/lib/app.db` has an absolute path.
struct connect_options {
    /// Reads the settings.
    ///
    /// @throws argument_error  `errc::invalid_url`: the URL has a host or a user, a parameter that
    ///                         is unknown (the message lists the known ones) or has a wrong value,
    ///                         or parameters that contradict each other, such as `immutable=on` and
    ///                         `mode=rw`.
    explicit connect_options(const url& where);

    std::string path;  ///< Empty: in memory.
    open_mode mode = open_mode::read_write_create;
    /// `busy_timeout`, in milliseconds, at most a day: how long a statement waits for another
    /// writer.
    std::chrono::milliseconds busy_timeout{5000};
    /// `journal_mode`: delete, truncate, persist, memory, wal. Empty optional: WAL if the file
    /// system supports it. If a mode that the URL names is not available, connecting fails.
    std::optional<sqlite::journal_mode> journal_mode;
    /// `synchronous`: off, normal, full, extra. Normal is safe against corruption; under WAL a
    /// power cut may lose the last transactions.
    synchronous_mode synchronous = synchronous_mode::normal;
    bool foreign_keys = true;  ///< `foreign_keys`: whether they are enforced.
    /// `statement_cache_size`: prepared statements kept per connection, at most 100,000; 0: none.
    std::size_t statement_cache_size = 100;
    /// `immutable`: the file cannot change, as on a read-only medium, so that no locks are taken.
    /// Implies `mode=ro`.
    bool immutable = false;
};

}  // namespace gino::sqlite
