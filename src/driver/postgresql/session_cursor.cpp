// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/session.hpp"

// Cursors: portals whose rows are fetched in batches (manual, 55.2.3).
namespace gino::postgresql {

namespace {

/// A cursor over a named portal. Lifetime: the session must outlive it.
class postgresql_cursor final : public driver::cursor {
public:
    postgresql_cursor(session& on, std::string portal, prepared_statement prepared)
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
    session& on_;
    std::string portal_;
    prepared_statement prepared_;
    bool at_end_ = false;
};

}  // namespace

awaitable<std::unique_ptr<driver::cursor>> session::open_cursor(const driver::request& statement) {
    return in_call([this, &statement]() -> awaitable<std::unique_ptr<driver::cursor>> {
        // Without a transaction block the Sync of open_cursor() would commit, and close the portal.
        if (status() != driver::transaction_status::in_transaction) {
            throw state_error(
                errc::wrong_state,
                "PostgreSQL's cursors live in a transaction: begin one, and iterate in it"
            );
        }
        forget_changed_types();
        if (!is_named(statement)) {
            // Described again: Parse in this transaction locks the tables, so the columns cannot
            // change before the rows are fetched, which fetch() does not check.
            if (const auto* known = find_prepared(statement)) {
                forget(*known);
            }
        }
        const auto* prepared = co_await prepare(statement);
        std::string portal = "gino_c" + std::to_string(++portals_);
        write_evicted();
        const std::size_t before = channel_.out().size();
        try {
            write_parse_if_unnamed(statement, *prepared);
            write_bind(portal, *prepared, statement.sql, statement.parameters);
        } catch (const argument_error&) {
            channel_.out().cut(before);
            throw;
        }
        // A copy: the cursor may outlive the statement's place in the cache.
        prepared_statement columns = *prepared;
        response done{.kind = request_kind::portal};
        write_sync(done);
        co_await receive_all();
        // Not run again here: a stale statement has failed the transaction as well. The next
        // transaction prepares it again.
        static_cast<void>(forget_if_stale(*prepared, done));
        track_session_state(statement, {});
        finish(done, statement.sql);
        co_return std::make_unique<postgresql_cursor>(*this, std::move(portal), std::move(columns));
    });
}

awaitable<bool> session::fetch(
    const std::string& portal,
    const prepared_statement& prepared,
    std::size_t count,
    driver::row_sink& sink,
    std::size_t& fetched
) {
    return in_call([this, &portal, &prepared, count, &sink, &fetched]() -> awaitable<bool> {
        constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
        const auto rows = static_cast<std::uint32_t>(std::min(count, most));
        // Execute with a row limit ends with PortalSuspended while there are more rows.
        protocol::write_execute(channel_.out(), portal, rows);
        response done{.prepared = &prepared, .sink = &sink, .max_rows = rows};
        write_sync(done);
        co_await receive_all();
        finish(done, {});
        fetched = done.rows;
        co_return !done.is_suspended;
    });
}

awaitable<void> session::close_portal(const std::string& portal) {
    if (!is_open() || status() == driver::transaction_status::idle) {
        co_return;  // the portal was closed at the end of its transaction
    }
    co_await in_call([this, &portal]() -> awaitable<void> {
        protocol::write_close(channel_.out(), 'P', portal);
        response done{.kind = request_kind::portal};
        write_sync(done);
        co_await receive_all();
        finish(done, {});
    });
}

}  // namespace gino::postgresql
