// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/node.hpp>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace gino::sql {

node_owner::node_owner(const node* owned) noexcept : node_(owned) {
    if (node_ != nullptr) {
        acquire();
    }
}

// The old node is released last, by the destructor of `copy`: it may own `other`, directly or
// through other nodes.
node_owner& node_owner::operator=(const node_owner& other) noexcept {
    node_owner copy(other);
    std::swap(node_, copy.node_);
    return *this;
}

node_owner& node_owner::operator=(node_owner&& other) noexcept {
    node_owner moved(std::move(other));
    std::swap(node_, moved.node_);
    return *this;
}

// Relaxed: whoever copies a handle already owns the node, so that it cannot disappear meanwhile.
void node_owner::acquire() const noexcept {
    node_->owners_.fetch_add(1, std::memory_order_relaxed);
}

// Deletes a node after the node that owned it, and not within its destructor: a chain of
// `x + x + ...` may be deeper than the stack. The first call on a thread runs the loop; calls from
// destructors only add to the list.
//
// Acquire and release: the last owner has to see all writes that other owners made before they gave
// the node up.
void node_owner::release() noexcept {
    if (node_->owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
        return;
    }
    // The list uses the nodes' own `next_`, so that releasing never allocates.
    thread_local const node* waiting = nullptr;  // manners: null between two calls
    thread_local bool is_deleting = false;       // manners: false between two calls
    node_->next_ = std::exchange(waiting, node_);
    if (is_deleting) {
        return;
    }
    is_deleting = true;
    while (waiting != nullptr) {
        const node* const last = std::exchange(waiting, waiting->next_);
        delete last;
    }
    is_deleting = false;
}

// A set operation takes names and types from its first operand, as SQL does.
const std::vector<expression_ref>& columns_of(const statement_node& statement) noexcept {
    switch (statement.kind) {
        case statement_kind::select:
            return cast_to<select_node>(statement).columns;
        case statement_kind::compound:
            return columns_of(*cast_to<compound_node>(statement).operands.front());
        case statement_kind::insert:
            return cast_to<insert_node>(statement).returning;
        case statement_kind::update:
            return cast_to<update_node>(statement).returning;
        case statement_kind::delete_:
            return cast_to<delete_node>(statement).returning;
        case statement_kind::text:
            return cast_to<text_node>(statement).columns;
        case statement_kind::create_as:
        case statement_kind::drop:
            break;
    }
    static const std::vector<expression_ref> none;
    return none;
}

std::string_view own_name(const expression& e) noexcept {
    switch (e.kind) {
        case expression_kind::column:
            return cast_to<column_expression>(e).name;
        case expression_kind::label:
            return cast_to<label>(e).name;
        default:
            return {};
    }
}

// tolower() takes values of unsigned char. In the "C" locale it changes ASCII letters only, as
// SQLite does.
bool is_same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

// Each earlier column of the same name costs the new name one number more. A number is skipped if a
// column has that name already: `id, id_1, id` gives `id, id_1, id_2`.
std::string output_name(const statement_node& statement, std::size_t place) {
    const auto& columns = columns_of(statement);
    const std::string_view own = own_name(*columns[place]);
    const auto is_taken = [&](std::string_view name) {
        return std::ranges::any_of(columns, [&](const auto& column) {
            return is_same_name(own_name(*column), name);
        });
    };
    std::string name(own);
    int number = 0;
    for (std::size_t i = 0; i < place; ++i) {
        if (own.empty() || !is_same_name(own_name(*columns[i]), own)) {
            continue;
        }
        do {
            name = std::string(own) + "_" + std::to_string(++number);
        } while (is_taken(name));
    }
    return name;
}

}  // namespace gino::sql
