// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/scope.hpp>

#include <boost/asio/execution/executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace gino::detail {

/// An executor that carries a scope and forwards everything to its inner executor.
///
/// With io_context's executor inside, it has the 24 bytes that `any_io_executor` stores without
/// allocating, so a post costs as much as without a scope. `require()` and `prefer()` return
/// executors with the same scope: Asio derives the executors of its operations by them.
template <class Inner>
class context_executor {
public:
    context_executor(Inner inner, std::shared_ptr<const scope> carried) noexcept
        : inner_(std::move(inner)), scope_(std::move(carried)) {}

    [[nodiscard]] const std::shared_ptr<const scope>& carried() const noexcept { return scope_; }

    [[nodiscard]] const Inner& inner() const noexcept { return inner_; }

    template <class Function>
    void execute(Function&& f) const {
        inner_.execute(std::forward<Function>(f));
    }

    template <class Property>
        requires boost::asio::can_require_v<Inner, Property>
    [[nodiscard]] auto require(const Property& p) const {
        return with(boost::asio::require(inner_, p));
    }

    template <class Property>
        requires boost::asio::can_prefer_v<Inner, Property>
    [[nodiscard]] auto prefer(const Property& p) const {
        return with(boost::asio::prefer(inner_, p));
    }

    template <class Property>
        requires boost::asio::can_query_v<Inner, Property>
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
    template <class Changed>
    [[nodiscard]] context_executor<std::decay_t<Changed>> with(Changed&& changed) const {
        return {std::forward<Changed>(changed), scope_};
    }

    Inner inner_;
    std::shared_ptr<const scope> scope_;
};

/// Returns an executor that carries `carried` instead of the scope that `inner` may carry.
[[nodiscard]] boost::asio::any_io_executor carry(
    const boost::asio::any_io_executor& inner, std::shared_ptr<const scope> carried
);

/// Returns the inner executor of a `context_executor`, otherwise `executor` itself.
[[nodiscard]] boost::asio::any_io_executor without_scope(
    const boost::asio::any_io_executor& executor
);

/// Returns the scope that `executor` carries, also through a strand of it; null: none.
[[nodiscard]] std::shared_ptr<const scope> find_scope(const boost::asio::any_io_executor& executor);

}  // namespace gino::detail
