// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/sqlite/connect_options.hpp>
#include <gino/driver/sqlite/driver.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

#include "driver/sqlite/connection.hpp"

namespace gino::sqlite {

namespace {

/// The URI of a new database in memory. With a name that begins with "/", the VFS "memdb" shares
/// the database among all connections of the process that use the same name, so each has a number.
std::string fresh_memory_uri() {
    static std::atomic<std::uint64_t> made = 0;
    return "file:/gino-" + std::to_string(++made) + "?vfs=memdb";
}

/// Encodes a path as a URI, which SQLITE_OPEN_URI makes SQLite expect: '%', '?' and '#' have a
/// meaning there (SQLite's page "Uniform Resource Identifiers").
std::string uri_of_path(const std::string& path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = path.starts_with('/') ? "file://" : "file:./";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            const auto byte = static_cast<unsigned char>(c);
            uri += '%';
            uri += digits[byte >> 4U];
            uri += digits[byte & 0x0fU];
        } else {
            uri += c;
        }
    }
    return uri;
}

std::shared_ptr<const database_location> locate(const url& where) {
    connect_options options(where);
    const bool is_file = options.mode != open_mode::memory;
    std::string uri = is_file ? uri_of_path(options.path) : fresh_memory_uri();
    if (options.immutable) {
        uri += "?immutable=1";
    }
    std::string name = is_file ? options.path : "in memory";
    return std::make_shared<const database_location>(database_location{
        std::move(options), std::move(uri), std::move(name)});
}

/// Closes the handle that keeps a database in memory.
struct closer {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};

class sqlite_driver final : public driver::driver {
public:
    explicit sqlite_driver(const url& where) : where_(locate(where)), shown_(where.redacted()) {
        if (is_in_memory()) {
            keep_in_memory();
        }
    }

    [[nodiscard]] awaitable<std::unique_ptr<gino::driver::connection>> connect(
        boost::asio::any_io_executor /*executor*/, std::chrono::milliseconds timeout
    ) override {
        std::string name = shown_ + ", session " + std::to_string(++sessions_);
        return open_connection(where_, std::move(name), timeout);
    }

    // SQLite sends no notices.
    void on_notice(gino::driver::notice_callback /*callback*/) override {}

    [[nodiscard]] std::size_t connection_limit() const noexcept override {
        return is_in_memory() ? 1 : 0;
    }

    [[nodiscard]] std::string description() const override { return shown_; }

private:
    [[nodiscard]] bool is_in_memory() const noexcept {
        return where_->options.mode == open_mode::memory;
    }

    /// Opens a connection that keeps a database in memory: SQLite deletes the database when its
    /// last connection closes, and a pool may close a session before it opens the next one.
    void keep_in_memory() {
        sqlite3* opened = nullptr;
        constexpr int flags =
            SQLITE_OPEN_URI | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        const int code = sqlite3_open_v2(where_->uri.c_str(), &opened, flags, nullptr);
        anchor_.reset(opened);  // also after a failure, where a handle has to be closed as well
        if (code != SQLITE_OK) {
            throw connection_error(
                errc::connect_failed,
                std::string("cannot make an SQLite database in memory: ") + sqlite3_errstr(code)
            );
        }
    }

    std::shared_ptr<const database_location> where_;
    std::string shown_;                        ///< The URL without its password.
    std::atomic<std::uint64_t> sessions_ = 0;  ///< Opened so far; numbers their names.
    std::unique_ptr<sqlite3, closer> anchor_;  ///< Null for a file.
};

}  // namespace

std::unique_ptr<driver::driver> make_driver(const url& where) {
    return std::make_unique<sqlite_driver>(where);
}

}  // namespace gino::sqlite
