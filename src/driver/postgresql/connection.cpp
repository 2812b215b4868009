// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/connection.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <exception>
#include <optional>
#include <utility>

#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/sansio/scram.hpp"
#include "driver/postgresql/socket.hpp"
#include "driver/postgresql/statement_cache.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// How long reset() may take before the connection is given up.
constexpr auto reset_patience = 2s;
/// execute_many() sends when this much is written.
constexpr std::size_t write_ahead = 262'144;

/// Undoes what hand-written SQL may have left in a session, and keeps its prepared statements.
constexpr std::string_view reset_script =
    "RESET SESSION AUTHORIZATION; RESET ALL; CLOSE ALL; UNLISTEN *; "
    "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

bool leaves_nothing(std::string_view tag) {
    return tag == "BEGIN" || tag == "START TRANSACTION" || tag == "COMMIT" || tag == "ROLLBACK" ||
           tag == "SAVEPOINT" || tag == "RELEASE" || tag.starts_with("CREATE ") ||
           tag.starts_with("COMMENT") || tag.starts_with("INSERT ") || tag.starts_with("UPDATE ") ||
           tag.starts_with("DELETE ");
}

/// A session with a server.
///
/// | state | means | leaves it by |
/// | --- | --- | --- |
/// | idle | ReadyForQuery was the last message | any call |
/// | busy | messages were sent, ReadyForQuery did not come | ReadyForQuery, or the loss of the
/// socket |
///
/// Invariant: a call that ends normally, or by an error of the server or of a sink, leaves the
/// session idle; one that ends otherwise has closed the socket.
class postgresql_connection final : public driver::connection {
public:
    postgresql_connection(
        const asio::any_io_executor& executor,
        connect_options options,
        driver::notice_callback on_notice
    )
        : options_(std::move(options)),
          on_notice_(std::move(on_notice)),
          socket_(executor),
          cache_(options_.statement_cache_size) {}

    [[nodiscard]] awaitable<void> open(std::chrono::milliseconds timeout);

    [[nodiscard]] awaitable<driver::command_result> execute(
        const driver::request& statement, driver::row_sink& sink
    ) override;
    [[nodiscard]] awaitable<driver::command_result> execute_many(
        const driver::request& statement, std::size_t sets
    ) override;
    [[nodiscard]] awaitable<std::unique_ptr<driver::cursor>> open_cursor(
        const driver::request& statement
    ) override;
    [[nodiscard]] awaitable<void> execute_script(std::string_view sql) override;
    [[nodiscard]] awaitable<void> reset() override;
    [[nodiscard]] awaitable<void> close() override;

    void interrupt() noexcept override { socket_.interrupt(); }

    [[nodiscard]] bool is_open() const noexcept override { return socket_.is_open(); }

    [[nodiscard]] driver::transaction_status status() const noexcept override { return status_; }

    [[nodiscard]] bool is_alive() noexcept override { return socket_.is_quiet(); }

    [[nodiscard]] std::string description() const override {
        return options_.address() + "/" + options_.database + ", process " +
               std::to_string(process_);
    }

    /// Runs a portal for some rows; for cursors. True: there are no more.
    [[nodiscard]] awaitable<bool> fetch(
        const std::string& portal,
        const prepared_statement& prepared,
        std::size_t count,
        driver::row_sink& sink,
        std::size_t& fetched
    );
    [[nodiscard]] awaitable<void> close_portal(const std::string& portal);

private:
    /// What an exchange brought.
    struct outcome {
        driver::command_result result;
        std::optional<error_fields> failure;
        std::exception_ptr thrown;  // by the sink
        std::size_t rows = 0;
        bool suspended = false;
    };

    [[nodiscard]] awaitable<void> authenticate();
    void answer_authentication(std::span<const std::byte> body);
    void begin_scram(protocol::reader& from);
    [[nodiscard]] awaitable<protocol::message> next();
    [[nodiscard]] bool handle_asynchronous(const protocol::message& m);
    void handle_ready(const protocol::message& m);
    [[nodiscard]] error_fields error_of(const protocol::message& m);
    [[noreturn]] void fail_unexpected(const protocol::message& m, std::string_view during);

    [[nodiscard]] awaitable<void> check();
    [[nodiscard]] awaitable<prepared_statement*> prepare(const driver::request& statement);
    [[nodiscard]] awaitable<prepared_statement> describe(
        const driver::request& statement, std::string key, bool named
    );
    [[nodiscard]] awaitable<outcome> read_result(
        const prepared_statement* prepared, driver::row_sink* sink
    );
    [[nodiscard]] awaitable<outcome> run_script(std::string_view sql);
    void write_evicted();
    void write_set(
        std::span<const driver::parameter> set,
        const prepared_statement& prepared,
        std::size_t before,
        bool has_sent
    );
    void finish(outcome& done, std::string_view sql);

    connect_options options_;
    driver::notice_callback on_notice_;
    socket socket_;
    statement_cache cache_;
    prepared_statement unnamed_;
    std::vector<std::string> evicted_;
    std::vector<driver::field_slice> fields_;
    std::optional<sansio::scram_client> scram_;
    bool server_proved_ = false;
    bool authenticated_ = false;
    driver::transaction_status status_ = driver::transaction_status::idle;
    bool dirty_ = false;
    std::int32_t process_ = 0;
    std::uint64_t portals_ = 0;
};

class postgresql_cursor final : public driver::cursor {
public:
    postgresql_cursor(postgresql_connection& on, std::string portal, prepared_statement prepared)
        : on_(on), portal_(std::move(portal)), prepared_(std::move(prepared)) {}

    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink) override {
        std::size_t fetched = 0;
        if (!at_end_ && count > 0) {
            at_end_ = co_await on_.fetch(portal_, prepared_, count, sink, fetched);
        }
        co_return fetched;
    }

    [[nodiscard]] awaitable<void> close() override {
        at_end_ = true;
        return on_.close_portal(portal_);
    }

private:
    postgresql_connection& on_;
    std::string portal_;
    prepared_statement prepared_;
    bool at_end_ = false;
};

// Messages.

awaitable<protocol::message> postgresql_connection::next() {
    protocol::message m;
    for (;;) {
        while (!socket_.try_next(m)) {
            co_await socket_.fill();
        }
        if (!handle_asynchronous(m)) {
            co_return m;
        }
    }
}

// Messages that may come at any point (manual, 55.2.7).
bool postgresql_connection::handle_asynchronous(const protocol::message& m) {
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
        case 'S': {
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
                    std::string(setting) + "\", with which texts are not safe"
                );
            }
            return true;
        }
        case 'A':
            return true;
        default:
            return false;
    }
}

void postgresql_connection::handle_ready(const protocol::message& m) {
    if (!protocol::read_ready(m.body, status_)) {
        socket_.fail_protocol("a malformed ReadyForQuery");
    }
}

error_fields postgresql_connection::error_of(const protocol::message& m) {
    error_fields fields;
    if (!protocol::read_error(m.body, fields)) {
        socket_.fail_protocol("a malformed ErrorResponse");
    }
    return fields;
}

void postgresql_connection::fail_unexpected(const protocol::message& m, std::string_view during) {
    socket_.fail_protocol(
        "an unexpected message of type " + std::to_string(static_cast<int>(m.type)) + " during " +
        std::string(during)
    );
}

// Start-up.

awaitable<void> postgresql_connection::open(std::chrono::milliseconds timeout) {
    co_await socket_.connect(options_, timeout);
    asio::steady_timer deadline(co_await asio::this_coro::executor);
    auto late = std::make_shared<bool>(false);
    if (timeout > 0ms) {
        deadline.expires_after(timeout);
        deadline.async_wait([this, late](const boost::system::error_code& failure) {
            if (!failure) {
                *late = true;
                interrupt();
            }
        });
    }
    std::exception_ptr failure;
    try {
        co_await authenticate();
    } catch (...) {
        failure = std::current_exception();
    }
    scram_.reset();
    if (failure != nullptr && *late) {
        throw connection_error(
            errc::connect_timeout,
            "PostgreSQL at " + options_.address() +
                " accepted the connection, but was not ready "
                "within " +
                std::to_string(timeout.count()) + " ms"
        );
    }
    if (failure != nullptr) {
        socket_.close();
        std::rethrow_exception(failure);
    }
}

awaitable<void> postgresql_connection::authenticate() {
    std::vector<std::pair<std::string, std::string>> parameters{
        {"user", options_.user},
        {"database", options_.database},
        {"application_name", options_.application_name},
        {"client_encoding", "UTF8"},
        {"DateStyle", "ISO, YMD"},
        {"standard_conforming_strings", "on"}};
    if (!options_.options.empty()) {
        parameters.emplace_back("options", options_.options);
    }
    protocol::write_startup(socket_.out(), parameters);
    co_await socket_.flush();
    for (;;) {
        const auto m = co_await next();
        switch (m.type) {
            case 'R':
                answer_authentication(m.body);
                co_await socket_.flush();
                break;
            case 'K': {
                protocol::reader from(m.body);
                process_ = from.int32();
                break;
            }
            case 'E': {
                error_fields fields = error_of(m);
                if (fields.sqlstate.starts_with("28")) {
                    const std::string message = "PostgreSQL at " + options_.address() +
                                                " refused user \"" + options_.user +
                                                "\": " + fields.message;
                    throw connection_error(errc::authentication_failed, message, std::move(fields));
                }
                throw_database_error(std::move(fields));
            }
            case 'Z':
                if (!authenticated_) {
                    fail_unexpected(m, "authentication");
                }
                handle_ready(m);
                co_return;
            default:
                fail_unexpected(m, "start-up");
        }
    }
}

void postgresql_connection::answer_authentication(std::span<const std::byte> body) {
    enum : std::int32_t {
        ok = 0,
        cleartext = 3,
        md5 = 5,
        sasl = 10,
        sasl_go_on = 11,
        sasl_final = 12
    };

    protocol::reader from(body);
    const std::int32_t kind = from.int32();
    const std::string_view text(
        reinterpret_cast<const char*>(from.rest().data()), from.rest().size()
    );
    switch (kind) {
        case ok:
            if (scram_ && !server_proved_) {
                socket_.fail_protocol("it let us in without proving that it knows the password");
            }
            authenticated_ = true;
            return;
        case sasl:
            return begin_scram(from);
        case sasl_go_on: {
            auto answer = scram_ ? scram_->server_first(text) : std::nullopt;
            if (!answer) {
                socket_.fail_protocol("its SCRAM challenge is malformed or asks for too much");
            }
            return protocol::write_sasl_response(socket_.out(), *answer);
        }
        case sasl_final:
            server_proved_ = scram_ && scram_->server_final(text);
            if (!server_proved_) {
                socket_.fail_protocol("its SCRAM signature is wrong: it does not know the password"
                );
            }
            return;
        case cleartext:
        case md5:
            throw connection_error(
                errc::authentication_failed,
                "PostgreSQL at " + options_.address() + " wants the password of user \"" +
                    options_.user + "\" " + (kind == md5 ? "as an MD5 hash" : "in clear text") +
                    ", which is not sent; set password_encryption to scram-sha-256, set the "
                    "password again, and use scram-sha-256 in pg_hba.conf"
            );
        default:
            throw connection_error(
                errc::authentication_failed,
                "PostgreSQL at " + options_.address() +
                    " wants to authenticate in a way that is "
                    "not supported (number " +
                    std::to_string(kind) + " of the protocol)"
            );
    }
}

void postgresql_connection::begin_scram(protocol::reader& from) {
    bool offered = false;
    for (auto mechanism = from.string(); !mechanism.empty(); mechanism = from.string()) {
        offered = offered || mechanism == "SCRAM-SHA-256";
    }
    if (!offered) {
        throw connection_error(
            errc::authentication_failed,
            "PostgreSQL at " + options_.address() + " offers no SCRAM-SHA-256"
        );
    }
    if (options_.password.empty()) {
        throw connection_error(
            errc::authentication_failed,
            "PostgreSQL at " + options_.address() + " wants a password for user \"" +
                options_.user + "\", and the URL has none"
        );
    }
    scram_.emplace(options_.password, sansio::scram_client::make_nonce());
    protocol::write_sasl_initial(socket_.out(), "SCRAM-SHA-256", scram_->client_first());
}

// Statements.

awaitable<void> postgresql_connection::check() {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        throw error(errc::cancelled, "cancelled: a statement on " + description());
    }
    if (!socket_.is_open()) {
        throw connection_error(
            errc::connection_lost, "the connection to " + description() + " is closed"
        );
    }
}

void postgresql_connection::write_evicted() {
    for (const auto& name : evicted_) {
        protocol::write_close(socket_.out(), 'S', name);
    }
    evicted_.clear();
}

// Asks the server to parse a statement; its columns decide in which format each is wanted.
awaitable<prepared_statement> postgresql_connection::describe(
    const driver::request& statement, std::string key, bool named
) {
    prepared_statement fresh;
    fresh.key = std::move(key);
    fresh.name = named ? cache_.next_name() : std::string();
    std::vector<std::uint32_t> types;
    for (const auto& parameter : statement.parameters) {
        types.push_back(codec::oid_of(parameter.type));
    }
    protocol::write_parse(socket_.out(), fresh.name, statement.sql, types);
    protocol::write_describe_statement(socket_.out(), fresh.name);
    protocol::write_sync(socket_.out());
    co_await socket_.flush();
    std::optional<error_fields> failure;
    std::vector<protocol::column> columns;
    for (;;) {
        const auto m = co_await next();
        if (m.type == 'E') {
            failure = error_of(m);
        } else if (m.type == 'T') {
            if (!protocol::read_row_description(m.body, columns)) {
                socket_.fail_protocol("a malformed RowDescription");
            }
        } else if (m.type == 'Z') {
            handle_ready(m);
            break;
        } else if (m.type != '1' && m.type != '3' && m.type != 't' && m.type != 'n') {
            fail_unexpected(m, "preparing a statement");
        }
    }
    if (failure) {
        failure->statement = statement.sql;
        throw_database_error(std::move(*failure));
    }
    for (auto& column : columns) {
        fresh.formats.push_back(codec::is_binary(column.type) ? 1 : 0);
        fresh.columns.push_back(
            {.name = std::move(column.name),
             .kind = codec::kind_of(column.type),
             .type_id = column.type,
             .table_id = column.table}
        );
    }
    co_return fresh;
}

awaitable<prepared_statement*> postgresql_connection::prepare(const driver::request& statement) {
    if (statement.parameters.size() > 65535) {
        throw argument_error(
            errc::limit_exceeded,
            "a statement has " + std::to_string(statement.parameters.size()) +
                " parameters; PostgreSQL takes 65535 at most; nothing was sent"
        );
    }
    const bool named = statement.cacheable && !cache_.is_off();
    if (!named) {
        unnamed_ = co_await describe(statement, {}, false);
        co_return &unnamed_;
    }
    std::string key(statement.sql);
    for (const auto& parameter : statement.parameters) {
        key += '\0';
        key += std::to_string(codec::oid_of(parameter.type));
    }
    if (auto* known = cache_.find(key)) {
        co_return known;
    }
    write_evicted();
    prepared_statement fresh = co_await describe(statement, std::move(key), true);
    co_return &cache_.add(std::move(fresh), evicted_);
}

// Reads up to ReadyForQuery. An exception of the sink does not stop the reading.
awaitable<postgresql_connection::outcome> postgresql_connection::read_result(
    const prepared_statement* prepared, driver::row_sink* sink
) {
    outcome done;
    bool begun = false;
    protocol::message m;
    for (;;) {
        while (!socket_.try_next(m)) {
            co_await socket_.fill();
        }
        if (handle_asynchronous(m)) {
            continue;
        }
        switch (m.type) {
            case 'D': {
                ++done.rows;
                if (prepared == nullptr || sink == nullptr || done.thrown != nullptr) {
                    break;
                }
                fields_.resize(prepared->columns.size());
                if (!protocol::read_data_row(m.body, fields_)) {
                    socket_.fail_protocol("a malformed DataRow");
                }
                try {
                    if (!begun) {
                        begun = true;
                        sink->columns(prepared->columns, codec::decoder());
                    }
                    sink->row(fields_);
                } catch (...) {
                    done.thrown = std::current_exception();
                }
                break;
            }
            case 'C': {
                driver::command_result one;
                if (!protocol::read_command_complete(m.body, one)) {
                    socket_.fail_protocol("a malformed CommandComplete");
                }
                one.affected_rows += done.result.affected_rows;
                done.result = std::move(one);
                break;
            }
            case 'E':
                done.failure = error_of(m);
                break;
            case 's':
                done.suspended = true;
                break;
            case 'Z':
                handle_ready(m);
                if (!begun && prepared != nullptr && sink != nullptr && !done.failure &&
                    !prepared->columns.empty()) {
                    sink->columns(prepared->columns, codec::decoder());
                }
                co_return done;
            case '1':  // ParseComplete
            case '2':  // BindComplete
            case '3':  // CloseComplete
            case 'T':  // RowDescription, of the simple protocol
            case 'I':  // EmptyQueryResponse
                break;
            default:
                fail_unexpected(m, "a statement");
        }
    }
}

void postgresql_connection::finish(outcome& done, std::string_view sql) {
    if (done.failure) {
        done.failure->statement = sql;
        throw_database_error(std::move(*done.failure));
    }
    if (done.thrown != nullptr) {
        std::rethrow_exception(done.thrown);
    }
}

awaitable<driver::command_result> postgresql_connection::execute(
    const driver::request& statement, driver::row_sink& sink
) {
    co_await check();
    for (bool again = false;; again = true) {
        const bool was_idle = status_ == driver::transaction_status::idle;
        auto* prepared = co_await prepare(statement);
        write_evicted();
        protocol::write_bind(
            socket_.out(), "", prepared->name, statement.parameters, prepared->formats
        );
        protocol::write_execute(socket_.out(), "", statement.max_rows);
        protocol::write_sync(socket_.out());
        co_await socket_.flush();
        outcome done = co_await read_result(prepared, &sink);
        // The server forgot the statement, or its result has another shape now: nothing was done,
        // so outside of a transaction it is prepared again.
        const bool stale =
            done.failure && (done.failure->sqlstate == "26000" ||
                             (done.failure->sqlstate == "0A000" &&
                              done.failure->message.find("cached plan") != std::string::npos));
        if (stale && !prepared->name.empty()) {
            evicted_.push_back(prepared->name);
            cache_.remove(*prepared);
            if (was_idle && !again && done.rows == 0) {
                continue;
            }
        }
        if (done.suspended) {
            done.result.tag = "SELECT " + std::to_string(done.rows);
            done.result.affected_rows = done.rows;
        }
        dirty_ = dirty_ || (!statement.cacheable && !leaves_nothing(done.result.tag));
        finish(done, statement.sql);
        co_return std::move(done.result);
    }
}

awaitable<driver::command_result> postgresql_connection::execute_many(
    const driver::request& statement, std::size_t sets
) {
    co_await check();
    if (sets == 0) {
        co_return driver::command_result{};
    }
    const std::size_t width = statement.parameters.size() / sets;
    driver::request first = statement;
    first.parameters = statement.parameters.first(width);
    auto* prepared = co_await prepare(first);
    write_evicted();
    const std::size_t before = socket_.out().size();
    bool has_sent = false;
    for (std::size_t i = 0; i < sets; ++i) {
        write_set(statement.parameters.subspan(i * width, width), *prepared, before, has_sent);
        if (socket_.out().size() > write_ahead) {
            has_sent = true;
            co_await socket_.flush();
        }
    }
    // One Sync: the server undoes all of them if one fails (manual, 55.2.3).
    protocol::write_sync(socket_.out());
    co_await socket_.flush();
    outcome done = co_await read_result(nullptr, nullptr);
    finish(done, statement.sql);
    co_return std::move(done.result);
}

// One of several sets. If it cannot be sent, those in front of it must not be done either.
void postgresql_connection::write_set(
    std::span<const driver::parameter> set,
    const prepared_statement& prepared,
    std::size_t before,
    bool has_sent
) {
    try {
        protocol::write_bind(socket_.out(), "", prepared.name, set, prepared.formats);
        protocol::write_execute(socket_.out(), "", 0);
    } catch (...) {
        if (has_sent) {
            socket_.close();  // the server waits for a Sync that never comes, and undoes them
        } else {
            socket_.out().cut(before);
        }
        throw;
    }
}

awaitable<std::unique_ptr<driver::cursor>> postgresql_connection::open_cursor(
    const driver::request& statement
) {
    co_await check();
    if (status_ != driver::transaction_status::in_transaction) {
        throw state_error(
            errc::wrong_state,
            "PostgreSQL's cursors live in a transaction: begin one, and iterate in it"
        );
    }
    auto* prepared = co_await prepare(statement);
    std::string portal = "gino_c" + std::to_string(++portals_);
    write_evicted();
    protocol::write_bind(
        socket_.out(), portal, prepared->name, statement.parameters, prepared->formats
    );
    protocol::write_sync(socket_.out());
    prepared_statement shape = *prepared;
    co_await socket_.flush();
    outcome done = co_await read_result(nullptr, nullptr);
    finish(done, statement.sql);
    co_return std::make_unique<postgresql_cursor>(*this, std::move(portal), std::move(shape));
}

awaitable<bool> postgresql_connection::fetch(
    const std::string& portal,
    const prepared_statement& prepared,
    std::size_t count,
    driver::row_sink& sink,
    std::size_t& fetched
) {
    co_await check();
    protocol::write_execute(socket_.out(), portal, static_cast<std::uint32_t>(count));
    protocol::write_sync(socket_.out());
    co_await socket_.flush();
    outcome done = co_await read_result(&prepared, &sink);
    finish(done, {});
    fetched = done.rows;
    co_return !done.suspended;
}

awaitable<void> postgresql_connection::close_portal(const std::string& portal) {
    if (!socket_.is_open() || status_ == driver::transaction_status::idle) {
        co_return;  // it ended with its transaction
    }
    protocol::write_close(socket_.out(), 'P', portal);
    protocol::write_sync(socket_.out());
    co_await socket_.flush();
    outcome done = co_await read_result(nullptr, nullptr);
    finish(done, {});
}

awaitable<postgresql_connection::outcome> postgresql_connection::run_script(std::string_view sql) {
    protocol::write_query(socket_.out(), sql);
    co_await socket_.flush();
    outcome done = co_await read_result(nullptr, nullptr);
    co_return done;
}

awaitable<void> postgresql_connection::execute_script(std::string_view sql) {
    co_await check();
    dirty_ = true;
    outcome done = co_await run_script(sql);
    finish(done, sql);
}

awaitable<void> postgresql_connection::reset() {
    if (status_ == driver::transaction_status::idle && !dirty_) {
        co_return;
    }
    asio::steady_timer deadline(co_await asio::this_coro::executor, reset_patience);
    deadline.async_wait([this](const boost::system::error_code& failure) {
        if (!failure) {
            interrupt();
        }
    });
    if (status_ != driver::transaction_status::idle) {
        outcome done = co_await run_script("ROLLBACK");
        finish(done, "ROLLBACK");
    }
    if (dirty_) {
        outcome done = co_await run_script(reset_script);
        finish(done, reset_script);
        dirty_ = false;
    }
}

awaitable<void> postgresql_connection::close() {
    if (socket_.is_open()) {
        try {
            protocol::write_terminate(socket_.out());
            co_await socket_.flush();
        } catch (const gino::error&) {
            // It is closed all the same.
        }
        socket_.close();
    }
}

}  // namespace

awaitable<std::unique_ptr<driver::connection>> connect(
    asio::any_io_executor executor,
    connect_options options,
    std::chrono::milliseconds timeout,
    driver::notice_callback on_notice
) {
    auto fresh =
        std::make_unique<postgresql_connection>(executor, std::move(options), std::move(on_notice));
    co_await fresh->open(timeout);
    co_return std::move(fresh);
}

}  // namespace gino::postgresql
