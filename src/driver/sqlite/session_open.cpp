// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/sqlstate.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include "driver/sqlite/functions/custom_functions.hpp"
#include "driver/sqlite/functions/exact_functions.hpp"
#include "driver/sqlite/functions/json_element.hpp"
#include "driver/sqlite/functions/time_functions.hpp"
#include "driver/sqlite/session.hpp"

// The functions of `session` that open, configure and close the connection.

namespace gino::sqlite {

namespace {

/// A run-time limit of a connection (SQLite's page "Run-Time Limits"). SQLite itself allows a
/// gigabyte; these limits are lower, because a file or a statement may be hostile ("Defense Against
/// The Dark Arts"). Without worker threads, only the session's own thread runs a query.
struct size_limit {
    int what;
    int most;
};

constexpr std::array size_limits{
    size_limit{SQLITE_LIMIT_LENGTH, 512 * 1024 * 1024},
    size_limit{SQLITE_LIMIT_SQL_LENGTH, 64 * 1024 * 1024},
    size_limit{SQLITE_LIMIT_TRIGGER_DEPTH, 100},
    size_limit{SQLITE_LIMIT_WORKER_THREADS, 0},
};

/// A switch of sqlite3_db_config() (SQLite's page "Database Connection Configuration Options").
struct switch_setting {
    int what;
    int on;
};

constexpr std::array safe_settings{
    switch_setting{SQLITE_DBCONFIG_DEFENSIVE, 1},
    switch_setting{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    switch_setting{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    switch_setting{SQLITE_DBCONFIG_DQS_DML, 0},  // "x" is a name, never a string literal
    switch_setting{SQLITE_DBCONFIG_DQS_DDL, 0},
};

const char* sql_of(synchronous_mode mode) noexcept {
    switch (mode) {
        case synchronous_mode::off:
            return "PRAGMA synchronous=OFF";
        case synchronous_mode::normal:
            return "PRAGMA synchronous=NORMAL";
        case synchronous_mode::full:
            return "PRAGMA synchronous=FULL";
        case synchronous_mode::extra:
            return "PRAGMA synchronous=EXTRA";
    }
    return "PRAGMA synchronous=FULL";
}

std::string_view name_of(journal_mode mode) noexcept {
    switch (mode) {
        case journal_mode::delete_:
            return "delete";
        case journal_mode::truncate:
            return "truncate";
        case journal_mode::persist:
            return "persist";
        case journal_mode::memory:
            return "memory";
        case journal_mode::wal:
            return "wal";
    }
    return "delete";
}

int open_flags(const connect_options& options) noexcept {
    // NOMUTEX: no two threads use the handle at once ("Using SQLite In Multi-Threaded
    // Applications"), and sqlite3_interrupt() is allowed from any thread. EXRESCODE: result codes
    // are extended codes.
    constexpr int always = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (options.mode) {
        case open_mode::read_only:
            return always | SQLITE_OPEN_READONLY;
        case open_mode::read_write:
            return always | SQLITE_OPEN_READWRITE;
        case open_mode::read_write_create:
        case open_mode::memory:
            break;
    }
    return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

/// The reason why a file cannot be opened, from the file system, with advice. SQLITE_CANTOPEN gives
/// no reason.
std::string reason_of(const connect_options& options, int system_error) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const fs::path path(options.path);
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (fs::is_directory(path, ignored)) {
        return "it is a folder; name a file in it";
    }
    if (system_error == EACCES) {
        return "the system denies permission; look at the rights on the file and its folder";
    }
    if (!fs::exists(folder, ignored)) {
        return "the folder \"" + folder.string() + "\" does not exist; create it first";
    }
    if (options.mode != open_mode::read_write_create && !fs::exists(path, ignored)) {
        return "there is no such file; without mode=ro or mode=rw it would be made";
    }
    if (system_error != 0) {
        return std::generic_category().message(system_error);
    }
    return "the file or its journal cannot be opened; look at the rights on the folder";
}

}  // namespace

outcome session::open(std::chrono::milliseconds lock_timeout) {
    lock_timeout_ = lock_timeout;
    outcome wrong;
    try {
        wrong = open_handle();
    } catch (...) {
        close_handle();  // sqlite3_open_v2() makes a handle even when it fails
        throw;
    }
    if (wrong) {
        close_handle();
        return wrong;
    }
    lock_timeout_ = where_->options.busy_timeout;
    file_ = identity_of(where_->options.path);
    is_marked_ = false;
    is_open_ = true;
    update_status();
    return {};
}

outcome session::open_handle() {
    const int code =
        sqlite3_open_v2(where_->uri.c_str(), &database_, open_flags(where_->options), nullptr);
    if (code != SQLITE_OK) {
        return cannot_open(code);
    }
    interrupter_.attach(database_);
    return configure();
}

outcome session::configure() {
    // Before the first statement, which may have to wait for another connection's lock. The
    // handlers keep a pointer to this session, which outlives its handle.
    sqlite3_busy_handler(database_, on_busy, this);
    constexpr int instructions_between_looks = 1000;
    sqlite3_progress_handler(database_, instructions_between_looks, on_progress, this);
    for (const auto& limit : size_limits) {
        sqlite3_limit(database_, limit.what, limit.most);
    }
    for (const auto& setting : safe_settings) {
        sqlite3_db_config(database_, setting.what, setting.on, nullptr);
    }
    const int foreign_keys = where_->options.foreign_keys ? 1 : 0;
    sqlite3_db_config(database_, SQLITE_DBCONFIG_ENABLE_FKEY, foreign_keys, nullptr);
    if (const int code = register_functions(database_, &clock_); code != SQLITE_OK) {
        return cannot_open(code);
    }
    if (const int code = register_exact_functions(database_); code != SQLITE_OK) {
        return cannot_open(code);
    }
    if (const int code = register_time_functions(database_); code != SQLITE_OK) {
        return cannot_open(code);
    }
    if (const int code = register_json_functions(database_); code != SQLITE_OK) {
        return cannot_open(code);
    }
    if (const int code = register_custom_functions(database_); code != SQLITE_OK) {
        return cannot_open(code);
    }
    // sqlite3_open_v2() does not read the file. This statement does, and fails for a file that is
    // no database. It comes after the limits and switches, which protect against a hostile file.
    if (auto wrong = run_pragma("SELECT 1 FROM sqlite_schema LIMIT 1")) {
        return wrong;
    }
    if (auto wrong = configure_journal()) {
        return wrong;
    }
    // cell_size_check finds a damaged page when it is loaded ("Defense Against The Dark Arts").
    for (const char* const sql :
         {sql_of(where_->options.synchronous),
          "PRAGMA cell_size_check=ON",
          "PRAGMA case_sensitive_like=ON"}) {
        if (auto wrong = run_pragma(sql)) {
            return wrong;
        }
    }
    return {};
}

outcome session::run_pragma(const char* sql) {
    const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? outcome() : cannot_open(code);
}

outcome session::configure_journal() {
    const connect_options& options = where_->options;
    if (options.mode == open_mode::memory) {
        // The default of the "memdb" VFS is 1 GiB (SQLITE_MEMDB_DEFAULT_MAXSIZE).
        sqlite3_int64 unlimited = INT64_MAX;
        sqlite3_file_control(database_, "main", SQLITE_FCNTL_SIZE_LIMIT, &unlimited);
        return {};
    }
    if (sqlite3_db_readonly(database_, "main") == 1) {
        return {};
    }
    const std::string_view wanted = name_of(options.journal_mode.value_or(journal_mode::wal));
    const std::string sql = "PRAGMA journal_mode=" + std::string(wanted);
    // The pragma returns the mode that is in effect, which is the old one where the file system
    // cannot have the new one ("PRAGMA Statements", journal_mode).
    std::string got;
    const auto take_mode = [](void* into, int /*count*/, char** values, char** /*names*/) {
        *static_cast<std::string*>(into) = values[0] != nullptr ? values[0] : "";
        return 0;
    };
    const int code = sqlite3_exec(database_, sql.c_str(), take_mode, &got, nullptr);
    // Without a mode in the URL, a file that cannot have WAL keeps its mode; a locked file fails.
    if ((code & 0xff) == SQLITE_BUSY || (code != SQLITE_OK && options.journal_mode)) {
        return cannot_open(code);
    }
    if (options.journal_mode && got != wanted) {
        fault why = cannot_open(SQLITE_ERROR);
        why.message = "cannot open the SQLite database \"" + where_->name +
                      "\": it cannot have journal_mode=" + std::string(wanted) + ", it has " + got +
                      "; leave the parameter out, or use another file system";
        return why;
    }
    return {};
}

// Describes a failure to open: a connection error, with the database's name and advice.
fault session::cannot_open(int code) const {
    fault why = describe_error(database_, code, {});
    why.from = fault::origin::connection;
    why.code = errc::connect_failed;
    why.fields.sqlstate = sqlstate::sqlclient_unable_to_establish_sqlconnection;
    std::string reason = why.fields.message;
    switch (code & 0xff) {
        case SQLITE_CANTOPEN:
            reason = reason_of(
                where_->options, database_ != nullptr ? sqlite3_system_errno(database_) : 0
            );
            break;
        case SQLITE_NOTADB:
            reason = "the file is no SQLite database, or is encrypted";
            break;
        case SQLITE_BUSY:
            why.code = errc::connect_timeout;
            reason = "another connection keeps it locked; try again, or look who does";
            break;
        case SQLITE_INTERRUPT:
            why.code = errc::cancelled;
            break;
        default:
            reason += why.fields.hint.empty() ? "" : "; " + why.fields.hint;
            break;
    }
    why.message = "cannot open the SQLite database \"" + where_->name + "\": " + reason;
    return why;
}

void session::close() noexcept {
    end(main_);
    for (const auto& cursor : cursors_) {
        end(*cursor);
    }
    cursors_.clear();
    is_open_ = false;
    has_failed_ = false;
    close_handle();
    update_status();
}

void session::close_handle() noexcept {
    // A handle with unfinalized statements would stay open ("Closing A Database Connection"), and
    // sqlite3_interrupt() must not be called with a handle that is being closed.
    cache_.clear();
    interrupter_.detach();
    sqlite3_close_v2(std::exchange(database_, nullptr));
}

session::file_identity session::identity_of(const std::string& path) noexcept {
    struct ::stat found {};

    if (path.empty() || ::stat(path.c_str(), &found) != 0) {
        return {};
    }
    return {.device = found.st_dev, .inode = found.st_ino};
}

bool session::has_its_file() const noexcept {
    return identity_of(where_->options.path) == file_;
}

int session::on_busy(void* self, int attempt) noexcept {
    // The delays of SQLite's own handler (PRAGMA busy_timeout), which nothing can interrupt.
    constexpr std::array<int, 12> delays{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
    const session& me = *static_cast<session*>(self);
    std::int64_t waited = 0;
    for (int i = 0; i < attempt; ++i) {
        waited += delays[std::min<std::size_t>(static_cast<std::size_t>(i), delays.size() - 1)];
    }
    const std::int64_t left = me.lock_timeout_.count() - waited;
    if (left <= 0) {
        return 0;
    }
    const std::int64_t next =
        delays[std::min<std::size_t>(static_cast<std::size_t>(attempt), delays.size() - 1)];
    try {
        return me.interrupter_.wait(std::chrono::milliseconds(std::min(next, left))) ? 1 : 0;
    } catch (...) {
        return 0;  // an exception must not pass through SQLite, which is written in C
    }
}

// Called from within sqlite3_step(): must not use the handle ("Query Progress Callbacks").
int session::on_progress(void* self) noexcept {
    return static_cast<session*>(self)->interrupter_.is_requested() ? 1 : 0;
}

}  // namespace gino::sqlite
