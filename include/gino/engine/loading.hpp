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

/// The interface between the engine, which receives rows, and loaders, which make values of them.
///
/// A statement without a loader uses the `default_loader` of its row type: one value per row. A
/// loader that is attached by `statement.load(...)` is bound to each result (`bind()`), and the
/// bound loader gets the rows of that result one by one.
namespace gino {

/// A loader that is bound to one result. Its state, such as the objects that it has made already,
/// lives as long as the result, over all batches of a cursor.
///
/// Thread safety: used by one coroutine at a time.
///
/// @tparam Value  The type of the loaded values.
template <class Value>
class bound_loader {
public:
    bound_loader() = default;
    bound_loader(const bound_loader&) = delete;
    bound_loader& operator=(const bound_loader&) = delete;
    virtual ~bound_loader() = default;

    /// Loads one row: appends a value to `results`, changes an existing one, or does nothing.
    ///
    /// @param from     Valid during the call; copy it to keep it.
    /// @param results  The values of the rows before, except the values that were handed over.
    /// @throws data_error  A field cannot be read as its C++ type. The driver reads the rest of the
    ///                     result without loading it, and the verb throws the exception.
    virtual void load(const row& from, std::vector<Value>& results) = 0;

    /// Called when a cursor has returned the first `count` results to the program and removed them
    /// from `results`: later rows must not change them. Default: does nothing.
    virtual void hand_over(std::size_t count) { static_cast<void>(count); }
};

/// The base of loaders that are attached to a statement by `statement.load(...)`.
///
/// Thread safety: `bind()` may be called from several threads at the same time, because copies of a
/// statement share the loader.
///
/// @tparam Value  The type of the loaded values.
template <class Value>
class statement_loader : public loader_base {
public:
    /// Finds the columns that the loader needs in a result, and returns a loader for its rows.
    ///
    /// @param columns  Of the result; must outlive the returned loader.
    /// @throws argument_error  A column that the loader needs was not selected.
    [[nodiscard]] virtual std::unique_ptr<bound_loader<Value>> bind(const result_columns& columns
    ) const = 0;
};

/// Loads the rows of a statement without a loader, one value per row. Specialised for types that
/// have a mapping, tuples of them, `gino::row`, and models (in model/).
///
/// A specialisation has a constructor from `result_columns`, a function `load(const row&)` that
/// returns a `Value`, and `scalar_type`, the type that `scalar()` returns for such a statement.
template <class Value>
struct default_loader;

/// Loads the first column.
template <class Value>
    requires mapped<Value>
struct default_loader<Value> {
    using scalar_type = detail::without_null<Value>;

    explicit default_loader(const result_columns& /*columns*/) {}

    [[nodiscard]] Value load(const row& from) const { return load_field<Value>(from.field(0)); }
};

/// Loads as many columns as the tuple has elements, in order.
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

/// Copies the row, with its bytes.
template <>
struct default_loader<row> {
    using scalar_type = value;

    explicit default_loader(const result_columns& /*columns*/) {}

    [[nodiscard]] row load(const row& from) const { return from; }
};

namespace detail {

/// A sink that makes a `gino::row` of the fields of each row and passes it to the derived class.
class row_receiver : public driver::row_sink {
public:
    /// @param selected  The expressions that the statement selects, in order; empty for
    ///                  hand-written SQL. Moved in.
    explicit row_receiver(std::vector<sql::expression_ref> selected);
    row_receiver(const row_receiver&) = delete;
    row_receiver& operator=(const row_receiver&) = delete;
    virtual ~row_receiver();

    /// Stores the columns of the result. Does nothing for a further batch of the same cursor.
    ///
    /// @throws argument_error  The result has fewer columns than the statement selects.
    void columns(std::span<const column_description> columns, const field_decoder& decoder) final;
    void row(std::span<const driver::field_slice> fields) final;

protected:
    /// Called once, before the first row. `columns` lives as long as the receiver.
    virtual void begin(const result_columns& columns) = 0;
    /// Called for each row, which is valid during the call.
    virtual void receive(const gino::row& from) = 0;

private:
    std::shared_ptr<result_columns> columns_;
};

/// True for types whose rows can be loaded without an attached loader.
template <class Value>
concept has_default_loader =
    requires(const result_columns& columns) { default_loader<Value>(columns); };

/// A sink that collects the values of a result, made by the attached loader or the default one.
template <class Value>
class value_collector final : public row_receiver {
public:
    /// @param selected  As for `row_receiver`.
    /// @param attached  Must outlive the collector. Null: the default loader.
    value_collector(
        std::vector<sql::expression_ref> selected, const statement_loader<Value>* attached
    )
        : row_receiver(std::move(selected)), attached_(attached) {}

    /// Removes the first `count` values, which the program has got. REQUIRES: there are as many.
    void hand_over(std::size_t count) {
        values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
        if (bound_ != nullptr) {
            bound_->hand_over(count);
        }
    }

    /// The values so far. The last one may still change if the loader merges rows.
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

    // The type of `plain_`: only types with a default loader have one.
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

/// A sink that keeps the first column of the first row and ignores further rows.
template <class Scalar>
class scalar_receiver final : public row_receiver {
public:
    scalar_receiver() : row_receiver({}) {}

    /// Nothing: there was no row, or the column was NULL.
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
