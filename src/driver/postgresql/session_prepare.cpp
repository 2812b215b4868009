// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "driver/bad_parameter.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/session.hpp"

// Statements that the server parses and describes, and the types in them (manual, 55.2.3).
namespace gino::postgresql {

namespace {

void throw_if_failed(std::unique_ptr<error_fields> failure, std::string_view sql) {
    if (failure != nullptr) {
        failure->statement = sql;
        throw_database_error(std::move(*failure));
    }
}

}  // namespace

// 0A000 has two meanings: the columns of the result have changed, and a feature is missing. Only
// the message distinguishes them, and it is translated; so the statement is run again in both
// cases, and fails again in the second.
bool session::is_stale(const prepared_statement& prepared, const error_fields& failure) {
    const auto& state = failure.sqlstate;
    if (prepared.name.empty()) {
        // 08P01: Bind has requested the formats of more or fewer columns than there are now.
        return state == sqlstate::protocol_violation;
    }
    // XX000: the server keeps the types of the parameters by their numbers, and one was dropped.
    // Internal errors are not translated, so the text can be compared.
    const bool has_gone =
        state == sqlstate::internal_error && failure.message.starts_with("cache lookup failed for");
    const bool does_not_fit = prepared.has_other_types && (state == sqlstate::datatype_mismatch ||
                                                           state == sqlstate::undefined_function ||
                                                           state == sqlstate::undefined_object);
    return has_gone || does_not_fit || state == sqlstate::invalid_sql_statement_name ||
           state == sqlstate::feature_not_supported;
}

bool session::forget_if_stale(const prepared_statement& prepared, const response& done) {
    const bool is_stale_now = done.failure != nullptr && is_stale(prepared, *done.failure);
    if (is_stale_now || done.reshaped) {
        forget(prepared);
    }
    return is_stale_now;
}

void session::forget(const prepared_statement& stale) {
    if (stale.name.empty()) {
        descriptions_.remove(stale);
        return;
    }
    // In this order: remove() destroys the statement.
    evicted_.push_back(stale.name);
    cache_.remove(stale);
}

void session::forget_changed_types() {
    const std::uint64_t changes = types_->changes();
    if (changes != changes_seen_) {
        changes_seen_ = changes;
        cache_.remove_other_types(evicted_);
        std::vector<std::string> no_names;
        descriptions_.remove_other_types(no_names);
    }
}

void session::refuse_simple() {
    throw argument_error(
        errc::invalid_argument,
        "the simple protocol (prepared_statements=simple) has no parameters, cursors or "
        "pipelines, and values are never written into SQL; nothing was sent"
    );
}

// Writes Close for the statements that the cache has evicted, in front of the next statement's
// messages: no round trip of its own. Closing an unknown name is no error (manual, 55.2.3).
void session::write_evicted() {
    for (const auto& name : evicted_) {
        protocol::write_close(channel_.out(), 'S', name);
    }
    evicted_.clear();
}

std::vector<std::uint32_t> session::types_of(const driver::request& statement) {
    std::vector<std::uint32_t> types;
    for (const auto& parameter : statement.parameters) {
        types.push_back(codec::oid_of(parameter.type));
    }
    return types;
}

// Has the server parse and describe a statement. The types of its columns determine the formats
// that Bind requests.
awaitable<prepared_statement> session::describe(
    const driver::request& statement, std::string key, bool named
) {
    prepared_statement fresh;
    fresh.key = std::move(key);
    fresh.has_other_types = std::ranges::any_of(statement.parameters, [](const auto& parameter) {
        return codec::oid_of(parameter.type) == 0;
    });
    if (!named) {
        auto failure = co_await try_to_describe(statement, fresh);
        throw_if_failed(std::move(failure), statement.sql);
        co_return fresh;
    }
    constexpr int most_names = 100;
    for (int names = 1;; ++names) {
        fresh.name = cache_.next_name();
        auto failure = co_await try_to_describe(statement, fresh);
        // 42P05: behind a pooler another client has prepared this name in the server's session. The
        // next name may be free. In a transaction this is hopeless: the transaction has failed.
        const bool is_taken = failure != nullptr &&
                              failure->sqlstate == sqlstate::duplicate_prepared_statement &&
                              status() == driver::transaction_status::idle;
        if (!is_taken || names == most_names) {
            throw_if_failed(std::move(failure), statement.sql);
            co_return fresh;
        }
    }
}

awaitable<std::unique_ptr<error_fields>> session::try_to_describe(
    const driver::request& statement, prepared_statement& fresh
) {
    protocol::write_parse(channel_.out(), fresh.name, statement.sql, types_of(statement));
    protocol::write_describe_statement(channel_.out(), fresh.name);
    response done{.kind = request_kind::prepare, .described = &fresh};
    write_sync(done);
    co_await receive_all();
    co_return std::move(done.failure);
}

// Writes a Bind message.
//
// @throws argument_error  A parameter cannot be encoded; gives its number and the statement.
void session::write_bind(
    std::string_view portal,
    const prepared_statement& prepared,
    std::string_view sql,
    std::span<const driver::parameter> parameters
) {
    std::size_t at = 0;
    try {
        protocol::write_bind(
            channel_.out(), portal, prepared.name, parameters, prepared.formats, &at
        );
    } catch (const argument_error& e) {
        if (at == 0) {
            throw;
        }
        driver::detail::throw_bad_parameter(e, at, sql);
    }
}

// Parses an unnamed statement again, in the same round trip as its Bind. Behind a pooler in its
// transaction mode, the server that has parsed it before the last Sync may be another one.
void session::write_parse_if_unnamed(
    const driver::request& statement, const prepared_statement& prepared
) {
    if (prepared.name.empty()) {
        protocol::write_parse(channel_.out(), "", statement.sql, types_of(statement));
    }
}

// Looks up types in the server's catalogue, one query per level of component types. The number of
// levels has a limit, so that a server cannot keep the session busy (docs/decisions/0033).
awaitable<void> session::look_up(std::vector<std::uint32_t> types) {
    collected_types answers(std::move(types));
    for (int level = 0; !answers.asked().empty(); ++level) {
        if (level == type_catalog::deepest) {
            channel_.fail_protocol(
                "types that are made of other types, " + std::to_string(level) +
                " levels deep and more"
            );
        }
        co_await look_up_level(answers);
        answers.next_level();
    }
    answers.add_to(*types_);
}

// Looks up one level. The types of this query's own columns are built in: an answer with other
// types is refused, because looking them up would never end.
awaitable<void> session::look_up_level(collected_types& answers) {
    value::array elements;
    for (const auto type : answers.asked()) {
        elements.emplace_back(std::int64_t{type});
    }
    const value numbers(std::move(elements));
    const driver::parameter asked{
        .bound = &numbers, .type = {.kind = type_kind::array, .element = type_kind::named}};
    const driver::request question{
        .sql = type_catalog::question,
        .parameters = {&asked, 1},
        .cacheable = false,
        .max_rows = static_cast<std::uint32_t>(answers.asked().size())};
    const prepared_statement described = co_await describe(question, {}, false);
    if (described.columns.size() != type_catalog::columns_of_answer ||
        !exchange_.unknown_types(described).empty()) {
        channel_.fail_protocol("an answer to the look-up of types that has other columns");
    }
    response done{.prepared = &described, .sink = &answers, .max_rows = question.max_rows};
    write_execution(question, described, done);
    co_await receive_all();
    if (done.thrown != nullptr && done.failure == nullptr) {
        refuse_types(done.thrown);
    }
    finish(done, question.sql);
}

void session::refuse_types(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const data_error& e) {
        channel_.fail_protocol(std::string("an answer to the look-up of types: ") + e.what());
    }
}

// Builds the key of a statement and looks it up. Called before every statement: it is no coroutine,
// and the key's memory is reused.
prepared_statement* session::find_prepared(const driver::request& statement) {
    // First the number of types, then the types, then the text: with the text in front, the keys of
    // two statements could be equal.
    key_of_statement_.clear();
    const auto append = [this](std::uint32_t number) {
        key_of_statement_.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    append(static_cast<std::uint32_t>(statement.parameters.size()));
    for (const auto& parameter : statement.parameters) {
        append(codec::oid_of(parameter.type));
    }
    key_of_statement_ += statement.sql;
    return is_named(statement) ? cache_.find(key_of_statement_)
                               : descriptions_.find(key_of_statement_);
}

awaitable<prepared_statement*> session::prepare(const driver::request& statement) {
    if (statement.parameters.size() > 65535) {
        throw argument_error(
            errc::limit_exceeded,
            "a statement has " + std::to_string(statement.parameters.size()) +
                " parameters; PostgreSQL takes 65535 at most; nothing was sent"
        );
    }
    if (options_->statements == statement_mode::simple) {
        refuse_simple();
    }
    if (auto* known = find_prepared(statement)) {
        co_return known;
    }
    const bool named = is_named(statement);
    write_evicted();
    prepared_statement fresh = co_await describe(statement, key_of_statement_, named);
    auto unknown = exchange_.unknown_types(fresh);
    if (!unknown.empty()) {
        co_await look_up(std::move(unknown));
        exchange_.apply_types(fresh);
    }
    if (named) {
        co_return &cache_.add(std::move(fresh), evicted_);
    }
    // A long text is described each time, and its memory is freed.
    if (fresh.key.size() > longest_described) {
        std::string().swap(fresh.key);
        std::string().swap(key_of_statement_);
        unnamed_ = std::move(fresh);
        co_return &unnamed_;
    }
    std::vector<std::string> no_names;
    co_return &descriptions_.add(std::move(fresh), no_names);
}

}  // namespace gino::postgresql
