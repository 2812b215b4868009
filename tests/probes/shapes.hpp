// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Functions and types for the safe and broken expressions with `co_await`.

#include <array>
#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "probes/tracked.hpp"

namespace probes {

/// An aggregate with a non-trivial destructor, like a model.
struct model {
    tracked name{};
    tracked email{};
    int age = 0;

    [[nodiscard]] awaitable<int> create() const {
        return [](int n) -> awaitable<int> { co_return n; }(age);
    }
};

/// A class with the members of `model` and a constructor, which makes it a non-aggregate.
class record {
public:
    record(tracked name, tracked email, int age)
        : name_(std::move(name)), email_(std::move(email)), age_(age) {}

    [[nodiscard]] int age() const { return age_; }

    [[nodiscard]] awaitable<int> create() const {
        return [](int n) -> awaitable<int> { co_return n; }(age_);
    }

private:
    tracked name_;
    tracked email_;
    int age_;
};

inline awaitable<int> answer(int value) {
    co_return value;
}

inline awaitable<tracked> give(int id) {
    co_return tracked{id};
}

inline awaitable<int> insert(model& one) {
    return answer(one.age);
}

inline awaitable<int> insert_value(model one) {
    co_return one.age;
}

inline awaitable<int> insert_const(const model& one) {
    return answer(one.age);
}

inline awaitable<int> insert_temporary(model&& one) {
    return answer(one.age);
}

inline awaitable<int> insert_record(record one) {
    co_return one.age();
}

template <typename Function>
awaitable<int> call(Function function) {
    return answer(function());
}

template <typename Coroutine>
awaitable<int> in_transaction(Coroutine body) {
    tracked transaction;
    const int result = co_await body(transaction);
    co_return result + transaction.id();
}

template <typename... Values>
awaitable<int> execute(const char* /*sql*/, Values... values) {
    (static_cast<void>(values), ...);
    co_return static_cast<int>(sizeof...(values));
}

}  // namespace probes
