// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/sql/node.hpp>
#include <gino/types/mapping.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace gino {

/// The columns of one result, shared by all of its rows.
struct result_columns {
    /// Name and type of each column, as the database reported them.
    std::vector<column_description> descriptions;
    /// Reads the fields of the result; belongs to the driver. Null before the result has begun.
    const field_decoder* decoder = nullptr;
    /// The expression that the statement selected, column by column; empty for hand-written SQL. A
    /// row finds `user::c.id` by it even when two tables have an "id".
    std::vector<sql::expression_ref> expressions;

    /// Returns the index of a column: by identity of the expression or, for hand-written SQL, by
    /// its name.
    ///
    /// @throws argument_error  No column fits, or several have the name. The message lists the
    ///                         columns.
    [[nodiscard]] std::size_t find(const sql::expression& wanted) const;
    /// Returns the index of a column by its name in the result; case counts.
    ///
    /// @throws argument_error  No column has the name, or several have it. The message lists the
    ///                         columns.
    [[nodiscard]] std::size_t find(std::string_view name) const;

    /// The index of no column.
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    /// Returns the index of a column as `find()` does, or `npos` when no column fits.
    ///
    /// @throws argument_error  Several columns have the name.
    [[nodiscard]] std::size_t find_or_npos(const sql::expression& wanted) const;
};

/// One row of a result whose columns are known at run time, as hand-written SQL and
/// `gino::row_loader()` return it.
///
/// Fields are decoded each time that they are read. A row that is passed to a loader refers to the
/// driver's memory and is valid during the call. A copy of it owns its bytes, and so does a row
/// that a verb returns.
///
/// Lifetime: a row that owns its bytes can be read after its connection was closed.
class row {
public:
    /// Makes a row that refers to `fields` and their bytes, which must outlive it; for the library.
    row(std::shared_ptr<const result_columns> columns, std::span<const driver::field_slice> fields);
    /// Copies the bytes: the copy is independent of the driver's memory.
    row(const row& other);
    row(row&& other) noexcept;
    row& operator=(const row& other);
    row& operator=(row&& other) noexcept;
    ~row();

    /// Returns the number of columns.
    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

    /// Returns the columns of the result; valid as long as the row.
    [[nodiscard]] const result_columns& columns() const noexcept { return *columns_; }

    /// Returns the field at `index`, counted from 0, without decoding it. Valid as long as the row.
    /// REQUIRES: `index < size()`.
    [[nodiscard]] field_view field(std::size_t index) const noexcept {
        return {
            fields_[index].data,
            fields_[index].size,
            columns_->descriptions[index],
            *columns_->decoder};
    }

    /// Reads a column by its index, counted from 0.
    ///
    /// @tparam T  Any type that has a mapping; `std::optional` for a column that may be NULL.
    /// @throws argument_error  There is no such column.
    /// @throws data_error      The value cannot be read as a `T`, or is NULL and `T` is not
    ///                         optional.
    template <mapped T>
    [[nodiscard]] T get(std::size_t index) const {
        return load_field<T>(checked(index));
    }

    /// Reads a column by its name in the result.
    ///
    /// @throws argument_error  No column has the name, or several have it.
    /// @throws data_error      As above.
    template <mapped T>
    [[nodiscard]] T get(std::string_view name) const {
        return load_field<T>(field(columns_->find(name)));
    }

    /// Reads a column by the expression that was selected: `row[user::c.id]`. For hand-written SQL,
    /// the column with the name of that expression.
    ///
    /// @throws argument_error  The expression was not selected, or several columns have the name.
    /// @throws data_error      As above.
    template <class Expression>
        requires requires { typename Expression::value_type; }
    [[nodiscard]] typename Expression::value_type operator[](const Expression& selected) const {
        return load_field<typename Expression::value_type>(field(columns_->find(*selected.node())));
    }

    /// Reads a column, by index or by name, as a value whose type is known at run time.
    ///
    /// @throws argument_error  There is no such column, or several have the name.
    [[nodiscard]] value operator[](std::size_t index) const;
    [[nodiscard]] value operator[](std::string_view name) const;

    /// Reads all columns in order: `auto [id, name] = row.as<std::int64_t, std::string>();`
    ///
    /// @tparam Ts  One type per column; each must have a mapping.
    /// @throws argument_error  The row has another number of columns.
    /// @throws data_error      A value cannot be read as its type.
    template <mapped... Ts>
        requires(sizeof...(Ts) > 0)
    [[nodiscard]] std::tuple<Ts...> as() const {
        check_size(sizeof...(Ts));
        return [this]<std::size_t... Places>(std::index_sequence<Places...>) {
            return std::tuple<Ts...>{load_field<Ts>(field(Places))...};
        }(std::index_sequence_for<Ts...>());
    }

    /// True when the result has a column of that name; case counts.
    [[nodiscard]] bool contains(std::string_view name) const noexcept;

    /// A column's name and value.
    struct item {
        std::string_view name;  ///< Valid as long as the row.
        gino::value value;
    };

    /// Iterates over the columns from left to right: `for (const auto& [name, value] : row)`.
    ///
    /// Lifetime: refers to the row, which must neither move nor end meanwhile.
    class iterator {
    public:
        using value_type = item;
        using difference_type = std::ptrdiff_t;

        iterator() = default;

        iterator(const row& of, std::size_t index) noexcept : row_(&of), index_(index) {}

        [[nodiscard]] item operator*() const {
            return {row_->columns().descriptions[index_].name, (*row_)[index_]};
        }

        iterator& operator++() noexcept {
            ++index_;
            return *this;
        }

        iterator operator++(int) noexcept {
            iterator before(*this);
            ++index_;
            return before;
        }

        friend bool operator==(const iterator&, const iterator&) = default;

    private:
        const row* row_ = nullptr;
        std::size_t index_ = 0;
    };

    [[nodiscard]] iterator begin() const noexcept { return {*this, 0}; }

    [[nodiscard]] iterator end() const noexcept { return {*this, size()}; }

private:
    [[nodiscard]] field_view checked(std::size_t index) const;
    void check_size(std::size_t wanted) const;
    void own();

    std::shared_ptr<const result_columns> columns_;
    std::vector<std::byte> bytes_;            // of an owning row
    std::vector<driver::field_slice> owned_;  // of an owning row
    std::span<const driver::field_slice> fields_;
};

/// Returns a row as a JSON object with a member per column. Include `<boost/json.hpp>` where it is
/// called.
///
/// NULL, booleans, numbers, JSON documents and arrays become their JSON counterparts; everything
/// else becomes text. Decimals are text too, because JSON's numbers would round them, and so are
/// NaN and infinities. Bytes are text as PostgreSQL writes them: "\x00ff". A document that exceeds
/// the limits of `get_json_limits()` stays text. Of several columns with one name, the first
/// counts.
[[nodiscard]] boost::json::object to_json(const row& from);

}  // namespace gino
