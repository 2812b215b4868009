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
    std::vector<column_description> descriptions;
    const field_decoder* decoder = nullptr;
    /// What the statement selected, column by column; empty for hand-written SQL. This is how a
    /// row finds `user::c.id` when two tables have an "id".
    std::vector<sql::expression_ref> expressions;

    /// Returns the place of a column by identity, or by name where the SQL is hand-written.
    ///
    /// @throws argument_error  It is not among the columns, or several have the name; lists them.
    [[nodiscard]] std::size_t find(const sql::expression& wanted) const;
    /// Returns the place of a column by the name that it has in the result.
    ///
    /// @throws argument_error  As above.
    [[nodiscard]] std::size_t find(std::string_view name) const;

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    /// As `find()`, but returns `npos` for a column that is not there.
    ///
    /// @throws argument_error  Several have the name.
    [[nodiscard]] std::size_t find_or_npos(const sql::expression& wanted) const;
};

/// One row of a result whose columns are known at run time.
///
/// Values are read when they are asked for. A row that a loader is given reads the driver's memory
/// and is valid during the call; a copy of it owns its bytes.
class row {
public:
    /// A row of `columns` that reads memory of somebody else.
    row(std::shared_ptr<const result_columns> columns, std::span<const driver::field_slice> fields);
    /// Copies the bytes.
    row(const row& other);
    row(row&& other) noexcept;
    row& operator=(const row& other);
    row& operator=(row&& other) noexcept;
    ~row();

    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

    [[nodiscard]] const result_columns& columns() const noexcept { return *columns_; }

    /// Returns the field at `index`, undecoded. REQUIRES: `index < size()`.
    [[nodiscard]] field_view field(std::size_t index) const noexcept {
        return {
            fields_[index].data,
            fields_[index].size,
            columns_->descriptions[index],
            *columns_->decoder};
    }

    /// Reads a column by place.
    ///
    /// @throws argument_error  There is no such column.
    /// @throws data_error      It cannot be read as a `T`.
    template <mapped T>
    [[nodiscard]] T get(std::size_t index) const {
        return load_field<T>(checked(index));
    }

    /// Reads a column by the name that it has in the result.
    ///
    /// @throws argument_error  There is none, or there are several of that name.
    template <mapped T>
    [[nodiscard]] T get(std::string_view name) const {
        return load_field<T>(field(columns_->find(name)));
    }

    /// Reads a column by the expression that was selected: `row[user::c.id]`.
    template <class Expression>
        requires requires { typename Expression::value_type; }
    [[nodiscard]] typename Expression::value_type operator[](const Expression& selected) const {
        return load_field<typename Expression::value_type>(field(columns_->find(*selected.node())));
    }

    /// Reads a column as a value of any type.
    [[nodiscard]] value operator[](std::size_t index) const;
    [[nodiscard]] value operator[](std::string_view name) const;

    /// Reads all columns: `auto [id, name] = row.as<std::int64_t, std::string>();`
    ///
    /// @throws argument_error  There are more columns, or fewer.
    /// @throws data_error      One cannot be read as its type.
    template <mapped... Ts>
        requires(sizeof...(Ts) > 0)
    [[nodiscard]] std::tuple<Ts...> as() const {
        check_size(sizeof...(Ts));
        return [this]<std::size_t... Places>(std::index_sequence<Places...>) {
            return std::tuple<Ts...>{load_field<Ts>(field(Places))...};
        }(std::index_sequence_for<Ts...>());
    }

    /// True when the result has a column of that name.
    [[nodiscard]] bool contains(std::string_view name) const noexcept;

    /// A column's name and value.
    struct item {
        std::string_view name;
        gino::value value;
    };

    /// Goes over the columns from left to right: `for (const auto& [name, value] : row)`.
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

/// A row as a JSON object: numbers, booleans, NULL and documents as what they are in JSON, arrays
/// as arrays, everything else as text; decimals too, which JSON's numbers would round. Include
/// `<boost/json.hpp>` where it is called.
[[nodiscard]] boost::json::object to_json(const row& from);

}  // namespace gino
