// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/engine/loading.hpp>
#include <gino/engine/statement_executor.hpp>
#include <gino/sql/statement.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace gino {

using driver::pipeline_sync;

namespace detail {

/// Throws `state_error` (`errc::wrong_state`): the batch was not sent.
[[noreturn]] void throw_not_sent();

/// One statement of a batch and its result, without the result's type.
///
/// A batch and the `batch_result`s that refer to a statement share its item.
class batch_item {
public:
    batch_item() = default;
    batch_item(const batch_item&) = delete;
    batch_item& operator=(const batch_item&) = delete;
    virtual ~batch_item() = default;

    /// Returns the statement and its limit of rows; valid as long as the item.
    [[nodiscard]] virtual execution what() const = 0;
    /// Returns the sink for the statement's rows; valid as long as the item.
    [[nodiscard]] virtual driver::row_sink& sink() = 0;

    /// Stores the status of the statement or its failure. An exception while the value is made of
    /// the rows becomes the failure.
    ///
    /// @param failure  Null: the statement succeeded.
    void end(const gino::status& said, std::exception_ptr failure);

protected:
    bool has_ended_ = false;
    std::exception_ptr failure_;

private:
    /// Makes the value of a statement that succeeded.
    virtual void make(const gino::status& said) = 0;
};

/// An item whose result is a `Value`.
template <class Value>
class batch_value : public batch_item {
public:
    /// Returns the result; see `batch_result::get()`.
    [[nodiscard]] Value& get() {
        if (!has_ended_) {
            throw_not_sent();
        }
        if (failure_ != nullptr) {
            std::rethrow_exception(failure_);
        }
        return *made_;
    }

protected:
    std::optional<Value> made_;
};

/// An item whose result is made of the statement's rows.
///
/// @tparam Finish  Makes the result of the collected values: `pick_all` and the like.
template <class Value, class Statement, class Finish>
class batch_rows final : public batch_value<Value> {
public:
    batch_rows(Statement statement, std::uint32_t max_rows)
        : statement_(std::move(statement)), rows_(collector_of(statement_)), max_rows_(max_rows) {}

private:
    [[nodiscard]] execution what() const override {
        return {.statement = &statement_, .max_rows = max_rows_};
    }

    [[nodiscard]] driver::row_sink& sink() override { return rows_; }

    void make(const gino::status& /*said*/) override {
        this->made_.emplace(Finish()(std::move(rows_.values)));
    }

    const Statement statement_;
    value_collector<typename Statement::row_type> rows_;
    const std::uint32_t max_rows_;
};

/// The C++ type of the first column of a statement.
template <class Statement>
using scalar_of = typename default_loader<typename Statement::selected_type>::scalar_type;

/// An item whose result is the first column of the first row.
template <class Statement>
class batch_scalar final : public batch_value<std::optional<scalar_of<Statement>>> {
public:
    explicit batch_scalar(Statement statement) : statement_(std::move(statement)) {}

private:
    [[nodiscard]] execution what() const override {
        return {.statement = &statement_, .max_rows = 1};
    }

    [[nodiscard]] driver::row_sink& sink() override { return first_column_; }

    void make(const gino::status& /*said*/) override {
        this->made_.emplace(std::move(first_column_.scalar));
    }

    const Statement statement_;
    scalar_receiver<scalar_of<Statement>> first_column_;
};

/// An item whose result is the status of the statement; its rows are discarded.
class batch_status final : public batch_value<gino::status> {
public:
    explicit batch_status(statement_base statement) : statement_(std::move(statement)) {}

private:
    [[nodiscard]] execution what() const override { return {.statement = &statement_}; }

    [[nodiscard]] driver::row_sink& sink() override { return nothing_; }

    void make(const gino::status& said) override { made_.emplace(said); }

    const statement_base statement_;
    driver::discarding_sink nothing_;
};

}  // namespace detail

/// The result of one statement of a batch, available once the batch was sent. It may outlive the
/// batch. Copies refer to the same result.
///
/// @tparam Value  The type that the verb of `statement_executor` returns.
///
/// Thread safety: copies must not be used at the same time, nor while the batch is sent.
template <class Value>
class batch_result {
public:
    /// Makes a result; for the library.
    explicit batch_result(std::shared_ptr<detail::batch_value<Value>> of) : of_(std::move(of)) {}

    /// Returns the value that the verb of the same name of `statement_executor` returns.
    ///
    /// Lifetime: the reference is valid as long as any copy of this result.
    ///
    /// @throws state_error     `errc::wrong_state`: the batch was not sent.
    /// @throws database_error  The error of this statement, and the other errors of the verb. In a
    ///                         batch with `pipeline_sync::batch`, an `operational_error`
    ///                         (`errc::transaction_aborted`) when another statement has failed.
    [[nodiscard]] Value& get() const { return of_->get(); }

private:
    std::shared_ptr<detail::batch_value<Value>> of_;
};

/// Statements that are sent together: in one round trip on PostgreSQL, one after the other on
/// databases that run in this process.
///
/// @snippet tests/compliance/batch.cpp batch
///
/// The verbs add a statement and return its future result; nothing is sent before
/// `statement_executor::send()`. With `pipeline_sync::batch`, all statements take effect or none,
/// also outside of a transaction. With `pipeline_sync::each`, each statement takes effect on its
/// own (in a transaction, PostgreSQL refuses the statements behind a failed one).
///
/// A value that cannot be read as its C++ type is a failure of that statement's result only: all
/// statements take effect all the same. With `pipeline_sync::batch`, `send()` throws it too.
///
/// A statement that the server has not prepared yet costs a round trip of its own, except with
/// `prepared_statements=unnamed`. A batch is for few statements with few rows each: everything that
/// it sends is in memory at once. For many rows see `create_many()`, COPY and cursors.
///
/// Hooks and echo see one statement: the texts of all statements, then the parameters of all.
///
/// Thread safety: none; the batch must not be changed while it is sent.
class batch {
public:
    /// Makes an empty batch.
    ///
    /// @param sync  The effect of a failed statement on the others. Default: none takes effect.
    explicit batch(pipeline_sync sync = pipeline_sync::batch) : sync_(sync) {}

    /// Adds a statement whose result is the values of all rows; see `statement_executor::all()`.
    template <statement Statement>
    batch_result<std::vector<typename Statement::row_type>> all(Statement statement) {
        using values = std::vector<typename Statement::row_type>;
        return add_rows<values, detail::pick_all>(std::move(statement), 0);
    }

    /// Adds a statement whose result is its first value, or nothing; see
    /// `statement_executor::first()`.
    template <statement Statement>
    batch_result<std::optional<typename Statement::row_type>> first(Statement statement) {
        const std::uint32_t rows = detail::rows_of_first(statement);
        using value = std::optional<typename Statement::row_type>;
        return add_rows<value, detail::pick_first>(std::move(statement), rows);
    }

    /// Adds a statement whose result is its only value; see `statement_executor::one()`. Another
    /// number of values is an error of `batch_result::get()`.
    template <statement Statement>
    batch_result<typename Statement::row_type> one(Statement statement) {
        using value = typename Statement::row_type;
        return add_rows<value, detail::pick_only>(std::move(statement), 0);
    }

    /// Adds a statement whose result is its only value, or nothing; see
    /// `statement_executor::one_or_none()`.
    template <statement Statement>
    batch_result<std::optional<typename Statement::row_type>> one_or_none(Statement statement) {
        using value = std::optional<typename Statement::row_type>;
        return add_rows<value, detail::pick_only_or_none>(std::move(statement), 0);
    }

    /// Adds a statement whose result is the first column of the first row; see
    /// `statement_executor::scalar()`.
    template <statement Statement>
    batch_result<std::optional<detail::scalar_of<Statement>>> scalar(Statement statement) {
        auto item = std::make_shared<detail::batch_scalar<Statement>>(std::move(statement));
        items_.push_back(item);
        return batch_result<std::optional<detail::scalar_of<Statement>>>(std::move(item));
    }

    /// Adds a statement whose result is its command tag and number of affected rows; see
    /// `statement_executor::status()`.
    batch_result<gino::status> status(statement_base statement) {
        auto item = std::make_shared<detail::batch_status>(std::move(statement));
        items_.push_back(item);
        return batch_result<gino::status>(std::move(item));
    }

    /// Returns the number of statements; 0 once the batch was sent.
    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

    /// Returns the effect of a failed statement on the others.
    [[nodiscard]] pipeline_sync sync() const noexcept { return sync_; }

    /// Moves the statements out, to be sent; for the library.
    ///
    /// @throws state_error  `errc::wrong_state`: the batch was sent before.
    [[nodiscard]] std::vector<std::shared_ptr<detail::batch_item>> take();

private:
    template <class Value, class Finish, class Statement>
    batch_result<Value> add_rows(Statement statement, std::uint32_t max_rows) {
        detail::check_has_rows<Statement>();
        auto item = std::make_shared<detail::batch_rows<Value, Statement, Finish>>(
            std::move(statement), max_rows
        );
        items_.push_back(item);
        return batch_result<Value>(std::move(item));
    }

    pipeline_sync sync_;
    bool was_sent_ = false;
    std::vector<std::shared_ptr<detail::batch_item>> items_;
};

}  // namespace gino
