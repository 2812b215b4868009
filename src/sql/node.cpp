// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/node.hpp>

namespace gino::sql {

node_owner::node_owner(const node* owned) noexcept : node_(owned) {
    if (node_ != nullptr) {
        acquire();
    }
}

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

void node_owner::acquire() const noexcept {
    node_->owners_.fetch_add(1, std::memory_order_relaxed);
}

void node_owner::release() noexcept {
    if (node_->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete node_;
    }
}

}  // namespace gino::sql
