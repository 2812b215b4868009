// SPDX-License-Identifier: BSD-3-Clause
#include "engine/engine_state.hpp"

#include <gino/core/error.hpp>
#include <gino/sql/cache_key.hpp>
#include <gino/sql/paging.hpp>

#include <algorithm>
#include <utility>

namespace gino::detail {

using namespace std::chrono_literals;

namespace {

/// The most memory for cache keys that a thread keeps between two statements.
constexpr std::size_t kept_scratch = 65'536;

// Throws if the statement has a limit and a loader that makes one object of several rows: a limit
// counts rows and could cut an object.
void check_limit(const statement_base& statement) {
    const auto* loader = statement.loader();
    const auto& tree = statement.node();
    const bool is_query =
        tree.kind == sql::statement_kind::select || tree.kind == sql::statement_kind::compound;
    if (loader == nullptr || !is_query || !loader->merges_rows()) {
        return;
    }
    const auto& query = static_cast<const sql::query_node&>(tree);
    if (query.limit || query.offset) {
        throw_limit_cuts_objects();
    }
}

// Returns an INSERT or UPDATE with the values that its model has for columns that it leaves out;
// null: the statement needs none.
sql::statement_ref completed(const sql::statement_node& given) {
    const sql::table_source* changed = nullptr;
    if (given.kind == sql::statement_kind::insert) {
        changed = sql::cast_to<sql::insert_node>(given).into.get();
    } else if (given.kind == sql::statement_kind::update) {
        changed = sql::cast_to<sql::update_node>(given).table.get();
    }
    const bool is_known = changed != nullptr && changed->find.complete != nullptr;
    return is_known ? changed->find.complete(given) : sql::statement_ref();
}

}  // namespace

engine_state::engine_state(const dialect& by, engine_options options)
    : by_(by), options_(std::move(options)), cache_(options_.compiled_cache_size) {}

awaitable<void> engine_state::open(
    boost::asio::any_io_executor executor,
    std::unique_ptr<driver::driver> opener,
    std::unique_ptr<alarm_clock> clock
) {
    if (options_.password) {
        opener->on_password(options_.password);
    }
    pool_ = pool::make(
        std::move(executor),
        std::move(opener),
        options_.pool,
        std::make_shared<const engine_hooks>(options_.hooks),
        std::move(clock)
    );
    co_await pool::open(pool_);
}

prepared_execution engine_state::prepare(const execution& what) {
    // One per thread, so that building a key allocates nothing. Only its memory outlives the call:
    // there is no co_await in here, at which the thread could change.
    thread_local sql::cache_key described;  // manners: only its memory outlives the call
    check_limit(*what.statement);
    prepared_execution ready;
    ready.completed = completed(what.statement->node());
    const auto& tree = ready.completed ? *ready.completed : what.statement->node();
    sql::build_cache_key(tree, described);
    ready.text = cache_.find_or_compile(by_, tree, described);
    ready.parameters.reserve(ready.text->parameters.size());
    for (const auto place : ready.text->parameters) {
        const auto* parameter = described.parameters[place];
        ready.parameters.push_back({.bound = &parameter->bound, .type = parameter->type});
    }
    ready.request = {
        .sql = ready.text->text,
        .parameters = ready.parameters,
        .cacheable = tree.kind != sql::statement_kind::text,
        .max_rows = what.max_rows};
    if (described.key.capacity() > kept_scratch) {
        static_cast<void>(std::exchange(described, {}));  // an assignment would keep its memory
    }
    return ready;
}

time_limit engine_state::limit_of(const execution_options& options) const {
    if (!options.timeout || *options.timeout <= 0ms) {
        return {};
    }
    return {.until = pool_->deadlines()->now() + *options.timeout, .limit = *options.timeout};
}

awaitable<lease> engine_state::borrow(
    time_limit limit, std::source_location where, std::string_view sql
) const {
    auto timeout = options_.pool.acquire_timeout;
    if (limit.until) {
        const auto left = std::max(
            std::chrono::ceil<std::chrono::milliseconds>(*limit.until - pool_->deadlines()->now()),
            1ms
        );
        // The timeout of an acquire() replaces the pool's; a statement waits for the shorter of
        // both.
        timeout = sql.empty() || timeout == 0ms ? left : std::min(timeout, left);
    }
    try {
        auto borrowed = co_await pool::acquire(pool_, timeout, where);
        co_return borrowed;
    } catch (const pool_timeout& e) {
        if (sql.empty() || !limit.until || pool_->deadlines()->now() < *limit.until) {
            throw;
        }
        throw_statement_timeout(limit.limit, e.what(), sql);
    }
}

// finish() of the guard disarms the deadline before anything else happens, also for a success: the
// connection must not be interrupted during its next statement.
awaitable<gino::status> engine_state::execute(
    driver::connection& on,
    const driver::request& what,
    driver::row_sink& sink,
    const time_limit& limit
) const {
    statement_guard guard(*this, on, what, limit);
    gino::status done;
    try {
        done = co_await on.execute(what, sink);
    } catch (...) {
        std::rethrow_exception(guard.finish(std::current_exception()));
    }
    static_cast<void>(guard.finish(nullptr, done.affected_rows));
    co_return done;
}

bool has_code(const std::exception_ptr& failure, errc code) {
    if (failure == nullptr) {
        return false;
    }
    try {
        std::rethrow_exception(failure);
    } catch (const error& e) {
        return e.code() == code;
    } catch (...) {
        return false;
    }
}

bool is_connection_lost(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const database_error& e) {
        return e.is_connection_lost();
    } catch (...) {
        return false;
    }
}

}  // namespace gino::detail
