// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/statement_executor.hpp>
#include <gino/model/describe.hpp>
#include <gino/sql/delete.hpp>
#include <gino/sql/insert.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/update.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// Rows of a model without a loader: each is an object. Columns that the statement did not select
/// keep what the class's default constructor gives them.
template <described Model>
struct default_loader<Model> {
    using scalar_type = value;

    explicit default_loader(const result_columns& columns)
        : plan_(detail::plan_members(detail::model_source_of<Model>(), columns)) {}

    [[nodiscard]] Model load(const row& from) const {
        Model object{};
        plan_.load(&object, from, detail::model_source_of<Model>());
        return object;
    }

private:
    detail::member_plan plan_;
};

namespace detail {

/// The work of CRUD on objects whose class is known only by its description; compiled once.
///
/// @throws state_error  From those that look for a row: the model has no primary key.
[[nodiscard]] awaitable<void> create_object(
    statement_executor& on, const model_info& model, void* object
);
/// @param objects  `count` objects, `stride` bytes apart.
[[nodiscard]] awaitable<void> create_objects(
    statement_executor& on,
    const model_info& model,
    void* objects,
    std::size_t count,
    std::size_t stride
);
/// `key = value` for each column of the primary key, of the object as it is now.
[[nodiscard]] sql::expression_ref locate(const model_info& model, const void* object);

/// A value with the type that its C++ type has in SQL.
struct typed_value {
    value held;
    sql_type type;
};

/// `key = value` for values that are given in the order of the primary key.
///
/// @throws argument_error  A value's type cannot be that of its column; names both.
[[nodiscard]] sql::expression_ref locate(const model_info& model, std::vector<typed_value> key);
/// `key = value` for values that are given by name.
[[nodiscard]] sql::expression_ref locate(
    const model_info& model, const std::vector<assignment>& key
);
[[nodiscard]] awaitable<void> apply_update(
    statement_executor& on,
    const model_info& model,
    void* object,
    sql::expression_ref where,
    std::vector<sql::assignment_node> assignments
);
[[nodiscard]] awaitable<void> save_object(
    statement_executor& on, const model_info& model, void* object
);
[[nodiscard]] awaitable<gino::status> remove_object(
    statement_executor& on, const model_info& model, const void* object
);
[[nodiscard]] awaitable<void> refresh_object(
    statement_executor& on, const model_info& model, void* object
);

template <class Model>
consteval void check_model() {
    static_assert(
        described<Model>,
        "gino: an object of a model is wanted here: a struct with GINO_MODEL in it, or described "
        "by "
        "gino::describe<T>"
    );
}

}  // namespace detail

/// Changes of an object, collected by set() and sent by apply().
template <class Model>
class [[nodiscard]] update_request {
public:
    /// Remembers the key that the object has now.
    update_request(statement_executor& on, Model& object)
        : on_(&on),
          object_(&object),
          where_(detail::locate(detail::model_info_of<Model>(), static_cast<const void*>(&object))
          ) {}

    /// Adds assignments: values or expressions, `user::c.age = user::c.age + 1`. The last one to a
    /// column counts.
    template <class... Assignments>
        requires(sizeof...(Assignments) > 0)
    [[nodiscard]] update_request set(const Assignments&... assignments) const {
        static_assert(
            (detail::assigns_to<Model, Assignments> && ...),
            "gino: set() takes assignments to columns of the object's model, such as "
            "user::c.nickname = \"daisy\""
        );
        update_request changed(*this);
        (changed.assignments_.push_back(assignments.node()), ...);
        return changed;
    }

    /// Sends `UPDATE ... RETURNING` and writes back what the database stored.
    ///
    /// @throws argument_error  There was no set(): changes of the object itself are stored by
    ///                         `save(object)`.
    /// @throws no_such_row     The row is gone, or has another key by now.
    [[nodiscard]] awaitable<void> apply() const {
        return detail::apply_update(
            *on_, detail::model_info_of<Model>(), object_, where_, assignments_
        );
    }

private:
    statement_executor* on_;
    Model* object_;
    sql::expression_ref where_;
    std::vector<sql::assignment_node> assignments_;
};

namespace detail {

template <class Model>
struct crud {
    static awaitable<void> create(statement_executor& on, Model& object) {
        check_model<Model>();
        return create_object(on, model_info_of<Model>(), &object);
    }

    static awaitable<void> create_many(statement_executor& on, std::span<Model> objects) {
        check_model<Model>();
        return create_objects(
            on, model_info_of<Model>(), objects.data(), objects.size(), sizeof(Model)
        );
    }

    /// By values in the order of the key, or by assignments to its columns.
    template <class... Key>
    static awaitable<std::optional<Model>> get(statement_executor& on, Key... key) {
        check_model<Model>();
        auto found = co_await on.first(gino::select<Model>().where(expr<bool>(locate_by(key...))));
        co_return found;
    }

    static update_request<Model> update(statement_executor& on, Model& object) {
        check_model<Model>();
        return update_request<Model>(on, object);
    }

    static awaitable<void> save(statement_executor& on, Model& object) {
        check_model<Model>();
        return save_object(on, model_info_of<Model>(), &object);
    }

    static awaitable<gino::status> remove(statement_executor& on, const Model& object) {
        check_model<Model>();
        return remove_object(on, model_info_of<Model>(), &object);
    }

    static awaitable<void> refresh(statement_executor& on, Model& object) {
        check_model<Model>();
        return refresh_object(on, model_info_of<Model>(), &object);
    }

private:
    template <class... Key>
    static sql::expression_ref locate_by(const Key&... key) {
        if constexpr ((std::derived_from<Key, assignment> && ...)) {
            static_assert(
                (assigns_to<Model, Key> && ...),
                "gino: get() by name takes assignments to columns of the model's primary key"
            );
            return locate(
                model_info_of<Model>(),
                std::vector<assignment>{static_cast<const assignment&>(key)...}
            );
        } else {
            std::vector<typed_value> values;
            (append_key(values, key), ...);
            return locate(model_info_of<Model>(), std::move(values));
        }
    }

    template <class Key>
    static void append_key(std::vector<typed_value>& values, const Key& key) {
        if constexpr (requires { std::tuple_size<Key>::value; }) {
            std::apply([&](const auto&... part) { (append_key(values, part), ...); }, key);
        } else {
            static_assert(
                mapped<bound_type<Key>>, "gino: get() takes the values of the primary key"
            );
            values.push_back({stored_as<bound_type<Key>>(key), sql_type_of<bound_type<Key>>()});
        }
    }
};

}  // namespace detail
}  // namespace gino
