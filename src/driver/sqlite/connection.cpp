// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/connection.hpp"

#include <gino/core/sqlstate.hpp>
#include <gino/driver/backup.hpp>

#include <boost/asio/this_coro.hpp>

#include <system_error>
#include <utility>

#include "driver/sqlite/codec/decoder.hpp"
#include "driver/sqlite/pipeline.hpp"
#include "driver/sqlite/worker.hpp"

namespace gino::sqlite {

namespace {

namespace asio = boost::asio;

/// A session and its worker, shared by the connection and its cursors, which may outlive it.
///
/// Lifetime: the members are destroyed in reverse order; the thread refers to the session, and the
/// session to the interrupter.
struct core {
    core(std::shared_ptr<const database_location> where, std::string its_name)
        : base(std::move(where), by),
          thread(std::make_shared<worker>(by, [this] { base.collect(); })),
          name(std::move(its_name)) {}

    core(const core&) = delete;
    core& operator=(const core&) = delete;

    ~core() { shut_down(); }

    /// Interrupts the running job, ends the worker's thread, and closes the session on this thread.
    /// The order matters: only a thread that has ended leaves the handle to another one.
    void shut_down() noexcept {
        by.stop();
        thread->stop();
        base.close();
    }

    interrupter by;
    session base;
    std::shared_ptr<worker> thread;
    std::string name;
};

bool is_cancelled(const asio::cancellation_state& state) noexcept {
    return state.cancelled() != asio::cancellation_type::none;
}

/// Throws `errc::cancelled` when the coroutine was cancelled. Without this check, Asio throws its
/// own exception at the next `co_await`.
void throw_if_cancelled(const asio::cancellation_state& state, const core& on) {
    if (is_cancelled(state)) {
        throw error(errc::cancelled, "cancelled: a call to the SQLite session " + on.name);
    }
}

/// Runs a function on the worker's thread.
///
/// @throws error  `errc::cancelled`: the coroutine was cancelled before, or the cancellation has
///                interrupted the function; otherwise the error of the function.
template <class Function>
awaitable<void> run_on(core& on, Function& function) {
    // Boost 1.81 starts a coroutine that was cancelled before its first resume.
    throw_if_cancelled(co_await asio::this_coro::cancellation_state, on);
    job_of<Function> what(function);
    co_await worker::run(on.thread, what);
    const auto after = co_await asio::this_coro::cancellation_state;
    // connection::interrupt() ends a statement with the same SQLSTATE; its error is the database's.
    if (what.wrong && what.wrong->fields.sqlstate == sqlstate::query_canceled) {
        throw_if_cancelled(after, on);
    }
    what.check();
}

void check_open(const core& on) {
    if (!on.base.is_open()) {
        throw state_error(
            errc::closed, "cannot use the SQLite session " + on.name + ": it is closed"
        );
    }
}

/// Abandons a statement when its reader stops before the last row: a sink has thrown, or the
/// coroutine was cancelled or destroyed. The worker ends it then; only its thread calls SQLite.
class reading_guard {
public:
    reading_guard(core& from, execution& what) noexcept : from_(from), what_(what) {}

    reading_guard(const reading_guard&) = delete;
    reading_guard& operator=(const reading_guard&) = delete;

    ~reading_guard() {
        if (!is_dismissed_ && !what_.is_done) {
            what_.abandoned = true;
            from_.thread->wake();
        }
    }

    void dismiss() noexcept { is_dismissed_ = true; }

private:
    core& from_;
    execution& what_;
    bool is_dismissed_ = false;
};

// Passes the rows of the last job to the sink.
void feed(execution& from, driver::row_sink& sink) {
    if (from.columns != nullptr) {
        from.batch.feed(sink, from.columns->size());
    }
}

class sqlite_cursor final : public driver::cursor {
public:
    sqlite_cursor(std::shared_ptr<core> on, std::shared_ptr<execution> what) noexcept
        : core_(std::move(on)), execution_(std::move(what)) {}

    sqlite_cursor(const sqlite_cursor&) = delete;
    sqlite_cursor& operator=(const sqlite_cursor&) = delete;

    ~sqlite_cursor() override { abandon(); }

    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink) override {
        check_open(*core_);
        if (execution_->abandoned) {
            throw state_error(errc::closed, "cannot fetch: the cursor is closed");
        }
        const interruptible_call call(core_->by);
        reading_guard guard(*core_, *execution_);
        bool is_described = false;
        std::size_t fetched = 0;
        while (fetched < count) {
            // One job reads up to batch_limit::bytes, so a large count takes several.
            auto read = [this, left = count - fetched] {
                return core_->base.resume(*execution_, batch_limit{.rows = left});
            };
            throw_if_cancelled(co_await asio::this_coro::cancellation_state, *core_);
            co_await run_on(*core_, read);
            if (!std::exchange(is_described, true) && execution_->columns != nullptr) {
                sink.columns(*execution_->columns, decoder());
            }
            fetched += execution_->batch.rows();
            feed(*execution_, sink);
            if (execution_->is_done) {
                break;
            }
        }
        guard.dismiss();  // the cursor stays open for the next fetch()
        co_return fetched;
    }

    [[nodiscard]] awaitable<void> close() override {
        abandon();
        co_return;
    }

private:
    // Never waits: the worker resets the statement before its next job, or when it is woken.
    void abandon() noexcept {
        execution_->abandoned = true;
        core_->thread->wake();
    }

    std::shared_ptr<core> core_;
    std::shared_ptr<execution> execution_;
};

class sqlite_connection final : public driver::connection, public driver::backup_maker {
public:
    explicit sqlite_connection(std::shared_ptr<core> on) noexcept : core_(std::move(on)) {}

    sqlite_connection(const sqlite_connection&) = delete;
    sqlite_connection& operator=(const sqlite_connection&) = delete;

    // Cursors may still share the core; their fetch() throws from now on.
    ~sqlite_connection() override { core_->shut_down(); }

    [[nodiscard]] awaitable<driver::command_result> execute(
        const driver::request& statement, driver::row_sink& sink
    ) override {
        check_open(*core_);
        const interruptible_call call(core_->by);
        execution& what = core_->base.main();
        auto begin = [this, &statement, &what] { return core_->base.begin(statement, what); };
        // Before the first job: the frame may be destroyed while it runs.
        const reading_guard guard(*core_, what);
        co_await run_on(*core_, begin);
        if (what.columns != nullptr) {
            sink.columns(*what.columns, decoder());
        }
        feed(what, sink);
        // The sink runs on this thread between two jobs, and SQLite waits for it meanwhile.
        auto resume = [this, &what] { return core_->base.resume(what); };
        while (!what.is_done) {
            throw_if_cancelled(co_await asio::this_coro::cancellation_state, *core_);
            co_await run_on(*core_, resume);
            feed(what, sink);
        }
        co_return std::move(what.result);
    }

    [[nodiscard]] awaitable<driver::command_result> execute_many(
        const driver::request& statement, std::size_t sets
    ) override {
        check_open(*core_);
        const interruptible_call call(core_->by);
        driver::command_result result;
        auto run_all = [this, &statement, sets, &result] {
            return core_->base.execute_many(statement, sets, result);
        };
        co_await run_on(*core_, run_all);
        co_return result;
    }

    [[nodiscard]] awaitable<void> execute_pipeline(
        std::span<driver::pipelined> statements, driver::pipeline_sync sync
    ) override {
        return run_pipeline(*this, statements, sync);
    }

    [[nodiscard]] awaitable<std::unique_ptr<driver::cursor>> open_cursor(
        const driver::request& statement
    ) override {
        check_open(*core_);
        const interruptible_call call(core_->by);
        auto what = std::make_shared<execution>();
        auto open = [this, &statement, &what] { return core_->base.open_cursor(statement, what); };
        // Made before the job: its destructor abandons the execution when this call throws.
        auto opened = std::make_unique<sqlite_cursor>(core_, what);
        co_await run_on(*core_, open);
        co_return opened;
    }

    [[nodiscard]] awaitable<void> execute_script(std::string_view sql) override {
        check_open(*core_);
        const interruptible_call call(core_->by);
        auto run_all = [this, sql] { return core_->base.execute_script(sql); };
        co_await run_on(*core_, run_all);
    }

    [[nodiscard]] driver::backup_maker* backups() noexcept override { return this; }

    [[nodiscard]] awaitable<void> backup(
        const std::string& to_file, const driver::backup_callback& progress
    ) override {
        check_open(*core_);
        const interruptible_call call(core_->by);
        // Each step is a job of its own: between two, progress is reported, and a cancellation ends
        // the backup.
        file_backup copy(core_->by, core_->base.busy_timeout());
        auto begin = [&] { return core_->base.begin_backup(to_file, copy); };
        co_await run_on(*core_, begin);
        auto step = [&] { return copy.step(); };
        while (!copy.is_done()) {
            throw_if_cancelled(co_await asio::this_coro::cancellation_state, *core_);
            co_await run_on(*core_, step);
            if (progress) {
                progress(copy.progress());
            }
        }
    }

    [[nodiscard]] awaitable<void> reset() override {
        check_open(*core_);
        if (core_->base.is_clean()) {
            co_return;
        }
        // Without an `interruptible_call`, interrupt() does not reach the ROLLBACK.
        auto clean = [this] { return core_->base.reset(); };
        co_await run_on(*core_, clean);
    }

    [[nodiscard]] awaitable<void> close() override {
        if (!core_->base.is_open()) {
            co_return;
        }
        auto end = [this]() -> outcome {
            core_->base.close();
            return {};
        };
        try {
            co_await run_on(*core_, end);
        } catch (...) {
            // Cancelled before the job ran: shut_down() closes the session on this thread.
        }
        core_->shut_down();
    }

    void interrupt() noexcept override { core_->by.interrupt(); }

    [[nodiscard]] bool is_open() const noexcept override { return core_->base.is_open(); }

    [[nodiscard]] driver::transaction_status status() const noexcept override {
        return core_->base.status();
    }

    [[nodiscard]] bool is_alive() noexcept override {
        return core_->base.is_open() && core_->base.has_its_file();
    }

    [[nodiscard]] std::string description() const override { return core_->name; }

private:
    std::shared_ptr<core> core_;
};

void start_thread(core& of) {
    try {
        of.thread->start();
    } catch (const std::system_error& why) {
        throw connection_error(
            errc::connect_failed,
            "cannot open the SQLite session " + of.name +
                ": its worker thread does not start: " + why.what()
        );
    }
}

}  // namespace

awaitable<std::unique_ptr<driver::connection>> open_connection(
    std::shared_ptr<const database_location> where,
    std::string name,
    std::chrono::milliseconds timeout
) {
    const bool is_limited = timeout > std::chrono::milliseconds(0);
    const auto lock_timeout =
        is_limited ? std::min(timeout, where->options.busy_timeout) : where->options.busy_timeout;
    auto on = std::make_shared<core>(std::move(where), std::move(name));
    start_thread(*on);
    const interruptible_call call(on->by);
    auto open = [&on, lock_timeout] { return on->base.open(lock_timeout); };
    co_await run_on(*on, open);
    co_return std::make_unique<sqlite_connection>(std::move(on));
}

}  // namespace gino::sqlite
