// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/copy.hpp>
#include <gino/model/describe.hpp>
#include <gino/model/model_info.hpp>
#include <gino/sql/expression/expression.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// Objects of one model as rows for COPY: their members without the columns that the database
/// fills.
class object_rows {
public:
    /// @param model  Kept by reference; descriptions live until the program ends.
    explicit object_rows(const model_info& model) : model_(model) {}

    /// Appends an object's values to a row. REQUIRES: decide() was called.
    ///
    /// @throws argument_error  The object leaves other columns to the database than the first one,
    ///                         or a NULL member has a default_() that is a SQL expression.
    void store(const void* object, std::vector<value>& row);

    /// Returns the COPY statement with the columns that the objects have:
    /// `COPY users (name, age) FROM STDIN`.
    [[nodiscard]] std::string statement(const connection& on) const;
    /// Returns the declared types of these columns, in their order.
    [[nodiscard]] std::vector<sql_type> types() const;

    /// Decides which columns are copied: the columns that create() would send for the first object.
    /// A null pointer, for no objects: as for an object whose members are all NULL.
    void decide(const void* first);

private:
    const model_info& model_;
    std::vector<bool> left_out_;
};

/// Returns the COPY statement of columns of one table.
///
/// @throws argument_error  An expression is no column of a table, or the columns are of several
///                         tables.
[[nodiscard]] std::string copy_statement(
    const connection& on, const std::vector<sql::expression_ref>& columns
);

/// A range as the rows of a COPY; `Store` appends an element's values to a row.
///
/// Lifetime: keeps iterators of the range, and a reference to the progress function.
template <class Range, class Store>
class range_rows final : public driver::row_source {
public:
    range_rows(const Range& rows, Store store, const std::function<void(std::uint64_t)>& progress)
        : next_(std::ranges::begin(rows)),
          end_(std::ranges::end(rows)),
          store_(std::move(store)),
          progress_(progress) {}

    /// Fills `row` with the next element; returns false at the end. Calls the progress function
    /// after each ten thousand rows and at the end.
    [[nodiscard]] bool next(std::vector<value>& row) override {
        constexpr std::uint64_t step = 10'000;
        if (progress_ && (taken_ % step == 0 || next_ == end_) && taken_ > 0) {
            progress_(taken_);
        }
        if (next_ == end_) {
            return false;
        }
        row.clear();
        store_(*next_, row);
        ++next_;
        ++taken_;
        return true;
    }

private:
    std::ranges::iterator_t<const Range> next_;
    std::ranges::sentinel_t<const Range> end_;
    Store store_;
    const std::function<void(std::uint64_t)>& progress_;
    std::uint64_t taken_ = 0;
};

}  // namespace detail

/// Stores objects by `COPY ... FROM STDIN`, PostgreSQL's fastest way to insert many rows. It stores
/// all of them or none. PostgreSQL only (PostgreSQL 15, COPY).
///
///     co_await gino::copy_in(tx.connection(), users);
///
///     COPY users (name, age) FROM STDIN
///
/// The objects are not changed: keys that the database makes are not read back (create_many() does
/// that).
///
/// @param on        A connection; in a transaction, the transaction's connection().
/// @param objects   A forward range of a model's objects: its first element is read twice. Must
///                  outlive the wait.
/// @param progress  Called with the number of rows so far, after each ten thousand and at the end.
///                  By default none.
/// @return `affected_rows` is the number of stored rows.
/// @throws argument_error  An object leaves other columns to the database than the first one, a
///                         default_() is a SQL expression, or the database has no COPY.
/// @throws database_error  The server refused a row: nothing is stored.
template <std::ranges::forward_range Objects>
    requires described<std::ranges::range_value_t<Objects>>
[[nodiscard]] awaitable<status> copy_in(
    connection& on,
    const Objects& objects,
    detail::awaited_function<void(std::uint64_t)> progress = nullptr
) {
    using model = std::ranges::range_value_t<Objects>;
    detail::object_rows rows(detail::model_info_of<model>());
    rows.decide(std::ranges::empty(objects) ? nullptr : &*std::ranges::begin(objects));
    auto store = [&rows](const model& object, std::vector<value>& row) {
        rows.store(&object, row);
    };
    detail::range_rows<Objects, decltype(store)> source(objects, store, progress);
    auto done = co_await detail::copy_rows_in(on, rows.statement(on), rows.types(), source);
    co_return std::move(done);
}

/// Stores tuples in columns of a table by COPY: `copy_in(c, rows, user::c.id, user::c.nickname)`.
/// default_() values do not apply; columns that are not named get the database's defaults.
///
/// @param rows     A range of `std::tuple` with one value per column; it may be computed while it
///                 is read. Must outlive the wait.
/// @param columns  Of one table and of no alias.
/// @throws argument_error  The columns are not of one table, or the database has no COPY.
/// @throws database_error  The server refused a row: nothing is stored.
template <std::ranges::input_range Rows, class... Ts>
    requires(sizeof...(Ts) > 0)
[[nodiscard]] awaitable<status> copy_in(
    connection& on, const Rows& rows, const column<Ts>&... columns
) {
    using tuple = std::ranges::range_value_t<Rows>;
    static_assert(
        std::is_convertible_v<tuple, std::tuple<Ts...>>,
        "gino: copy_in() wants tuples of the columns' types, in their order"
    );
    const std::vector<sql::expression_ref> wanted{columns.node()...};
    const std::vector<sql_type> types{columns.node()->type...};
    const std::function<void(std::uint64_t)> nobody;
    auto store = [](const std::tuple<Ts...>& one, std::vector<value>& row) {
        std::apply([&](const Ts&... held) { (row.push_back(store_value(held)), ...); }, one);
    };
    detail::range_rows<Rows, decltype(store)> source(rows, store, nobody);
    auto done =
        co_await detail::copy_rows_in(on, detail::copy_statement(on, wanted), types, source);
    co_return std::move(done);
}

}  // namespace gino
