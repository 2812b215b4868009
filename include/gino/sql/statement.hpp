// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/execution_options.hpp>
#include <gino/sql/node.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <utility>
#include <vector>

namespace gino {

/// The base of loaders that are attached to statements. What a loader does is said where rows are
/// known (`gino::statement_loader`).
class loader_base {
public:
    loader_base() = default;
    loader_base(const loader_base&) = default;
    loader_base& operator=(const loader_base&) = default;
    virtual ~loader_base() = default;

    /// True when several rows may become one value, so that `first()` has to read on.
    [[nodiscard]] virtual bool merges_rows() const noexcept { return false; }

    /// The expressions that make several rows one value when they are equal; empty: each row is a
    /// value of its own.
    [[nodiscard]] virtual std::vector<sql::expression_ref> merged_by() const { return {}; }
};

/// A statement without its types: the tree, the options, and the loader if one is attached.
///
/// A cheap, immutable value: copies share the tree, and a call that adds a clause changes it in
/// place only when nobody else holds it. It owns everything in it, strings included.
///
/// Thread safety: copies may be used from different threads.
class statement_base {
public:
    explicit statement_base(sql::statement_ref tree) noexcept : tree_(std::move(tree)) {}

    [[nodiscard]] const sql::statement_node& node() const noexcept { return *tree_; }

    [[nodiscard]] const sql::statement_ref& tree() const noexcept { return tree_; }

    [[nodiscard]] const execution_options& options() const noexcept { return options_; }

    /// The loader that was attached by `load()`, or a null pointer.
    [[nodiscard]] const loader_base* loader() const noexcept { return loader_.get(); }

    /// What the statement selects or returns, column by column; empty when only the database knows.
    [[nodiscard]] const std::vector<sql::expression_ref>& selected() const noexcept;

protected:
    /// Returns the tree as `Node`, for changing: a copy of it if anybody else holds it.
    template <class Node>
    [[nodiscard]] Node& edit() {
        if (!tree_->is_unique()) {
            tree_ = sql::statement_ref(new Node(static_cast<const Node&>(*tree_)));
        }
        return const_cast<Node&>(static_cast<const Node&>(*tree_));
    }

    sql::statement_ref tree_;
    execution_options options_;
    std::shared_ptr<const loader_base> loader_;
};

/// A statement whose results are `Row`s: what the verbs of connections take.
template <class Statement>
concept statement = std::derived_from<Statement, statement_base> && requires {
    typename Statement::row_type;  // void: no rows
};

}  // namespace gino
