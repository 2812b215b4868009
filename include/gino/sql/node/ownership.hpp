// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Who owns the tree that statements are: every handle that holds a part of it.
namespace gino::sql {

/// The base of everything in the tree; counts its owners.
class node {
public:
    node() = default;

    node(const node& /*other*/) noexcept {}

    node& operator=(const node&) = delete;
    virtual ~node() = default;

    /// True when exactly one handle holds the node: it may then be changed in place.
    [[nodiscard]] bool is_unique() const noexcept {
        return owners_.load(std::memory_order_acquire) == 1;
    }

private:
    friend class node_owner;

    mutable std::atomic<std::uint32_t> owners_{0};
    mutable const node* next_ = nullptr;  // of those that are to be deleted
};

/// Shared ownership of a node of any class. Copying and destroying are compiled once, in node.cpp:
/// inlining them into every program would cost most of the compile time that this design saves.
class node_owner {
public:
    constexpr node_owner() noexcept = default;
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

    explicit operator bool() const noexcept { return node_ != nullptr; }

protected:
    [[nodiscard]] const node* held() const noexcept { return node_; }

private:
    void acquire() const noexcept;
    void release() noexcept;

    const node* node_ = nullptr;
};

/// Shared ownership of a node of one class, or of classes derived from it.
template <class Node>
class ref : public node_owner {
public:
    constexpr ref() noexcept = default;

    explicit ref(const Node* owned) noexcept : node_owner(owned) {}

    template <class Derived>
        requires std::is_base_of_v<Node, Derived>
    ref(const ref<Derived>& other) noexcept : node_owner(other) {}

    template <class Derived>
        requires std::is_base_of_v<Node, Derived>
    ref(ref<Derived>&& other) noexcept : node_owner(std::move(other)) {}

    [[nodiscard]] const Node* get() const noexcept { return static_cast<const Node*>(held()); }

    const Node& operator*() const noexcept { return *get(); }

    const Node* operator->() const noexcept { return get(); }
};

/// Casts down by kind: `cast_to<label>(e)`. REQUIRES: the kind fits.
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
