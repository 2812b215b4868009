// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>
#include <utility>

/// The ownership of a statement's tree: an intrusive count in each node, so that subtrees are
/// shared between statements and threads without a copy (docs/decisions/0003).
namespace gino::sql {

/// The base of every node of the tree; counts its owners.
///
/// Invariants:
/// - A node with more than one owner is never changed.
/// - A node is on the heap, and its last owner deletes it.
///
/// Thread safety: the count is atomic. A node that several handles share is immutable, so that it
/// may be read from several threads.
class node {
public:
    node() = default;

    /// Copies no count: the copy has no owner yet.
    node(const node& /*other*/) noexcept {}

    node& operator=(const node&) = delete;
    virtual ~node() = default;

    /// Returns true if exactly one handle owns the node; that handle may then change it in place.
    [[nodiscard]] bool is_unique() const noexcept {
        return owners_.load(std::memory_order_acquire) == 1;
    }

private:
    friend class node_owner;

    mutable std::atomic<std::uint32_t> owners_{0};
    mutable const node* next_ = nullptr;  // the next node to delete
};

/// Shared ownership of a node of any class. Copying and destroying are compiled once, in node.cpp:
/// inlining them into every program would cost most of the compile time that this design saves.
class node_owner {
public:
    constexpr node_owner() noexcept = default;
    /// Becomes an owner of the node; a null pointer makes an empty handle.
    explicit node_owner(const node* owned) noexcept;

    constexpr node_owner(const node_owner& other) noexcept : node_(other.node_) {
        if (node_ != nullptr) {
            acquire();
        }
    }

    constexpr node_owner(node_owner&& other) noexcept
        : node_(std::exchange(other.node_, nullptr)) {}

    node_owner& operator=(const node_owner& other) noexcept;
    node_owner& operator=(node_owner&& other) noexcept;

    constexpr ~node_owner() {
        if (node_ != nullptr) {
            release();
        }
    }

    /// Returns false for an empty or moved-from handle.
    explicit operator bool() const noexcept { return node_ != nullptr; }

protected:
    [[nodiscard]] const node* held() const noexcept { return node_; }

private:
    /// Counts one owner more.
    void acquire() const noexcept;
    /// Counts one owner less and deletes the node if it was the last one. Never recursive: see
    /// node.cpp.
    void release() noexcept;

    const node* node_ = nullptr;
};

/// Shared ownership of a node of one class, or of a class derived from it. It converts to the owner
/// of a base class, as pointers do.
template <class Node>
class ref : public node_owner {
public:
    constexpr ref() noexcept = default;

    explicit ref(const Node* owned) noexcept : node_owner(owned) {}

    /// Becomes another owner of the same node.
    template <class Derived>
        requires std::is_base_of_v<Node, Derived>
    ref(const ref<Derived>& other) noexcept : node_owner(other) {}

    /// Takes the ownership of `other`, which is empty afterwards.
    template <class Derived>
        requires std::is_base_of_v<Node, Derived>
    ref(ref<Derived>&& other) noexcept : node_owner(std::move(other)) {}

    /// Returns the node, valid as long as any handle owns it; null for an empty handle.
    [[nodiscard]] const Node* get() const noexcept { return static_cast<const Node*>(held()); }

    /// REQUIRES: the handle is not empty.
    const Node& operator*() const noexcept { return *get(); }

    /// REQUIRES: the handle is not empty.
    const Node* operator->() const noexcept { return get(); }
};

/// Casts to a derived class by kind: `cast_to<label>(e)`. Without a check at run time.
///
/// REQUIRES: the node's kind is that of `Node`.
template <class Node, class Base>
[[nodiscard]] const Node& cast_to(const Base& base) noexcept {
    return static_cast<const Node&>(base);
}

/// Makes a node and its first owner: `make<label>("n", e)`.
template <class Node, class... Arguments>
[[nodiscard]] ref<Node> make(Arguments&&... arguments) {
    return ref<Node>(new Node(std::forward<Arguments>(arguments)...));
}

}  // namespace gino::sql
