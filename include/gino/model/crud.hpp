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

/// Loads rows of a model without a loader: each row is an object. Columns that the statement did
/// not select keep the value that the class's default constructor gives them.
template <described Model>
struct default_loader<Model> {
    using scalar_type = value;

    /// Finds the model's columns in a result. A column that is not there is no error.
    explicit default_loader(const result_columns& columns)
        : plan_(detail::plan_members(detail::model_source_of<Model>(), columns)) {}

    /// Makes an object of a row.
    ///
    /// @throws data_error  A column is NULL whose member is not optional, or a value cannot be read
    ///                     as the member's type.
    [[nodiscard]] Model load(const row& from) const {
        Model object{};
        plan_.load(&object, from, detail::model_source_of<Model>());
        return object;
    }

private:
    detail::member_plan plan_;
};

namespace detail {

/// Inserts one object and reads back the row that the database stored.
///
///     INSERT INTO users (name, age) VALUES ($1, $2)
///     RETURNING users.id, users.name, users.age, users.team_id
///
/// @param object  Of the model's class. Must outlive the wait.
/// @throws no_such_row  The INSERT returned no row: a trigger or a rule of the table left it out.
[[nodiscard]] awaitable<void> create_object(
    statement_executor& on, const model_info& model, void* object
);
/// Inserts objects, as many per statement as leave out the same columns, at most 1,000 rows and
/// 30,000 parameters. Several statements run in a transaction, or in a savepoint within one.
///
/// @param objects  `count` objects, `stride` bytes apart. Must outlive the wait.
/// @throws no_such_row  A statement returned another number of rows than it inserts.
[[nodiscard]] awaitable<void> create_objects(
    statement_executor& on,
    const model_info& model,
    void* objects,
    std::size_t count,
    std::size_t stride
);
/// Returns `key = value` for each column of the primary key, with the values that the object has
/// now; `IS NULL` for NULL.
///
/// @throws state_error  The model has no primary key.
[[nodiscard]] sql::expression_ref locate(const model_info& model, const void* object);

/// A value together with the SQL type of its C++ type.
struct typed_value {
    value held;
    sql_type type;
};

/// Returns `key = value` for values that are given in the order of the primary key.
///
/// @throws argument_error  The number of values is wrong, or a value's type cannot be that of its
///                         column; names both.
/// @throws state_error     The model has no primary key.
[[nodiscard]] sql::expression_ref locate(const model_info& model, std::vector<typed_value> key);
/// Returns `key = value` for values that are given by name.
///
/// @throws argument_error  A column of the key is missing, or the number of values is wrong.
/// @throws state_error     The model has no primary key.
[[nodiscard]] sql::expression_ref locate(
    const model_info& model, const std::vector<assignment>& key
);
/// Sends `UPDATE ... WHERE key RETURNING` the assigned columns, and writes these into the object.
///
/// @param where        From locate(): the key from before the change.
/// @param assignments  The last one to a column counts.
/// @throws argument_error  There are no assignments.
/// @throws no_such_row     No row has the key.
[[nodiscard]] awaitable<void> apply_update(
    statement_executor& on,
    const model_info& model,
    void* object,
    sql::expression_ref where,
    std::vector<sql::assignment_node> assignments
);
/// Sends an UPDATE of all columns except the key, computed columns and identity columns that are
/// always generated, and reads the row back. A column with an onupdate() gets that value.
///
/// @throws no_such_row  No row has the object's key.
/// @throws state_error  The model has no primary key.
[[nodiscard]] awaitable<void> save_object(
    statement_executor& on, const model_info& model, void* object
);
/// Sends `DELETE ... WHERE key`.
///
/// @return `affected_rows` is 0 if no row has the object's key.
/// @throws state_error  The model has no primary key.
[[nodiscard]] awaitable<gino::status> remove_object(
    statement_executor& on, const model_info& model, const void* object
);
/// Sends `SELECT ... WHERE key` and writes the row into the object.
///
/// @throws no_such_row  No row has the object's key.
/// @throws state_error  The model has no primary key.
[[nodiscard]] awaitable<void> refresh_object(
    statement_executor& on, const model_info& model, void* object
);

/// Refuses at compile time an object whose class is not described.
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

/// Changes of one object: collected by set(), sent by apply(). Made by `update(object)` of a
/// database, a connection or a transaction.
///
///     co_await db.update(u).set(user::c.nickname = "x", user::c.age = user::c.age + 1).apply();
///
///     UPDATE users SET name=$1, age=(users.age + $2) WHERE users.id = $3
///     RETURNING users.name, users.age
///
/// An immutable value: set() returns a changed copy, and nothing is sent before apply().
///
/// Lifetime: the object and the executor must outlive the request and the wait.
template <class Model>
class [[nodiscard]] update_request {
public:
    /// Remembers the key that the object has now.
    ///
    /// @throws state_error  The model has no primary key.
    update_request(statement_executor& on, Model& object)
        : on_(&on),
          object_(&object),
          where_(detail::locate(detail::model_info_of<Model>(), static_cast<const void*>(&object))
          ) {}

    /// Adds assignments of values or expressions; the last one to a column counts. Assignments to
    /// the key change it: the row is found by the key that the object had before.
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

    /// Sends the UPDATE and writes the values that the database stored into the object. Columns
    /// with an onupdate() are set too, unless set() named them.
    ///
    /// @throws argument_error  There was no set(): changes of the object itself are stored by
    ///                         `save(object)`.
    /// @throws no_such_row     The row was deleted, or has another key now.
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

/// The verbs of objects for one model. `statement_executor` calls them; its comments are for users.
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

    /// Finds an object by values in the order of the key, or by assignments to the key's columns.
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
    /// Returns the condition on the key, by name for assignments and by position for values.
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

    /// Appends a value of the key, or each value of a tuple.
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
