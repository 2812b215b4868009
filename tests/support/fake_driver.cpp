// SPDX-License-Identifier: BSD-3-Clause
#include "support/fake_driver.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/this_coro.hpp>

#include <charconv>
#include <stdexcept>
#include <utility>

#include "driver/sqlite/pipeline.hpp"

namespace gino::testing {

namespace {

/// A decoder of fields that are all text.
class fake_decoder final : public field_decoder {
public:
    [[nodiscard]] bool boolean(const field_view& field) const override {
        return text(field) == "true";
    }

    [[nodiscard]] std::int64_t integer(const field_view& field) const override {
        std::int64_t number = 0;
        const auto from = text(field);
        const auto [end, failure] = std::from_chars(from.data(), from.data() + from.size(), number);
        if (failure != std::errc() || end != from.data() + from.size()) {
            throw data_error(errc::bad_value, "not a number");
        }
        return number;
    }

    [[nodiscard]] double floating(const field_view& field) const override {
        return static_cast<double>(integer(field));
    }

    [[nodiscard]] std::string_view text(const field_view& field) const override {
        const auto raw = field.raw();
        return {reinterpret_cast<const char*>(raw.data()), raw.size()};
    }

    [[nodiscard]] std::span<const std::byte> binary(const field_view& field) const override {
        return field.raw();
    }

    [[nodiscard]] date day(const field_view& /*field*/) const override { return {}; }

    [[nodiscard]] timestamp local_time(const field_view& /*field*/) const override { return {}; }

    [[nodiscard]] timestamptz instant(const field_view& /*field*/) const override { return {}; }

    [[nodiscard]] std::string_view json(const field_view& field) const override {
        return text(field);
    }

    [[nodiscard]] value any(const field_view& field) const override {
        return value(std::string(text(field)));
    }
};

const fake_decoder decoder;

void feed(const fake_answer& from, std::size_t first, std::size_t count, driver::row_sink& sink) {
    if (from.columns.empty()) {
        return;
    }
    std::vector<column_description> columns;
    for (const auto& name : from.columns) {
        columns.push_back({.name = name});
    }
    sink.columns(columns, decoder);
    for (std::size_t i = first; i < from.rows.size() && i < first + count; ++i) {
        std::vector<driver::field_slice> fields;
        for (const auto& one : from.rows[i]) {
            fields.push_back(
                one ? driver::
                          field_slice{reinterpret_cast<const std::byte*>(one->data()), one->size()}
                    : driver::field_slice{}
            );
        }
        sink.row(fields);
    }
}

}  // namespace

std::exception_ptr refused_connection() {
    return std::make_exception_ptr(
        connection_error(errc::connect_failed, "nobody listens on fake:1")
    );
}

std::exception_ptr wrong_password() {
    return std::make_exception_ptr(
        connection_error(errc::authentication_failed, "the password of \"me\" is wrong")
    );
}

std::exception_ptr lost_connection() {
    return std::make_exception_ptr(connection_error(errc::connection_lost, "the server hung up"));
}

std::exception_ptr server_error(std::string sqlstate) {
    try {
        throw_database_error({.sqlstate = std::move(sqlstate), .message = "the server says no"});
    } catch (...) {
        return std::current_exception();
    }
}

// Gates.

awaitable<void> gate::pass(std::shared_ptr<detail::one_shot_event> me) {
    {
        const std::lock_guard lock(mutex_);
        if (open_) {
            co_return;
        }
        waiting_.push_back(me);
    }
    co_await detail::one_shot_event::wait(me);
    const std::lock_guard lock(mutex_);
    std::erase(waiting_, me);
}

void gate::open() {
    std::vector<std::shared_ptr<detail::one_shot_event>> waiting;
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
        waiting = waiting_;
    }
    for (const auto& one : waiting) {
        one->notify();
    }
}

std::size_t gate::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

// Sessions.

/// A session that counts overlapping calls as violations.
class fake_connection final : public driver::connection {
public:
    fake_connection(fake_server& server, std::size_t number) : server_(server), number_(number) {}

    ~fake_connection() override { set_closed(); }

    [[nodiscard]] awaitable<driver::command_result> execute(
        const driver::request& statement, driver::row_sink& sink
    ) override {
        const call under_way(*this);
        note(statement.sql);
        const fake_answer how = server_.answer_to(statement.sql);
        if (how.held != nullptr) {
            co_await wait_at(how.held);
        }
        fail_if_told(how);
        driver::command_result done;
        done.tag = how.tag.empty() ? follow(statement.sql) : how.tag;
        done.kind = driver::kind_of_tag(done.tag);
        is_dirty_ = is_dirty_ || how.leaves_dirt;
        if (how.leaves_transaction) {
            status_ = driver::transaction_status::in_transaction;
        }
        const std::size_t most =
            statement.max_rows == 0 ? how.rows.size() : std::size_t{statement.max_rows};
        feed(how, 0, most, sink);
        done.affected_rows = how.rows.size();
        co_return done;
    }

    [[nodiscard]] awaitable<driver::command_result> execute_many(
        const driver::request& statement, std::size_t sets
    ) override {
        const call under_way(*this);
        note(statement.sql);
        co_return driver::command_result{.tag = "", .affected_rows = sets};
    }

    [[nodiscard]] awaitable<std::unique_ptr<driver::cursor>> open_cursor(
        const driver::request& statement
    ) override;

    [[nodiscard]] awaitable<void> execute_pipeline(
        std::span<driver::pipelined> statements, driver::pipeline_sync sync
    ) override {
        return gino::sqlite::run_pipeline(*this, statements, sync);
    }

    [[nodiscard]] awaitable<void> execute_script(std::string_view sql) override {
        const call under_way(*this);
        note(sql);
        const fake_answer how = server_.answer_to(sql);
        fail_if_told(how);
        co_return;
    }

    [[nodiscard]] awaitable<void> reset() override {
        const call under_way(*this);
        std::shared_ptr<gate> held;
        bool fails = false;
        {
            const std::lock_guard lock(server_.mutex_);
            ++server_.resets_;
            held = server_.resets_held_;
            fails = server_.resets_fail_;
        }
        if (held != nullptr) {
            co_await wait_at(held);
        }
        if (fails) {
            set_closed();
            std::rethrow_exception(lost_connection());
        }
        status_ = driver::transaction_status::idle;
        is_dirty_ = false;
    }

    [[nodiscard]] bool is_clean() const noexcept override {
        const std::lock_guard lock(server_.mutex_);
        return status_ == driver::transaction_status::idle && !is_dirty_ && !server_.is_dirty_;
    }

    [[nodiscard]] awaitable<void> close() override {
        std::shared_ptr<gate> held;
        {
            const std::lock_guard lock(server_.mutex_);
            ++server_.goodbyes_;
            held = server_.goodbyes_held_;
        }
        if (held != nullptr) {
            const call under_way(*this);
            co_await wait_at(held);
        }
        set_closed();
    }

    void interrupt() noexcept override {
        std::shared_ptr<detail::one_shot_event> sleeper;
        {
            const std::lock_guard lock(server_.mutex_);
            ++server_.interrupts_;
            if (in_call_) {
                was_interrupted_ = true;
                sleeper = sleeper_;
            }
        }
        if (sleeper != nullptr) {
            sleeper->notify();
        }
    }

    [[nodiscard]] bool is_open() const noexcept override {
        const std::lock_guard lock(server_.mutex_);
        return is_open_;
    }

    [[nodiscard]] driver::transaction_status status() const noexcept override { return status_; }

    [[nodiscard]] bool is_alive() noexcept override {
        const std::lock_guard lock(server_.mutex_);
        return is_open_ && number_ > server_.hung_up_;
    }

    [[nodiscard]] std::string description() const override {
        return "fake, session " + std::to_string(number_);
    }

private:
    friend class fake_cursor;

    /// A guard that lives as long as a call runs.
    class call {
    public:
        explicit call(fake_connection& on) : on_(on) {
            const std::lock_guard lock(on.server_.mutex_);
            if (on_.in_call_ || !on_.is_open_) {
                ++on_.server_.violations_;
            }
            on_.in_call_ = true;
            on_.was_interrupted_ = false;
        }

        call(const call&) = delete;
        call& operator=(const call&) = delete;

        ~call() {
            const std::lock_guard lock(on_.server_.mutex_);
            on_.in_call_ = false;
        }

    private:
        fake_connection& on_;
    };

    void note(std::string_view sql) {
        const std::lock_guard lock(server_.mutex_);
        server_.log_.push_back(std::to_string(number_) + ": " + std::string(sql));
    }

    void set_closed() {
        const std::lock_guard lock(server_.mutex_);
        if (std::exchange(is_open_, false)) {
            --server_.open_;
        }
    }

    // Waits at the gate. Throws when an interruption or a cancellation ends the wait.
    awaitable<void> wait_at(std::shared_ptr<gate> held) {
        auto me = std::make_shared<detail::one_shot_event>();
        {
            const std::lock_guard lock(server_.mutex_);
            sleeper_ = me;
        }
        co_await held->pass(me);
        const auto state = co_await boost::asio::this_coro::cancellation_state;
        const bool is_cancelled = state.cancelled() != boost::asio::cancellation_type::none;
        bool ended = is_cancelled;
        bool closes = false;
        {
            const std::lock_guard lock(server_.mutex_);
            sleeper_.reset();
            ended = ended || was_interrupted_;
            closes = ended && server_.interrupt_closes_;
        }
        if (closes) {
            set_closed();
        }
        if (ended && status_ == driver::transaction_status::in_transaction) {
            status_ = driver::transaction_status::failed;
        }
        if (is_cancelled) {
            throw error(errc::cancelled, "cancelled: a call to a fake session");
        }
        if (ended) {
            std::rethrow_exception(server_error("57014"));
        }
    }

    void fail_if_told(const fake_answer& how) {
        if (how.failure) {
            if (how.loses_connection) {
                set_closed();
            }
            if (status_ == driver::transaction_status::in_transaction) {
                status_ = driver::transaction_status::failed;
            }
            std::rethrow_exception(how.failure());
        }
    }

    // Updates the transaction status by PostgreSQL's rules, and returns the command tag.
    std::string follow(std::string_view sql) {
        using enum driver::transaction_status;
        const bool rolls_back = sql.starts_with("ROLLBACK");
        if (status_ == failed && !rolls_back && !sql.starts_with("COMMIT")) {
            std::rethrow_exception(server_error("25P02"));
        }
        if (sql.starts_with("BEGIN")) {
            status_ = in_transaction;
        } else if (sql.starts_with("ROLLBACK TO")) {
            status_ = in_transaction;
        } else if (rolls_back || sql.starts_with("COMMIT")) {
            const bool stored = !rolls_back && std::exchange(status_, idle) != failed;
            status_ = idle;
            return stored ? "COMMIT" : "ROLLBACK";
        }
        return std::string(sql.substr(0, sql.find(' ')));
    }

    fake_server& server_;
    std::size_t number_;
    bool is_open_ = true;
    bool in_call_ = false;
    bool was_interrupted_ = false;
    bool is_dirty_ = false;
    driver::transaction_status status_ = driver::transaction_status::idle;
    std::shared_ptr<detail::one_shot_event> sleeper_;
};

class fake_cursor final : public driver::cursor {
public:
    fake_cursor(fake_connection& on, fake_answer rows) : on_(on), rows_(std::move(rows)) {}

    ~fake_cursor() override {
        if (!on_.is_open()) {
            return;
        }
        on_.note("CLOSE");
    }

    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink) override {
        const fake_connection::call under_way(on_);
        on_.note("FETCH " + std::to_string(count));
        if (rows_.held != nullptr) {
            co_await on_.wait_at(rows_.held);
        }
        const std::size_t left = rows_.rows.size() - place_;
        const std::size_t fetched = std::min(left, count);
        feed(rows_, place_, fetched, sink);
        place_ += fetched;
        co_return fetched;
    }

    [[nodiscard]] awaitable<void> close() override { co_return; }

private:
    fake_connection& on_;
    fake_answer rows_;
    std::size_t place_ = 0;
};

awaitable<std::unique_ptr<driver::cursor>> fake_connection::open_cursor(
    const driver::request& statement
) {
    const call under_way(*this);
    note("DECLARE " + std::string(statement.sql));
    co_return std::make_unique<fake_cursor>(*this, server_.answer_to(statement.sql));
}

class fake_driver final : public driver::driver {
public:
    fake_driver(fake_server& server, std::size_t limit) : server_(server), limit_(limit) {}

    [[nodiscard]] awaitable<std::unique_ptr<gino::driver::connection>> connect(
        boost::asio::any_io_executor /*executor*/, std::chrono::milliseconds /*timeout*/
    ) override {
        std::shared_ptr<gate> held;
        {
            const std::lock_guard lock(server_.mutex_);
            ++server_.attempts_;
            held = server_.connects_;
        }
        if (held != nullptr) {
            auto me = std::make_shared<gino::detail::one_shot_event>();
            co_await held->pass(me);
            const auto state = co_await boost::asio::this_coro::cancellation_state;
            if (state.cancelled() != boost::asio::cancellation_type::none) {
                throw error(errc::cancelled, "cancelled: connecting to a fake server");
            }
        }
        const std::lock_guard lock(server_.mutex_);
        if (const auto why = std::exchange(server_.refuse_once_, nullptr)) {
            std::rethrow_exception(why());
        }
        if (server_.refuse_) {
            std::rethrow_exception(server_.refuse_());
        }
        ++server_.open_;
        co_return std::make_unique<fake_connection>(server_, ++server_.sessions_);
    }

    void on_notice(gino::driver::notice_callback /*callback*/) override {}

    [[nodiscard]] std::size_t connection_limit() const noexcept override { return limit_; }

    [[nodiscard]] std::string description() const override { return "fake://server"; }

private:
    fake_server& server_;
    std::size_t limit_;
};

// The server.

void fake_server::answer(const std::string& sql, fake_answer how) {
    const std::lock_guard lock(mutex_);
    answers_.insert_or_assign(sql, std::move(how));
}

fake_answer fake_server::answer_to(std::string_view sql) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(sql);
    return found == answers_.end() ? fake_answer{} : found->second;
}

void fake_server::refuse_once(std::function<std::exception_ptr()> why) {
    const std::lock_guard lock(mutex_);
    refuse_once_ = std::move(why);
}

void fake_server::refuse(std::function<std::exception_ptr()> why) {
    const std::lock_guard lock(mutex_);
    refuse_ = std::move(why);
}

void fake_server::hold_connects(std::shared_ptr<gate> at) {
    const std::lock_guard lock(mutex_);
    connects_ = std::move(at);
}

void fake_server::hold_resets(std::shared_ptr<gate> at) {
    const std::lock_guard lock(mutex_);
    resets_held_ = std::move(at);
}

void fake_server::hold_goodbyes(std::shared_ptr<gate> at) {
    const std::lock_guard lock(mutex_);
    goodbyes_held_ = std::move(at);
}

void fake_server::fail_resets() {
    const std::lock_guard lock(mutex_);
    resets_fail_ = true;
}

void fake_server::make_dirty() {
    const std::lock_guard lock(mutex_);
    is_dirty_ = true;
}

void fake_server::close_on_interrupt() {
    const std::lock_guard lock(mutex_);
    interrupt_closes_ = true;
}

void fake_server::hang_up() {
    const std::lock_guard lock(mutex_);
    hung_up_ = sessions_;
}

std::vector<std::string> fake_server::log() const {
    const std::lock_guard lock(mutex_);
    return log_;
}

void fake_server::clear_log() {
    const std::lock_guard lock(mutex_);
    log_.clear();
}

std::size_t fake_server::attempts() const {
    const std::lock_guard lock(mutex_);
    return attempts_;
}

std::size_t fake_server::open_sessions() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

std::size_t fake_server::goodbyes() const {
    const std::lock_guard lock(mutex_);
    return goodbyes_;
}

std::size_t fake_server::resets() const {
    const std::lock_guard lock(mutex_);
    return resets_;
}

std::size_t fake_server::interrupts() const {
    const std::lock_guard lock(mutex_);
    return interrupts_;
}

std::size_t fake_server::violations() const {
    const std::lock_guard lock(mutex_);
    return violations_;
}

std::unique_ptr<driver::driver> fake_server::make_driver(std::size_t limit) {
    return std::make_unique<fake_driver>(*this, limit);
}

}  // namespace gino::testing
