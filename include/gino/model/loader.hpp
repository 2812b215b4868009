// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/loading.hpp>
#include <gino/model/crud.hpp>
#include <gino/model/describe.hpp>
#include <gino/model/instance_table.hpp>
#include <gino/sql/select.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// Loaders make results from the rows of a query: objects that contain other objects, tuples,
/// single values. They are values that compose; the result type of a query follows from its loader.
///
///     const auto with_team = gino::load<user>().with(&user::in, gino::load<team>());
///     const auto users = co_await db.all(with_team.query().where(team::c.name == "a"));
///
///     SELECT users.id, users.name, ..., teams.id, teams.name FROM users
///     LEFT OUTER JOIN teams ON teams.id = users.team_id WHERE teams.name = $1
///
/// | loader            | result of a row                         | made by              |
/// | ----------------- | --------------------------------------- | -------------------- |
/// | `model_loader`    | an object, and members by other loaders | `gino::load<user>()` |
/// | `column_loader`   | the value of a column                   | a column, a label    |
/// | `tuple_loader`    | a tuple with the result of each part    | a tuple of loadables |
/// | `callable_loader` | the result of a function of the row     | a callable           |
/// | `value_loader`    | a constant                              | any other value      |
/// | `row_loader`      | the row itself                          | `gino::row_loader()` |
namespace gino {

/// The state that the loaders of one query share: a place for each loader, for all rows and all
/// batches of a cursor. A program's own loader keeps its state here and not in itself, since one
/// loader may serve several queries at a time:
///
///     gino::loaded<int> do_load(const gino::row& r, gino::load_context& context) const {
///         int& rows = context.state<int>(this);
///         return {.value = ++rows, .distinct = true};
///     }
///
/// Thread safety: used by one query at a time.
/// Lifetime: as long as the query's result is read; loaders keep references to it.
class load_context {
public:
    load_context() = default;
    load_context(const load_context&) = delete;
    load_context& operator=(const load_context&) = delete;
    ~load_context() = default;

    /// Returns the state of `owner`, default-constructed on first use. The reference stays valid as
    /// long as the context.
    ///
    /// @tparam State  The same type in each call with one `owner`; it is not checked.
    /// @param owner   An address that identifies the loader, such as `this`. Never dereferenced.
    template <class State>
    [[nodiscard]] State& state(const void* owner) {
        for (auto& [key, kept] : states_) {
            if (key == owner) {
                return *static_cast<State*>(kept.get());
            }
        }
        states_.emplace_back(owner, std::make_shared<State>());
        return *static_cast<State*>(states_.back().second.get());
    }

private:
    std::vector<std::pair<const void*, std::shared_ptr<void>>> states_;
};

/// The result of a loader for one row.
///
/// | value   | distinct | meaning                                                   |
/// | ------- | -------- | --------------------------------------------------------- |
/// | a value | true     | a new value                                               |
/// | a value | false    | a value that an earlier row gave already; it is not added |
/// | empty   | empty    | the row has no such object, and is left out               |
template <class T>
struct loaded {
    /// Empty: there is no such object in this row.
    std::optional<T> value;
    /// True: new; false: an earlier row gave it; empty: the row is dropped.
    std::optional<bool> distinct;
};

/// A class that loads rows: `do_load(row, load_context&)` returns a `loaded<value_type>`. A
/// program's own class with this function works wherever a loader does:
///
///     struct upper_name {
///         using value_type = std::string;
///         gino::loaded<std::string> do_load(const gino::row& r, gino::load_context&) const;
///     };
///
/// It may have `get_columns()`, the expressions to select for it, and `get_from()`, the FROM item
/// to join for it.
template <class L>
concept loader = requires(const L& l, const row& r, load_context& context) {
    typename L::value_type;
    { l.do_load(r, context) } -> std::same_as<loaded<typename L::value_type>>;
};

namespace detail {

/// A loader that is bound to one result, as a part of another loader: it makes the values of a
/// member.
///
/// An *owner* is the object that contains the values. It is identified by a number that stays the
/// same while the query runs, because the object itself may move within its container.
///
/// Order of calls: one row at a time, in the order of the result; for each row the owner's own
/// columns first, then its members in the order of with().
template <class Value>
class loader_binding {
public:
    loader_binding() = default;
    loader_binding(const loader_binding&) = delete;
    loader_binding& operator=(const loader_binding&) = delete;
    virtual ~loader_binding() = default;

    /// Makes the value of this row; empty if the row has none, or if it is not new.
    [[nodiscard]] virtual std::optional<Value> make(const row& from) = 0;

    /// Adds the value of this row to the values of `owner`, or merges the row into one of them.
    virtual void collect(const row& from, std::vector<Value>& values, std::uint32_t owner) {
        static_cast<void>(owner);
        if (auto made = make(from)) {
            values.push_back(std::move(*made));
        }
    }

    /// Makes the only value of `owner`, or merges this row into it.
    ///
    /// @param new_owner  True for the owner's first row.
    /// @return False if there is no value after this row.
    virtual bool assign(
        const row& from, std::optional<Value>& target, std::uint32_t owner, bool new_owner
    ) {
        static_cast<void>(owner);
        static_cast<void>(new_owner);
        if (auto made = make(from)) {
            target = std::move(made);
        }
        return target.has_value();
    }

    /// Makes the value of this row as make() does, but owners share objects that are distinct; null
    /// if the row has none.
    [[nodiscard]] virtual std::shared_ptr<Value> share(const row& from) {
        auto made = make(from);
        return made ? std::make_shared<Value>(std::move(*made)) : nullptr;
    }

    /// Returns true if equal objects are made once per query.
    [[nodiscard]] virtual bool is_distinct() const noexcept { return false; }

    /// Notes that the first `count` collected values were removed from the results; see
    /// `bound_loader`.
    virtual void hand_over(std::size_t count) { static_cast<void>(count); }
};

/// A member of `Model` that a loader of its own fills, bound to one result.
template <class Model>
class bound_member {
public:
    bound_member() = default;
    bound_member(const bound_member&) = delete;
    bound_member& operator=(const bound_member&) = delete;
    virtual ~bound_member() = default;

    /// Fills the member of an object from a row.
    ///
    /// @param number  Identifies the object in this query.
    /// @param is_new  True for the object's first row.
    virtual void apply(Model& object, std::uint32_t number, bool is_new, const row& from) = 0;
};

/// A member of `Model` together with the loader that fills it, before a result is known.
template <class Model>
class member_loader {
public:
    member_loader() = default;
    member_loader(const member_loader&) = delete;
    member_loader& operator=(const member_loader&) = delete;
    virtual ~member_loader() = default;

    /// Binds to a result.
    ///
    /// @param context  Must outlive the returned object.
    /// @throws argument_error  The result does not have the loader's columns.
    [[nodiscard]] virtual std::unique_ptr<bound_member<Model>> bind(
        const result_columns& columns, load_context& context
    ) const = 0;
    /// Appends the columns that the loader needs, without duplicates.
    virtual void append_columns(std::vector<sql::expression_ref>& columns) const = 0;
    /// Returns `left` outer-joined with the loader's source; returns `left` if the loader has none.
    ///
    /// @throws argument_error  There is no ON clause, and not exactly one foreign key fits.
    [[nodiscard]] virtual sql::from_ref join_to(const sql::from_ref& left) const = 0;
    /// Returns true if the member is a container, which takes a value of each of the object's rows.
    [[nodiscard]] virtual bool collects() const noexcept = 0;
};

/// Throws the error of a row that belongs to an object which a cursor has returned already.
///
/// @throws state_error  Always.
[[noreturn]] void throw_came_too_late(const model_source& model);

/// Makes a LEFT OUTER JOIN.
///
/// @param on  Empty: the only foreign key between both sides.
/// @throws argument_error  `on` is empty, and not exactly one foreign key fits.
[[nodiscard]] sql::from_ref join_loaded(
    const sql::from_ref& left, const sql::from_ref& right, const sql::expression_ref& on
);
/// Makes the select of a loader's query().
///
/// @param from  May be empty: then FROM follows from the columns.
[[nodiscard]] sql::statement_ref make_loader_select(
    std::vector<sql::expression_ref> columns, const sql::from_ref& from
);

/// The untyped part of a model loader: its source, its columns, and the columns by which equal rows
/// are recognised.
class model_loader_base {
public:
    /// @param model   Must live as long as the loader; the sources of described classes always do.
    /// @param source  The model's table or an alias of it.
    model_loader_base(const model_source& model, sql::from_ref source);

    /// @throws argument_error  An expression is no column, or a column of another source.
    void choose_columns(const std::vector<sql::expression_ref>& columns);
    /// @throws argument_error  The model has no such member, or the subquery did not select it.
    void choose_columns(const std::vector<std::string_view>& keys);
    /// Sets the columns of distinct(). They are looked up in each result, so a wrong one is an
    /// error only there.
    void set_distinct(const std::vector<sql::expression_ref>& columns);
    /// @param source  A subquery or a common table expression.
    /// @throws argument_error  It has selected no column of the model, or load(), distinct() or
    ///                         on() was called before.
    void set_source(sql::from_ref source);

    /// Sets the ON clause for a join as a member.
    void set_on(sql::expression_ref condition) { on_ = std::move(condition); }

    /// Returns the columns that are loaded, in the order of the result's plan.
    [[nodiscard]] const std::vector<sql::expression_ref>& columns() const noexcept {
        return columns_;
    }

    /// Returns the model's table, its alias, or the source of set_source().
    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    /// Returns the ON clause; empty without one.
    [[nodiscard]] const sql::expression_ref& on() const noexcept { return on_; }

    /// Returns whether distinct() was called with columns.
    [[nodiscard]] bool has_distinct() const noexcept { return !distinct_.empty(); }

    /// Returns the columns of distinct() or, without it, the primary key.
    ///
    /// @throws argument_error  The subquery did not select the primary key.
    [[nodiscard]] std::vector<sql::expression_ref> merged_by(const model_info& model) const;

    /// The positions in a result that a loader needs, found once per result.
    struct plan {
        member_plan members;
        /// The columns whose equality makes rows one object; empty: each row is one.
        std::vector<std::size_t> distinct;
        /// The primary key; empty: not all of it is selected.
        std::vector<std::size_t> key;
    };

    /// Finds the loader's columns in a result.
    ///
    /// @param collects  The objects have containers: without distinct(), rows with one primary key
    ///                  are one object.
    /// @param as_part   The object belongs to another one.
    /// @throws argument_error  The result has no column of the model, or lacks the columns that
    ///                         make rows equal; names both.
    [[nodiscard]] plan make_plan(
        const result_columns& columns, const model_info& model, bool collects, bool as_part
    ) const;

    /// Returns whether a row has the object. It has not if a column of the selected key is NULL or,
    /// for a part of another object without a selected key, if all of its columns are.
    [[nodiscard]] static bool is_present(const plan& p, const row& from, bool as_part);

private:
    void choose_all_columns();

    const model_source* model_;
    sql::from_ref source_;
    std::vector<sql::expression_ref> columns_;
    std::vector<std::size_t> members_;  // places of members, beside columns_
    std::vector<sql::expression_ref> distinct_;
    sql::expression_ref on_;
};

template <class Model>
class bound_model;

}  // namespace detail

/// Loads objects of a model: all of its columns or some, and members that other loaders fill. Made
/// by `gino::load<user>()`; an immutable value, each call returns a changed copy.
///
///     gino::load<team>().with(&team::members, gino::load<user>())
///
/// If a member is a container, rows with the same primary key become one object, to which each row
/// adds a value. Then limit() is refused, since it would cut rows and not objects, and a cursor
/// needs the rows of an object next to each other: `state_error` otherwise.
///
/// The objects have no connection to the database: changes are stored by `update()` or `save()`,
/// and two queries return different objects for one row.
///
/// @tparam Model  A default-constructible class that is described.
///
/// Thread safety: copies may be used from different threads.
template <class Model>
class model_loader {
public:
    using value_type = Model;
    using model_type = Model;

    /// Makes a loader of the model's table with all of its columns.
    model_loader() : base_(detail::model_source_of<Model>(), describe<Model>::source()) {}

    /// Makes a loader of an alias of the model's table.
    explicit model_loader(const alias_of<Model>& alias)
        : base_(detail::model_source_of<Model>(), alias.source()) {}

    /// Restricts the loaded columns; all other members keep the value that the class's constructor
    /// gives them. The last call counts.
    ///
    ///     gino::load<user>("id", "nickname")
    ///     gino::load<user>(user::c.id, user::c.nickname)
    ///
    /// @param columns  Columns of the model (of the alias, for a loader of one), or names of
    ///                 members.
    /// @throws argument_error  A column of another source, or an unknown name; the message names
    ///                         both.
    template <class... Columns>
        requires(sizeof...(Columns) > 0)
    [[nodiscard]] model_loader load(const Columns&... columns) const {
        model_loader changed(*this);
        if constexpr ((expression<Columns> && ...)) {
            changed.base_.choose_columns(std::vector<sql::expression_ref>{columns.node()...});
        } else {
            static_assert(
                (detail::string_like<Columns> && ...),
                "gino: load() takes columns of the model, such as user::c.nickname, or all names "
                "of "
                "members as strings"
            );
            changed.base_.choose_columns(std::vector<std::string_view>{columns...});
        }
        return changed;
    }

    /// Loads from a subquery or a common table expression that has selected columns of the model.
    ///
    ///     const auto s = select<user>().order_by(user::c.id.desc()).limit(2).subquery("s");
    ///     gino::load<user>().from(s).query()
    ///
    /// Only the selected columns are loaded.
    ///
    /// @throws argument_error  It has selected no column of the model, or load(), distinct() or
    ///                         on() was called before.
    template <from_source Source>
    [[nodiscard]] model_loader from(const Source& source) const {
        model_loader changed(*this);
        changed.base_.set_source(source.source());
        return changed;
    }

    /// Fills a member with the result of another loader for the same row.
    ///
    ///     // One team of each user: a join, a nested object.
    ///     gino::load<user>().with(&user::in, gino::load<team>())
    ///
    ///     // All users of each team: a container, rows with one team are merged.
    ///     gino::load<team>().with(&team::members, gino::load<user>())
    ///
    ///     // The value of an expression.
    ///     gino::load<team>().with(&team::heading, func::upper(team::c.name))
    ///
    /// | type of the member                | filled with                                          |
    /// | --------------------------------- | ---------------------------------------------------- |
    /// | the value                         | the value of the row; unchanged if the row has none  |
    /// | `std::optional` of it             | the value, if there is one                           |
    /// | `std::shared_ptr` of it           | the value; shared between owners with distinct()     |
    /// | a container of it, or of pointers | the values of all rows of the object                 |
    /// | a member function                 | called with each value                               |
    ///
    /// A container needs distinct() in the other loader if several rows have the same value; it is
    /// respected by `std::vector` and by containers of `std::shared_ptr`.
    ///
    /// @param member    A data member or a member function of the model or of a base class.
    /// @param loadable  A loader, or any value that has one (`loader_for()`). Copied.
    template <class Member, class Owner, class Loadable>
        requires std::derived_from<Model, Owner>
    [[nodiscard]] model_loader with(Member Owner::*member, const Loadable& loadable) const;

    /// Sets the ON clause for this loader's table when it fills a member of another loader. Without
    /// it, the only foreign key between both tables is used. Needed for a table that is joined with
    /// an alias of itself:
    ///
    ///     const auto parent = gino::alias<team>("parent");
    ///     gino::load<team>().with(
    ///         &team::parent, gino::load(parent).on(parent.c.id == team::c.parent_id)
    ///     )
    ///
    ///     ... FROM teams LEFT OUTER JOIN teams AS parent ON parent.id = teams.parent_id
    template <expression Condition>
    [[nodiscard]] model_loader on(const Condition& condition) const {
        detail::check_condition<Condition>();
        model_loader changed(*this);
        changed.base_.set_on(condition.node());
        return changed;
    }

    /// Makes rows with equal values in these columns one object. NULL equals NULL. Without it, each
    /// row is an object unless a member is a container. The last call counts.
    ///
    ///     gino::load<user>().with(&user::in, gino::load<team>().distinct(team::c.id))
    ///
    /// Here users of one team share the team if `user::in` is a `std::shared_ptr<team>`.
    template <expression... Columns>
        requires(sizeof...(Columns) > 0)
    [[nodiscard]] model_loader distinct(const Columns&... columns) const {
        model_loader changed(*this);
        changed.base_.set_distinct({columns.node()...});
        return changed;
    }

    /// Returns the columns of the model that are loaded.
    [[nodiscard]] const std::vector<sql::expression_ref>& columns() const noexcept {
        return base_.columns();
    }

    /// Loads one row on its own, for loaders that contain this one. With distinct() the flag is
    /// false if an equal row was loaded with the same context before.
    ///
    /// @throws argument_error  The row has none of the loader's columns.
    /// @throws data_error      A column is NULL whose member is not optional.
    [[nodiscard]] loaded<Model> do_load(const row& from, load_context& context) const {
        auto& state = context.state<loading>(identity());
        if (!state.part) {
            state.part = bind(from.columns(), context, true);
        }
        if (!merges_rows()) {
            auto made = state.part->make(from);
            const std::optional<bool> is_new = made ? std::optional(true) : std::nullopt;
            return {.value = std::move(made), .distinct = is_new};
        }
        const std::size_t before = state.values.size();
        state.part->collect(from, state.values, 0);
        const std::uint32_t place = state.part->last_seen();
        if (place == detail::instance_table::none) {
            return {.value = std::nullopt, .distinct = std::nullopt};
        }
        return {.value = state.values[place], .distinct = state.values.size() > before};
    }

    /// Returns the columns to select for this loader and its members, without duplicates.
    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const {
        std::vector<sql::expression_ref> columns;
        detail::append_new(columns, base_.columns());
        for (const auto& member : members_) {
            member->append_columns(columns);
        }
        return columns;
    }

    /// Returns the model's table, outer-joined with the tables of the members' loaders.
    ///
    /// @throws argument_error  A member's loader has no on(), and not exactly one foreign key fits.
    [[nodiscard]] sql::from_ref get_from() const {
        sql::from_ref from = base_.source();
        for (const auto& member : members_) {
            from = member->join_to(from);
        }
        return from;
    }

    /// Returns a select of get_columns() from get_from() with this loader attached; clauses can
    /// follow.
    ///
    ///     co_await db.all(gino::load<user>().query().where(user::c.age > 3))
    ///
    /// @throws argument_error  As get_from().
    [[nodiscard]] select_statement<Model> query() const;

    /// Returns the condition of on(); empty without it.
    [[nodiscard]] const sql::expression_ref& on_clause() const noexcept { return base_.on(); }

    /// Returns true if several rows may be one object: with distinct(), or with a member that is a
    /// container.
    [[nodiscard]] bool merges_rows() const noexcept { return base_.has_distinct() || collects(); }

    /// Returns the expressions whose equality makes rows one object; an empty list if each row is
    /// one.
    [[nodiscard]] std::vector<sql::expression_ref> merged_by() const {
        return merges_rows() ? base_.merged_by(detail::model_info_of<Model>())
                             : std::vector<sql::expression_ref>();
    }

    /// Binds the loader to a result.
    ///
    /// @param context  Must outlive the returned object.
    /// @param as_part  The object belongs to another one: it is missing when all of its columns are
    ///                 NULL.
    /// @throws argument_error  The result lacks the loader's columns.
    [[nodiscard]] std::unique_ptr<detail::bound_model<Model>> bind(
        const result_columns& columns, load_context& context, bool as_part
    ) const {
        return std::make_unique<detail::bound_model<Model>>(
            base_.make_plan(columns, detail::model_info_of<Model>(), collects(), as_part),
            members_,
            columns,
            context,
            as_part
        );
    }

private:
    /// The state of do_load() in a context.
    struct loading {
        std::unique_ptr<detail::bound_model<Model>> part;
        std::vector<Model> values;
    };

    [[nodiscard]] bool collects() const noexcept {
        for (const auto& member : members_) {
            if (member->collects()) {
                return true;
            }
        }
        return false;
    }

    // Copies of a loader share their state in a context, because they share this address.
    [[nodiscard]] const void* identity() const noexcept { return identity_.get(); }

    detail::model_loader_base base_;
    std::vector<std::shared_ptr<const detail::member_loader<Model>>> members_;
    std::shared_ptr<const int> identity_ = std::make_shared<const int>(0);
};

/// A loader of an alias: the same class as a model's.
template <class Model>
using alias_loader = model_loader<Model>;

/// Loads the value of one column: `column_loader(user::c.id)`, `column_loader<std::int64_t>("ts")`.
template <class T>
class column_loader {
public:
    using value_type = T;

    /// @param column  A column, a label or another expression that the statement selects.
    template <expression Column>
        requires std::same_as<typename Column::value_type, T>
    explicit column_loader(const Column& column) : column_(column.node()) {}

    /// @param name  The column's name in the result. Copied.
    explicit column_loader(std::string_view name) : name_(name) {}

    /// Returns the column's value; always new.
    ///
    /// @throws argument_error  The row has no such column; the message lists its columns.
    /// @throws data_error      The value cannot be read as a `T`, or is NULL and `T` is not
    ///                         optional.
    [[nodiscard]] loaded<T> do_load(const row& from, load_context& /*context*/) const {
        return {.value = load_field<T>(from.field(find(from.columns()))), .distinct = true};
    }

    /// Returns the column; an empty list if it is given by name.
    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const {
        return column_ ? std::vector<sql::expression_ref>{column_}
                       : std::vector<sql::expression_ref>{};
    }

    /// Returns an empty item: FROM follows from the column.
    [[nodiscard]] sql::from_ref get_from() const { return {}; }

    /// Returns a select of the column with this loader attached.
    [[nodiscard]] select_statement<T> query() const;

    /// Returns the position of the column in a result.
    ///
    /// @throws argument_error  It is not there.
    [[nodiscard]] std::size_t find(const result_columns& columns) const {
        return column_ ? columns.find(*column_) : columns.find(name_);
    }

private:
    sql::expression_ref column_;
    std::string name_;
};

template <expression Column>
column_loader(const Column&) -> column_loader<typename Column::value_type>;

/// Returns the same value for every row.
template <class T>
class value_loader {
public:
    using value_type = T;

    /// @param v  Copied or moved in; each row gets a copy.
    explicit value_loader(T v) : value_(std::move(v)) {}

    /// Returns the constant; always new.
    [[nodiscard]] loaded<T> do_load(const row& /*from*/, load_context& /*context*/) const {
        return {.value = value_, .distinct = true};
    }

    /// Returns the columns of all parts, without duplicates.
    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const { return {}; }

    /// Returns an empty item: a constant needs no table.
    [[nodiscard]] sql::from_ref get_from() const { return {}; }

private:
    T value_;
};

namespace detail {

/// A callable of `(const row&, load_context&)`.
template <class T>
concept function_of_row_and_context = std::invocable<const T&, const row&, load_context&>;

/// A callable of `(const row&)`.
template <class T>
concept function_of_row = std::invocable<const T&, const row&>;

/// Calls a function with the row and, if it takes one, the context.
template <class Function>
[[nodiscard]] auto call_for_row(const Function& function, const row& from, load_context& context) {
    if constexpr (function_of_row_and_context<Function>) {
        return function(from, context);
    } else {
        return function(from);
    }
}

}  // namespace detail

/// Calls a function with each row, or with each row and the context of the query, and loads its
/// result.
///
///     select(user::c.id, user::c.nickname).load([](const gino::row& r) {
///         return r.get<std::string>("name").size();
///     })
///
/// The statement has to select the columns that the function reads.
///
/// @tparam Function  Copyable; its result is the value of the row.
template <class Function>
class callable_loader {
public:
    using value_type = decltype(detail::call_for_row(
        std::declval<const Function&>(), std::declval<const row&>(), std::declval<load_context&>()
    ));

    /// @param function  Copied with the loader. It is called when rows arrive, so references in it
    ///                  must outlive the query.
    explicit callable_loader(Function function) : function_(std::move(function)) {}

    /// Returns the function's result; always new. An exception of the function ends the query.
    [[nodiscard]] loaded<value_type> do_load(const row& from, load_context& context) const {
        return {.value = detail::call_for_row(function_, from, context), .distinct = true};
    }

    /// Returns no columns: the statement has to select the columns that the function reads.
    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const { return {}; }

    /// Returns an empty item: the statement has to have the function's tables in FROM.
    [[nodiscard]] sql::from_ref get_from() const { return {}; }

private:
    Function function_;
};

template <class... Loaders>
class tuple_loader;

namespace detail {

/// True for std::tuple.
template <class T>
struct is_tuple : std::false_type {};

template <class... Parts>
struct is_tuple<std::tuple<Parts...>> : std::true_type {};

/// The model of an alias.
template <class T>
struct alias_model;

template <class Model>
struct alias_model<alias_of<Model>> {
    using type = Model;
};

/// An alias of a model.
template <class T>
concept is_alias = requires { typename alias_model<T>::type; };

/// The model of a model loader.
template <class T>
struct model_of_loader;

template <class Model>
struct model_of_loader<model_loader<Model>> {
    using type = Model;
};

/// A model loader, whose objects can be missing in an outer join.
template <class T>
concept is_model_loader = requires { typename model_of_loader<T>::type; };

/// A callable that a callable_loader can call.
template <class T>
concept row_function = function_of_row_and_context<T> || function_of_row<T>;

/// False for values that are hardly meant as a constant: pointers, callables that do not take a
/// row, and statements.
template <class T>
constexpr bool can_be_constant =
    std::copy_constructible<T> && !std::is_member_pointer_v<T> && !std::is_pointer_v<T> &&
    !std::is_function_v<T> && !std::derived_from<T, statement_base> &&
    !requires { &T::operator(); };

/// Returns the loader of a tuple of loadables.
template <class... Parts>
auto make_tuple_loader(const std::tuple<Parts...>& parts);

}  // namespace detail

/// Returns the loader of a value. The first rule that fits counts: a loader is its own; an alias
/// has a model_loader; an expression, a column_loader; a tuple, a tuple_loader; a callable, a
/// callable_loader; a string or any other value is a constant. (Models are types:
/// `gino::load<user>()`.)
///
/// Values that are hardly meant as constants, such as member pointers, do not compile.
template <class Loadable>
[[nodiscard]] auto loader_for(const Loadable& loadable) {
    if constexpr (loader<Loadable>) {
        return loadable;
    } else if constexpr (detail::is_alias<Loadable>) {
        return model_loader<typename detail::alias_model<Loadable>::type>(loadable);
    } else if constexpr (expression<Loadable>) {
        return column_loader<typename Loadable::value_type>(loadable);
    } else if constexpr (detail::is_tuple<Loadable>::value) {
        return detail::make_tuple_loader(loadable);
    } else if constexpr (detail::row_function<Loadable>) {
        return callable_loader<Loadable>(loadable);
    } else if constexpr (detail::string_like<Loadable>) {
        return value_loader<std::string>(std::string(std::string_view(loadable)));
    } else {
        static_assert(
            detail::can_be_constant<Loadable>,
            "gino: this is no loader and can be no constant: load() takes models "
            "(`gino::load<user>()`), columns, tuples, values, and callables of "
            "`(const gino::row&)` or `(const gino::row&, gino::load_context&)`"
        );
        return value_loader<Loadable>(loadable);
    }
}

namespace detail {

/// The type of the loader of a value.
template <class Loadable>
using loader_type = decltype(loader_for(std::declval<const Loadable&>()));

/// The type of a loader's result as a part of a tuple. An object is optional, because an outer join
/// may have none.
template <class Loader>
struct tuple_part {
    using type = typename Loader::value_type;
};

template <is_model_loader Loader>
struct tuple_part<Loader> {
    using type = std::optional<typename Loader::value_type>;
};

/// Returns the loader's merges_rows(); false for a loader without that function.
template <class Loader>
[[nodiscard]] bool loader_merges_rows(const Loader& loader) {
    if constexpr (requires { loader.merges_rows(); }) {
        return loader.merges_rows();
    } else {
        return false;
    }
}

/// Returns the loader's columns; an empty list for a loader without get_columns().
template <class Loader>
[[nodiscard]] std::vector<sql::expression_ref> loader_columns(const Loader& loader) {
    if constexpr (requires { loader.get_columns(); }) {
        return loader.get_columns();
    } else {
        return {};
    }
}

/// Returns the loader's FROM item; empty for a loader without get_from().
template <class Loader>
[[nodiscard]] sql::from_ref loader_from(const Loader& loader) {
    if constexpr (requires { loader.get_from(); }) {
        return loader.get_from();
    } else {
        return {};
    }
}

/// A loader that is not a model's, bound to a result: do_load() is called for each row.
template <class Loader>
class bound_simple final : public loader_binding<typename Loader::value_type> {
public:
    using value_type = typename Loader::value_type;

    /// @param context  Must outlive this object.
    bound_simple(Loader loader, load_context& context)
        : loader_(std::move(loader)), context_(context) {}

    /// Returns the value if it is new; a repeated one is left out.
    [[nodiscard]] std::optional<value_type> make(const row& from) override {
        auto made = loader_.do_load(from, context_);
        return made.distinct.value_or(false) ? std::move(made.value) : std::nullopt;
    }

    /// Also assigns a value that an earlier row gave.
    bool assign(
        const row& from,
        std::optional<value_type>& target,
        std::uint32_t /*owner*/,
        bool /*new_owner*/
    ) override {
        auto made = loader_.do_load(from, context_);
        if (made.distinct.has_value() && made.value.has_value()) {
            target = std::move(made.value);
        }
        return target.has_value();
    }

private:
    Loader loader_;
    load_context& context_;
};

/// Binds a loader to a result, as a part of another loader.
///
/// @param context  The query's; must outlive the returned object.
template <class Loader>
[[nodiscard]] std::unique_ptr<loader_binding<typename Loader::value_type>> bind_part(
    const Loader& loader, const result_columns& columns, load_context& context, bool as_part
) {
    if constexpr (is_model_loader<Loader>) {
        return loader.bind(columns, context, as_part);
    } else {
        return std::make_unique<bound_simple<Loader>>(loader, context);
    }
}

/// A model loader that is bound to a result.
///
/// Objects are numbered in the order in which they are made. Distinct objects are found again by
/// owner and key. Each has a place among the values of its owner, so an object that two owners
/// contain by value is made twice, and one that they share (`std::shared_ptr`) once.
///
/// Invariants:
/// - `next_number_` is the number of the next object; numbers are never reused.
/// - A place counts from the first value that was ever collected; `handed_over_` of them have left
///   the results of a cursor and can no longer change.
template <class Model>
class bound_model final : public loader_binding<Model> {
public:
    /// @param members  The loaders of members; bound to the same result here.
    /// @param context  Of the query; the members' loaders keep a reference to it.
    bound_model(
        model_loader_base::plan plan,
        const std::vector<std::shared_ptr<const member_loader<Model>>>& members,
        const result_columns& columns,
        load_context& context,
        bool as_part
    )
        : plan_(std::move(plan)), as_part_(as_part) {
        for (const auto& member : members) {
            members_.push_back(member->bind(columns, context));
        }
    }

    /// Makes an object of this row alone, whether or not the loader is distinct.
    [[nodiscard]] std::optional<Model> make(const row& from) override {
        if (!model_loader_base::is_present(plan_, from, as_part_)) {
            return std::nullopt;
        }
        std::optional<Model> object(std::in_place);
        fill(*object, from);
        add_members(*object, next_number_++, true, from);
        return object;
    }

    /// Adds an object, or merges the row into the object with the same key.
    ///
    /// @throws state_error  That object has been handed over to the program already.
    void collect(const row& from, std::vector<Model>& values, std::uint32_t owner) override {
        last_seen_ = instance_table::none;
        if (!model_loader_base::is_present(plan_, from, as_part_)) {
            return;
        }
        if (plan_.distinct.empty()) {
            last_seen_ = static_cast<std::uint32_t>(values.size());
            Model& object = values.emplace_back();
            fill(object, from);
            add_members(object, next_number_++, true, from);
            return;
        }
        auto& found = instances_.find_or_add(owner, from, plan_.distinct);
        const bool is_new = found.number == instance_table::none;
        if (is_new) {
            found.number = next_number_++;
            found.place = handed_over_ + static_cast<std::uint32_t>(values.size());
            fill(values.emplace_back(), from);
        } else if (found.place < handed_over_) {
            throw_came_too_late(model_source_of<Model>());
        }
        last_seen_ = found.place - handed_over_;
        add_members(values[last_seen_], found.number, is_new, from);
    }

    void hand_over(std::size_t count) override {
        handed_over_ += static_cast<std::uint32_t>(count);
    }

    /// Makes the owner's object from its first row with one; later rows fill the object's own
    /// members.
    bool assign(const row& from, std::optional<Model>& target, std::uint32_t owner, bool new_owner)
        override {
        if (!model_loader_base::is_present(plan_, from, as_part_)) {
            return target.has_value();
        }
        if (new_owner || !target) {
            target.emplace();
            fill(*target, from);
            numbers_of_owners_.set(owner, next_number_);
            add_members(*target, next_number_++, true, from);
        } else {
            add_members(*target, numbers_of_owners_.get(owner), false, from);
        }
        return true;
    }

    /// Returns the object with the row's key; all owners of the query share it.
    [[nodiscard]] std::shared_ptr<Model> share(const row& from) override {
        if (plan_.distinct.empty()) {
            return loader_binding<Model>::share(from);
        }
        if (!model_loader_base::is_present(plan_, from, as_part_)) {
            return nullptr;
        }
        auto& found = instances_.find_or_add(0, from, plan_.distinct);
        const bool is_new = found.number == instance_table::none;
        if (is_new) {
            found.number = next_number_++;
            found.place = static_cast<std::uint32_t>(shared_.size());
            fill(*shared_.emplace_back(std::make_shared<Model>()), from);
        }
        add_members(*shared_[found.place], found.number, is_new, from);
        return shared_[found.place];
    }

    /// A plan with key columns merges rows: given by distinct(), or the primary key of an object
    /// with containers.
    [[nodiscard]] bool is_distinct() const noexcept override { return !plan_.distinct.empty(); }

    /// Returns the position of the value that the last collect() made or found;
    /// `instance_table::none` if the row had none.
    [[nodiscard]] std::uint32_t last_seen() const noexcept { return last_seen_; }

private:
    /// Loads the columns of a row into the object's members.
    void fill(Model& object, const row& from) {
        plan_.members.load(&object, from, model_source_of<Model>());
    }

    /// Applies the members' loaders to a row of the object, its first one and all others.
    void add_members(Model& object, std::uint32_t number, bool is_new, const row& from) {
        for (const auto& member : members_) {
            member->apply(object, number, is_new, from);
        }
    }

    model_loader_base::plan plan_;
    std::vector<std::unique_ptr<bound_member<Model>>> members_;
    bool as_part_;
    instance_table instances_;
    owner_numbers numbers_of_owners_;
    std::vector<std::shared_ptr<Model>> shared_;
    std::uint32_t next_number_ = 0;
    std::uint32_t handed_over_ = 0;
    std::uint32_t last_seen_ = instance_table::none;
};

// The kinds of members that with() can fill, by the values that they accept.

/// A member that a value can be assigned to.
template <class Target, class Value>
concept takes_value =
    !std::is_same_v<Target, std::shared_ptr<Value>> && std::is_assignable_v<Target&, Value>;

/// A member that is a std::shared_ptr of the value.
template <class Target, class Value>
concept takes_shared = std::is_same_v<Target, std::shared_ptr<Value>>;

/// A member that is a container of values.
template <class Target, class Value>
concept collects_values = !takes_value<Target, Value> && requires(Target& t) {
    requires std::is_same_v<typename Target::value_type, Value>;
    t.insert(t.end(), std::declval<Value>());
};

/// A member that is a container of shared pointers.
template <class Target, class Value>
concept collects_shared = requires(Target& t) {
    requires std::is_same_v<typename Target::value_type, std::shared_ptr<Value>>;
    t.insert(t.end(), std::declval<std::shared_ptr<Value>>());
};

/// A data member, filled with the value of each row by the rules at `model_loader::with()`.
template <class Model, class Member, class Owner, class Loader>
class bound_data_member final : public bound_member<Model> {
public:
    using value_type = typename Loader::value_type;

    /// @param part  The bound loader of the member.
    bound_data_member(Member Owner::*member, std::unique_ptr<loader_binding<value_type>> part)
        : member_(member), part_(std::move(part)) {}

    /// Fills the member by its type; the branches are in the order of the table at with().
    void apply(Model& object, std::uint32_t number, bool is_new, const row& from) override {
        Member& target = object.*member_;
        if constexpr (takes_shared<Member, value_type>) {
            if (auto shared = part_->share(from)) {
                target = std::move(shared);
            }
        } else if constexpr (std::is_same_v<Member, std::optional<value_type>>) {
            part_->assign(from, target, number, is_new);
        } else if constexpr (takes_value<Member, value_type>) {
            assign_value(target, number, is_new, from);
        } else if constexpr (collects_shared<Member, value_type>) {
            add_shared(target, from);
        } else if constexpr (std::is_same_v<Member, std::vector<value_type>>) {
            part_->collect(from, target, number);
        } else {
            if (auto made = part_->make(from)) {
                target.insert(target.end(), std::move(*made));
            }
        }
    }

private:
    /// Assigns to a member that is the value itself. The present value is moved out and in again,
    /// because assign() works on an optional.
    void assign_value(Member& target, std::uint32_t number, bool is_new, const row& from) {
        if constexpr (std::is_same_v<Member, value_type>) {
            std::optional<value_type> present;
            if (!is_new) {
                present = std::move(target);
            }
            const bool there = part_->assign(from, present, number, is_new);
            if (there) {
                target = std::move(*present);
            }
        } else if (auto made = part_->make(from)) {
            target = static_cast<Member>(std::move(*made));
        }
    }

    /// Adds a shared object to a container; an object that is in it already is not added again.
    void add_shared(Member& target, const row& from) {
        auto shared = part_->share(from);
        if (shared == nullptr) {
            return;
        }
        if (part_->is_distinct()) {
            for (const auto& present : target) {
                if (present == shared) {
                    return;
                }
            }
        }
        target.insert(target.end(), std::move(shared));
    }

    Member Owner::*member_;
    std::unique_ptr<loader_binding<value_type>> part_;
};

/// A member function that is called with each value: once per owner and value if the loader is
/// distinct. Values that are not shared are passed as copies, in the state after the current row.
template <class Model, class Function, class Loader>
class bound_function_member final : public bound_member<Model> {
public:
    using value_type = typename Loader::value_type;

    /// @param function  A pointer to a member function.
    bound_function_member(Function function, std::unique_ptr<loader_binding<value_type>> part)
        : function_(function), part_(std::move(part)) {}

    /// Calls the function with the value of this row, if it has one that is new for the owner.
    void apply(Model& object, std::uint32_t number, bool /*is_new*/, const row& from) override {
        if constexpr (std::invocable<Function, Model&, std::shared_ptr<value_type>>) {
            auto shared = part_->share(from);
            if (shared != nullptr && is_first(number, shared.get())) {
                static_cast<void>((object.*function_)(std::move(shared)));
            }
        } else if (part_->is_distinct()) {
            auto shared = part_->share(from);
            if (shared != nullptr && is_first(number, shared.get())) {
                static_cast<void>((object.*function_)(*shared));
            }
        } else if (auto made = part_->make(from)) {
            static_cast<void>((object.*function_)(std::move(*made)));
        }
    }

private:
    /// Returns whether an owner meets a value for the first time.
    bool is_first(std::uint32_t number, const void* value) {
        return !part_->is_distinct() || seen_.insert(number, value);
    }

    Function function_;
    std::unique_ptr<loader_binding<value_type>> part_;
    seen_pairs seen_;
};

/// A member of `Model` and its loader.
template <class Model, class Member, class Owner, class Loader>
class typed_member_loader final : public member_loader<Model> {
public:
    using value_type = typename Loader::value_type;

    /// @param loader  Copied or moved in.
    typed_member_loader(Member Owner::*member, Loader loader)
        : member_(member), loader_(std::move(loader)) {}

    [[nodiscard]] std::unique_ptr<bound_member<Model>> bind(
        const result_columns& columns, load_context& context
    ) const override {
        if constexpr (std::is_member_function_pointer_v<Member Owner::*>) {
            return std::make_unique<bound_function_member<Model, Member Owner::*, Loader>>(
                member_, bind_part(loader_, columns, context, true)
            );
        } else {
            static_assert(
                takes_shared<Member, value_type> || takes_value<Member, value_type> ||
                    collects_shared<Member, value_type> || collects_values<Member, value_type>,
                "gino: with(): the member cannot take what the loader makes: it has to be the "
                "value, a std::optional or std::shared_ptr of it, or a container of it"
            );
            return std::make_unique<bound_data_member<Model, Member, Owner, Loader>>(
                member_, bind_part(loader_, columns, context, true)
            );
        }
    }

    /// The loader's columns are selected with those of the model.
    void append_columns(std::vector<sql::expression_ref>& columns) const override {
        append_new(columns, loader_columns(loader_));
    }

    /// A loader without a FROM item, such as a column's, joins nothing.
    [[nodiscard]] sql::from_ref join_to(const sql::from_ref& left) const override {
        const sql::from_ref right = loader_from(loader_);
        if (!right) {
            return left;
        }
        if constexpr (is_model_loader<Loader>) {
            return join_loaded(left, right, loader_.on_clause());
        } else {
            return join_loaded(left, right, {});
        }
    }

    /// A member function is called once per value, so it needs no merged rows.
    [[nodiscard]] bool collects() const noexcept override {
        if constexpr (std::is_member_function_pointer_v<Member Owner::*>) {
            return false;
        } else {
            return collects_shared<Member, value_type> || collects_values<Member, value_type>;
        }
    }

private:
    Member Owner::*member_;
    Loader loader_;
};

/// A loader that is bound to a result at the top: its values are the query's results.
template <class Value>
class bound_root final : public bound_loader<Value> {
public:
    template <class Loader>
    bound_root(const Loader& loader, const result_columns& columns)
        : part_(bind_part(loader, columns, context_, false)) {}

    /// The results have owner 0: no object contains them.
    void load(const row& from, std::vector<Value>& results) override {
        part_->collect(from, results, 0);
    }

    /// A cursor has returned results; the loader's positions move.
    void hand_over(std::size_t count) override { part_->hand_over(count); }

private:
    load_context context_;  // one for all loaders of the query
    std::unique_ptr<loader_binding<Value>> part_;
};

/// A loader as it is attached to a statement.
template <class Loader>
class attached_loader final : public statement_loader<typename Loader::value_type> {
public:
    using value_type = typename Loader::value_type;

    /// @param loader  Copied or moved in; the statement and its copies share it.
    explicit attached_loader(Loader loader) : loader_(std::move(loader)) {}

    /// Binds the loader to a result, with a context of its own: queries share no state.
    [[nodiscard]] std::unique_ptr<bound_loader<value_type>> bind(const result_columns& columns
    ) const override {
        return std::make_unique<bound_root<value_type>>(loader_, columns);
    }

    [[nodiscard]] bool merges_rows() const noexcept override { return loader_merges_rows(loader_); }

    [[nodiscard]] std::vector<sql::expression_ref> merged_by() const override {
        if constexpr (requires { loader_.merged_by(); }) {
            return loader_.merged_by();
        } else {
            return {};
        }
    }

private:
    Loader loader_;
};

/// The traits that `load()` of statements uses.
template <class Loadable>
struct loader_of {
    using value_type = typename loader_type<Loadable>::value_type;

    /// Returns the columns that a select of a model adds.
    static std::vector<sql::expression_ref> columns(const Loadable& loadable) {
        return loader_columns(loader_for(loadable));
    }

    /// Returns the loader as statements store it.
    static std::shared_ptr<const loader_base> attach(const Loadable& loadable) {
        return std::make_shared<const attached_loader<loader_type<Loadable>>>(loader_for(loadable));
    }
};

}  // namespace detail

/// Loads a tuple from each row, with the result of each part.
///
///     select(user::c.id, team::c.id).outer_join<team>()
///         .load(std::tuple{gino::load<user>("id"), gino::load<team>("id")})
///
/// An object of a model is a `std::optional`, since an outer join may have none. If another loader
/// drops a row, there is no tuple for it. A part that merges rows does not merge tuples: each row
/// gives one.
template <class... Loaders>
class tuple_loader {
public:
    using value_type = std::tuple<typename detail::tuple_part<Loaders>::type...>;

    /// @param loaders  Copied or moved in.
    explicit tuple_loader(Loaders... loaders) : loaders_(std::move(loaders)...) {}

    /// Returns the tuple of the parts' results, or drops the row.
    [[nodiscard]] loaded<value_type> do_load(const row& from, load_context& context) const {
        return std::apply(
            [&](const auto&... part) { return join(std::tuple{part.do_load(from, context)...}); },
            loaders_
        );
    }

    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const {
        std::vector<sql::expression_ref> columns;
        std::apply(
            [&](const auto&... part) {
                (detail::append_new(columns, detail::loader_columns(part)), ...);
            },
            loaders_
        );
        return columns;
    }

    /// Returns an empty item: the statement joins the tables of the parts.
    [[nodiscard]] sql::from_ref get_from() const { return {}; }

private:
    /// Makes the tuple of all parts, or drops the row.
    static loaded<value_type> join(std::tuple<loaded<typename Loaders::value_type>...> parts) {
        return std::apply(
            [](auto&... part) -> loaded<value_type> {
                if (!(is_present<Loaders>(part) && ...)) {
                    return {.value = std::nullopt, .distinct = std::nullopt};
                }
                return {.value = value_type{take<Loaders>(part)...}, .distinct = true};
            },
            parts
        );
    }

    /// Returns whether a part allows a tuple; a model's always does.
    template <class Loader>
    static bool is_present(const loaded<typename Loader::value_type>& part) {
        return detail::is_model_loader<Loader> || part.value.has_value();
    }

    /// Moves a part's value into the tuple; a model's as an optional.
    template <class Loader>
    static auto take(loaded<typename Loader::value_type>& part) {
        if constexpr (detail::is_model_loader<Loader>) {
            return std::move(part.value);
        } else {
            return std::move(*part.value);
        }
    }

    std::tuple<Loaders...> loaders_;
};

namespace detail {

template <class... Parts>
auto make_tuple_loader(const std::tuple<Parts...>& parts) {
    return std::apply(
        [](const auto&... part) {
            return gino::tuple_loader<loader_type<std::remove_cvref_t<decltype(part)>>...>(
                loader_for(part)...
            );
        },
        parts
    );
}

}  // namespace detail

/// Loads each row as a `gino::row`, also for statements whose rows would be objects.
struct row_loader {
    using value_type = row;

    /// Returns the row; always new. It shares the result's column descriptions.
    [[nodiscard]] loaded<row> do_load(const row& from, load_context& /*context*/) const {
        return {.value = from, .distinct = true};
    }
};

template <class Model>
template <class Member, class Owner, class Loadable>
    requires std::derived_from<Model, Owner>
model_loader<Model> model_loader<Model>::with(Member Owner::*member, const Loadable& loadable)
    const {
    model_loader changed(*this);
    changed.members_.push_back(
        std::make_shared<
            const detail::typed_member_loader<Model, Member, Owner, detail::loader_type<Loadable>>>(
            member, loader_for(loadable)
        )
    );
    return changed;
}

template <class Model>
select_statement<Model> model_loader<Model>::query() const {
    select_statement<Model> plain(detail::make_loader_select(get_columns(), get_from()));
    return select_statement<Model>(plain, detail::loader_of<model_loader>::attach(*this));
}

template <class T>
select_statement<T> column_loader<T>::query() const {
    select_statement<T> plain(detail::make_loader_select(get_columns(), get_from()));
    return select_statement<T>(plain, detail::loader_of<column_loader>::attach(*this));
}

/// Makes a loader of a model; with columns or names of members, of those only.
///
/// @throws argument_error  A column of another model, or an unknown name.
template <class Model, class... Columns>
[[nodiscard]] model_loader<Model> load(const Columns&... columns) {
    if constexpr (sizeof...(Columns) == 0) {
        return model_loader<Model>();
    } else {
        return model_loader<Model>().load(columns...);
    }
}

/// Makes a loader of an alias.
template <class Model>
[[nodiscard]] model_loader<Model> load(const alias_of<Model>& alias) {
    return model_loader<Model>(alias);
}

}  // namespace gino
