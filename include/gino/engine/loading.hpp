// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/driver.hpp>
#include <gino/engine/row.hpp>
#include <gino/sql/statement.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// How rows become values: the seam between the engine, which has rows, and loaders, which know
/// what to make of them.
namespace gino {

/// A loader at work on one result. Its state (which objects are there already) lives as long as
/// the result, over all batches of a cursor.
template <class Value>
class bound_loader {
public:
    bound_loader() = default;
    bound_loader(const bound_loader&) = delete;
    bound_loader& operator=(const bound_loader&) = delete;
    virtual ~bound_loader() = default;

    /// Loads one row: appends a value to `results`, or changes one that is there, or does nothing.
    virtual void load(const row& from, std::vector<Value>& results) = 0;

    /// The first `count` results are removed: they are the program's now, and can no more change.
    virtual void hand_over(std::size_t count) { static_cast<void>(count); }
};

/// A loader that is attached to a statement: `statement.load(...)`.
template <class Value>
class statement_loader : public loader_base {
public:
    /// Plans the work for a result with these columns.
    [[nodiscard]] virtual std::unique_ptr<bound_loader<Value>> bind(const result_columns& columns
    ) const = 0;
};

/// Loads a row of a statement without a loader. Specialised for types that have a mapping, tuples
/// of them, `gino::row`, and models (in model/).
template <class Value>
struct default_loader;

template <class Value>
    requires mapped<Value>
struct default_loader<Value> {
    using scalar_type = detail::without_null<Value>;

    explicit default_loader(const result_columns& /*columns*/) {}

    [[nodiscard]] Value load(const row& from) const { return load_field<Value>(from.field(0)); }
};

template <class... Values>
    requires(mapped<Values> && ...)
struct default_loader<std::tuple<Values...>> {
    using scalar_type =
        typename default_loader<std::tuple_element_t<0, std::tuple<Values...>>>::scalar_type;

    explicit default_loader(const result_columns& /*columns*/) {}

    [[nodiscard]] std::tuple<Values...> load(const row& from) const {
        return load(from, std::index_sequence_for<Values...>());
    }

private:
    template <std::size_t... Index>
    std::tuple<Values...> load(const row& from, std::index_sequence<Index...> /*places*/) const {
        return std::tuple<Values...>{load_field<Values>(from.field(Index))...};
    }
};

template <>
struct default_loader<row> {
    using scalar_type = value;

    explicit default_loader(const result_columns& /*columns*/) {}

    [[nodiscard]] row load(const row& from) const { return from; }
};

namespace detail {

/// Gives rows of a driver to a loader: makes `row` of what arrives.
class row_receiver : public driver::row_sink {
public:
    /// @param selected  What the statement selects; empty for hand-written SQL. Copied.
    explicit row_receiver(std::vector<sql::expression_ref> selected);
    row_receiver(const row_receiver&) = delete;
    row_receiver& operator=(const row_receiver&) = delete;
    virtual ~row_receiver();

    void columns(std::span<const column_description> columns, const field_decoder& decoder) final;
    void row(std::span<const driver::field_slice> fields) final;

protected:
    /// Called once, before the first row.
    virtual void begin(const result_columns& columns) = 0;
    virtual void receive(const gino::row& from) = 0;

private:
    std::shared_ptr<result_columns> columns_;
};

template <class Value>
concept has_default_loader =
    requires(const result_columns& columns) { default_loader<Value>(columns); };

/// Collects the values of a result.
template <class Value>
class value_collector final : public row_receiver {
public:
    value_collector(
        std::vector<sql::expression_ref> selected, const statement_loader<Value>* attached
    )
        : row_receiver(std::move(selected)), attached_(attached) {}

    /// Removes the first `count` values: they are the program's now.
    void hand_over(std::size_t count) {
        values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
        if (bound_ != nullptr) {
            bound_->hand_over(count);
        }
    }

    std::vector<Value> values;

private:
    void begin(const result_columns& columns) override {
        if constexpr (has_default_loader<Value>) {
            if (attached_ == nullptr) {
                plain_.emplace(columns);
                return;
            }
        }
        bound_ = attached_->bind(columns);
    }

    void receive(const gino::row& from) override {
        if constexpr (has_default_loader<Value>) {
            if (plain_) {
                values.push_back(plain_->load(from));
                return;
            }
        }
        bound_->load(from, values);
    }

    struct nothing {};

    template <class T>
    struct plain_of {
        using type = nothing;
    };

    template <class T>
        requires has_default_loader<T>
    struct plain_of<T> {
        using type = default_loader<T>;
    };

    const statement_loader<Value>* attached_;
    std::unique_ptr<bound_loader<Value>> bound_;
    std::optional<typename plain_of<Value>::type> plain_;
};

/// Keeps the first column of the first row.
template <class Scalar>
class scalar_receiver final : public row_receiver {
public:
    scalar_receiver() : row_receiver({}) {}

    std::optional<Scalar> scalar;

private:
    void begin(const result_columns& /*columns*/) override {}

    void receive(const gino::row& from) override {
        if (seen_ || from.size() == 0 || from.field(0).is_null()) {
            seen_ = true;
            return;
        }
        seen_ = true;
        if constexpr (std::is_same_v<Scalar, value>) {
            scalar.emplace(from[std::size_t{0}]);
        } else {
            scalar.emplace(load_field<Scalar>(from.field(0)));
        }
    }

    bool seen_ = false;
};

}  // namespace detail
}  // namespace gino
