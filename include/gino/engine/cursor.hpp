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

/// A cursor of a driver together with the connection that it needs. Each fetch waits its turn on
/// the connection.
class cursor_state;

/// Shared ownership of a `cursor_state`; compiled once.
class open_cursor {
public:
    explicit open_cursor(std::shared_ptr<cursor_state> state) noexcept : state_(std::move(state)) {}

    /// Fetches up to `count` rows into `sink`. Fewer than asked for: the end.
    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink) const;
    [[nodiscard]] awaitable<void> close() const;

private:
    std::shared_ptr<cursor_state> state_;
};

}  // namespace detail

/// The rows of a statement, asked for a batch at a time: the server holds the rest.
///
/// A loader keeps its state over all batches. With one that makes one object of several rows
/// (`distinct()`), an object is given away when the next one begins: its rows have to be next to
/// each other, as `order_by()` its key makes them. A row that comes later is a `state_error`.
///
/// Lifetime: the connection must stay open; on PostgreSQL the transaction too. A cursor that is
/// destroyed early gives up the rest.
template <class Row>
class cursor {
public:
    cursor(detail::open_cursor opened, statement_base statement)
        : opened_(std::move(opened)),
          statement_(std::move(statement)),
          rows_(std::make_unique<detail::value_collector<Row>>(
              statement_.selected(), attached(statement_)
          )),
          merges_rows_(statement_.loader() != nullptr && attached(statement_)->merges_rows()) {}

    /// Returns the next value, or nothing at the end. Rows are fetched 100 at a time.
    [[nodiscard]] awaitable<std::optional<Row>> next() {
        while (place_ == complete() && !at_end_) {
            co_await fetch(default_batch);
        }
        if (place_ == complete()) {
            co_return std::nullopt;
        }
        co_return std::move(rows_->values[place_++]);
    }

    /// Returns up to `count` values; fewer at the end, none behind it.
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

    /// Skips up to `count` values and returns how many were skipped.
    [[nodiscard]] awaitable<std::size_t> forward(std::size_t count) {
        std::vector<Row> skipped = co_await many(count);
        co_return skipped.size();
    }

    /// Gives up the rest.
    [[nodiscard]] awaitable<void> close() {
        at_end_ = true;
        place_ = rows_->values.size();
        return opened_.close();
    }

private:
    static constexpr std::size_t default_batch = 100;

    static const statement_loader<Row>* attached(const statement_base& statement) {
        return static_cast<const statement_loader<Row>*>(statement.loader());
    }

    /// How many of the values no further row can change.
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
