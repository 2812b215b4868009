// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/driver/driver.hpp>
#include <gino/engine/loading.hpp>
#include <gino/sql/statement.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// A cursor of a driver and the connection that it needs. Each fetch waits for the connection's
/// lock, as a statement does.
class cursor_state;

/// A handle on a cursor, without the type of its rows; its code is compiled once. Copies share the
/// cursor.
class open_cursor {
public:
    explicit open_cursor(std::shared_ptr<cursor_state> state) noexcept : state_(std::move(state)) {}

    /// Fetches up to `count` rows into `sink`. Fewer rows than asked for mean the end.
    ///
    /// @return The number of rows.
    /// @throws state_error  `errc::closed`: the cursor was closed, or its connection was given back
    ///                      or lost.
    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink) const;
    /// Closes the cursor. Does nothing when it is closed already.
    [[nodiscard]] awaitable<void> close() const;

private:
    std::shared_ptr<cursor_state> state_;
};

}  // namespace detail

/// The rows of a statement, fetched a batch at a time; the server keeps the rest. Opened by
/// `statement_executor::iterate()`.
///
/// Between two fetches the connection can run other statements. The timeout of the statement limits
/// each fetch separately.
///
/// A loader keeps its state over all batches. With a loader that makes one object of several rows
/// (`distinct()`), an object is returned when the next one begins: the rows of an object have to be
/// adjacent, as an `order_by()` of its key makes them. A row that comes later is a `state_error`.
///
/// Errors of `next()`, `many()` and `forward()`: the errors of statements, and a `state_error`
/// (`errc::closed`) when the connection was released or lost.
///
/// Cancellation: terminal, as for statements.
///
/// Thread safety: used by one coroutine at a time.
///
/// Lifetime: the connection must not be released before the end; on PostgreSQL, the transaction
/// must not end either. Destroying the cursor early discards the remaining rows without waiting.
template <class Row>
class cursor {
public:
    /// Makes a cursor of an open one; for the library.
    cursor(detail::open_cursor opened, statement_base statement)
        : opened_(std::move(opened)),
          statement_(std::move(statement)),
          rows_(std::make_unique<detail::value_collector<Row>>(
              statement_.selected(), attached(statement_)
          )),
          merges_rows_(statement_.loader() != nullptr && attached(statement_)->merges_rows()) {}

    /// Returns the next value, or nothing at the end. It fetches 100 rows when none is left in
    /// memory.
    [[nodiscard]] awaitable<std::optional<Row>> next() {
        while (place_ == complete() && !at_end_) {
            co_await fetch(default_batch);
        }
        if (place_ == complete()) {
            co_return std::nullopt;
        }
        co_return std::move(rows_->values[place_++]);
    }

    /// Returns the next `count` values; fewer at the end, and none after it. It fetches as many
    /// rows as are missing.
    [[nodiscard]] awaitable<std::vector<Row>> many(std::size_t count) {
        std::vector<Row> taken;
        while (taken.size() < count) {
            if (place_ == complete()) {
                if (at_end_) {
                    break;
                }
                co_await fetch(count - taken.size());
                continue;
            }
            taken.push_back(std::move(rows_->values[place_++]));
        }
        co_return taken;
    }

    /// Skips up to `count` values and returns how many were skipped. The skipped rows are fetched
    /// and loaded.
    [[nodiscard]] awaitable<std::size_t> forward(std::size_t count) {
        std::vector<Row> skipped = co_await many(count);
        co_return skipped.size();
    }

    /// Closes the cursor and discards the remaining rows; `next()` returns nothing then. Does
    /// nothing when the connection was released or lost.
    [[nodiscard]] awaitable<void> close() {
        at_end_ = true;
        place_ = rows_->values.size();
        return opened_.close();
    }

private:
    static constexpr std::size_t default_batch = 100;

    /// Returns the loader of the statement, with its type; null: none.
    static const statement_loader<Row>* attached(const statement_base& statement) {
        return static_cast<const statement_loader<Row>*>(statement.loader());
    }

    /// Returns the number of values that no further row can change. The last value is not one of
    /// them while its rows may go on.
    [[nodiscard]] std::size_t complete() const {
        const std::size_t made = rows_->values.size();
        return merges_rows_ && !at_end_ && made > 0 ? made - 1 : made;
    }

    awaitable<void> fetch(std::size_t count) {
        rows_->hand_over(place_);
        place_ = 0;
        const std::size_t fetched = co_await opened_.fetch(count, *rows_);
        at_end_ = fetched < count;
    }

    detail::open_cursor opened_;
    statement_base statement_;
    std::unique_ptr<detail::value_collector<Row>> rows_;
    bool merges_rows_;
    std::size_t place_ = 0;
    bool at_end_ = false;
};

}  // namespace gino
