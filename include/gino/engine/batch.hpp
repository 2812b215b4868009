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

[[noreturn]] void throw_not_sent();

/// A statement of a batch, and what has become of it.
class batch_item {
public:
    batch_item() = default;
    batch_item(const batch_item&) = delete;
    batch_item& operator=(const batch_item&) = delete;
    virtual ~batch_item() = default;

    [[nodiscard]] virtual execution what() const = 0;
    [[nodiscard]] virtual driver::row_sink& sink() = 0;

    /// Takes what the database has said. What is wrong with the rows is a failure too.
    void end(const gino::status& said, std::exception_ptr failure);

protected:
    bool has_ended_ = false;
    std::exception_ptr failure_;

private:
    virtual void make(const gino::status& said) = 0;
};

template <class Value>
class batch_value : public batch_item {
public:
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

/// @tparam Finish  Makes the value of the collected ones.
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

template <class Statement>
using scalar_of = typename default_loader<typename Statement::selected_type>::scalar_type;

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

/// What a statement of a batch has brought. Copies are of the same result.
template <class Value>
class batch_result {
public:
    explicit batch_result(std::shared_ptr<detail::batch_value<Value>> of) : of_(std::move(of)) {}

    /// Returns what the verb of that name returns.
    ///
    /// Lifetime: as long as any copy of this result.
    ///
    /// @throws state_error     `errc::wrong_state`: the batch was not sent.
    /// @throws database_error  And whatever else the verb throws; in a batch whose statements are
    ///                         done together, `errc::transaction_aborted` when another one failed.
    [[nodiscard]] Value& get() const { return of_->get(); }

private:
    std::shared_ptr<detail::batch_value<Value>> of_;
};

/// Statements that are sent together: in one round trip on PostgreSQL, one after the other on
/// databases that are in this process.
///
/// @snippet tests/compliance/batch.cpp batch
///
/// The verbs here are those of `statement_executor`, but nothing happens before
/// `statement_executor::send()`. With `pipeline_sync::batch` the statements are done together or
/// not at all, also outside of a transaction; with `pipeline_sync::each` each is done on its own
/// (in a transaction, PostgreSQL refuses those behind one that failed).
///
/// A value that cannot be read as its C++ type is a failure of that statement's result alone: the
/// statements are done all the same. `send()` throws it too, in a batch that is done together.
///
/// A statement that the server does not know yet costs a round trip of its own, except with
/// `prepared_statements=unnamed`. A batch is for few statements with few rows each: all that it
/// sends is in memory at once. For many rows see `create_many()`, COPY and cursors.
///
/// Hooks and echo see one statement: the texts of all, then the parameters of all.
///
/// Thread safety: none; the batch must not be changed while it is sent.
class batch {
public:
    explicit batch(pipeline_sync sync = pipeline_sync::batch) : sync_(sync) {}

    /// All rows.
    template <statement Statement>
    batch_result<std::vector<typename Statement::row_type>> all(Statement statement) {
        using values = std::vector<typename Statement::row_type>;
        return add_rows<values, detail::pick_all>(std::move(statement), 0);
    }

    /// The first row, or nothing.
    template <statement Statement>
    batch_result<std::optional<typename Statement::row_type>> first(Statement statement) {
        const std::uint32_t rows = detail::rows_of_first(statement);
        using value = std::optional<typename Statement::row_type>;
        return add_rows<value, detail::pick_first>(std::move(statement), rows);
    }

    /// The only row.
    template <statement Statement>
    batch_result<typename Statement::row_type> one(Statement statement) {
        using value = typename Statement::row_type;
        return add_rows<value, detail::pick_only>(std::move(statement), 0);
    }

    /// The only row, or nothing.
    template <statement Statement>
    batch_result<std::optional<typename Statement::row_type>> one_or_none(Statement statement) {
        using value = std::optional<typename Statement::row_type>;
        return add_rows<value, detail::pick_only_or_none>(std::move(statement), 0);
    }

    /// The first column of the first row.
    template <statement Statement>
    batch_result<std::optional<detail::scalar_of<Statement>>> scalar(Statement statement) {
        auto item = std::make_shared<detail::batch_scalar<Statement>>(std::move(statement));
        items_.push_back(item);
        return batch_result<std::optional<detail::scalar_of<Statement>>>(std::move(item));
    }

    /// What the database says of it.
    batch_result<gino::status> status(statement_base statement) {
        auto item = std::make_shared<detail::batch_status>(std::move(statement));
        items_.push_back(item);
        return batch_result<gino::status>(std::move(item));
    }

    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

    [[nodiscard]] pipeline_sync sync() const noexcept { return sync_; }

    /// For the library: its statements, once.
    ///
    /// @throws state_error  `errc::wrong_state`: it was sent.
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
