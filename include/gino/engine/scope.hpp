// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <utility>

/// The connection in context.
///
/// A scope says which connection an engine's verbs use within some coroutines. It is carried by the
/// executor of the coroutine, so it goes along through awaits, timers, sockets, `&&`, `||` and
/// `co_spawn` on the present executor, and does not follow what is spawned elsewhere. Nothing can
/// push onto the scope of a coroutine that runs.
namespace gino::detail {

class connection_state;
class engine_state;

/// One scope. Its connection is lazy: it is borrowed by the first statement.
struct scope {
    std::shared_ptr<const scope> parent;
    std::shared_ptr<engine_state> engine;
    /// Null: a fork, which hides the scopes above it.
    std::shared_ptr<connection_state> connection;
};

/// An executor that carries a scope along, and otherwise does what its inner executor does.
class context_executor {
public:
    context_executor(boost::asio::any_io_executor inner, std::shared_ptr<const scope> carried)
        : inner_(std::move(inner)), scope_(std::move(carried)) {}

    [[nodiscard]] const std::shared_ptr<const scope>& carried() const noexcept { return scope_; }

    [[nodiscard]] const boost::asio::any_io_executor& inner() const noexcept { return inner_; }

    template <class Function>
    void execute(Function&& f) const {
        inner_.execute(std::forward<Function>(f));
    }

    template <class Property>
        requires boost::asio::can_require_v<boost::asio::any_io_executor, Property>
    [[nodiscard]] context_executor require(const Property& p) const {
        return {boost::asio::require(inner_, p), scope_};
    }

    template <class Property>
        requires boost::asio::can_prefer_v<boost::asio::any_io_executor, Property>
    [[nodiscard]] context_executor prefer(const Property& p) const {
        return {boost::asio::prefer(inner_, p), scope_};
    }

    template <class Property>
        requires boost::asio::can_query_v<boost::asio::any_io_executor, Property>
    [[nodiscard]] decltype(auto) query(const Property& p) const {
        return boost::asio::query(inner_, p);
    }

    friend bool operator==(const context_executor& a, const context_executor& b) noexcept {
        return a.inner_ == b.inner_ && a.scope_ == b.scope_;
    }

    friend bool operator!=(const context_executor& a, const context_executor& b) noexcept {
        return !(a == b);
    }

private:
    boost::asio::any_io_executor inner_;
    std::shared_ptr<const scope> scope_;
};

/// Returns the scope that `executor` carries, also through a strand of it; null: none.
[[nodiscard]] const std::shared_ptr<const scope>* find_scope(
    const boost::asio::any_io_executor& executor
) noexcept;

/// Returns the connection of the innermost scope of `engine`, or null.
///
/// @throws state_error  That scope has ended.
[[nodiscard]] std::shared_ptr<connection_state> scoped_connection(
    const boost::asio::any_io_executor& executor, const engine_state& engine
);

/// Runs `body` in a new scope of `engine` and ends it, on every path.
[[nodiscard]] awaitable<void> run_in_scope(
    std::shared_ptr<engine_state> engine, std::function<awaitable<void>(connection_state&)> body
);

/// Runs `body` where no scope is seen.
[[nodiscard]] awaitable<void> run_without_scope(std::function<awaitable<void>()> body);

}  // namespace gino::detail
