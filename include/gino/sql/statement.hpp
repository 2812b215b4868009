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

/// The untyped base of loaders that are attached to statements. `gino::statement_loader`
/// (engine/loading.hpp) adds the work on rows.
class loader_base {
public:
    loader_base() = default;
    loader_base(const loader_base&) = default;
    loader_base& operator=(const loader_base&) = default;
    virtual ~loader_base() = default;

    /// Returns true if several rows may become one value. Then `first()` reads on after the first
    /// row, and `limit()` is refused, because LIMIT would cut an object's rows.
    [[nodiscard]] virtual bool merges_rows() const noexcept { return false; }

    /// Returns the expressions whose equality makes several rows one value; an empty list if each
    /// row is a value of its own.
    [[nodiscard]] virtual std::vector<sql::expression_ref> merged_by() const { return {}; }
};

/// A statement without its types: the tree, the options, and the loader if one is attached.
///
/// A cheap, immutable value: copies share the tree. Each call that adds a clause works on a copy of
/// the handle; the tree itself is copied only while another handle shares it. A statement owns
/// everything in it, strings included, so a temporary may be passed to a verb.
///
/// Thread safety: copies may be used from different threads.
class statement_base {
public:
    /// @param tree  Not null.
    explicit statement_base(sql::statement_ref tree) noexcept : tree_(std::move(tree)) {}

    /// Returns the root of the tree; valid as long as a handle holds this tree.
    [[nodiscard]] const sql::statement_node& node() const noexcept { return *tree_; }

    /// Returns the owner of the tree. Another statement that stores it shares the tree.
    [[nodiscard]] const sql::statement_ref& tree() const noexcept { return tree_; }

    /// Returns the options of this statement alone; the verbs fill the gaps from the connection's
    /// and the engine's.
    [[nodiscard]] const execution_options& options() const noexcept { return options_; }

    /// Returns the loader that `load()` attached, or a null pointer.
    [[nodiscard]] const loader_base* loader() const noexcept { return loader_.get(); }

    /// Returns the expressions that the statement selects or returns, column by column; an empty
    /// list for text without columns(), whose columns only the database knows.
    [[nodiscard]] const std::vector<sql::expression_ref>& selected() const noexcept;

protected:
    /// Returns the tree for a change: the tree itself if this handle is its only owner, otherwise a
    /// copy.
    ///
    /// REQUIRES: the tree is a `Node`.
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

/// A statement that the verbs of connections take. `row_type` is the type of its results; `void`
/// marks a statement without rows.
template <class Statement>
concept statement = std::derived_from<Statement, statement_base> && requires {
    typename Statement::row_type;  // void: no rows
};

}  // namespace gino
