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

/// Loaders turn the rows of a query into what a program wants: objects with other objects in them,
/// tuples, single values. They are values that compose; the result type of a query follows.
namespace gino {

/// What the loaders of one query share: a place for each to keep what it knows, over all rows and
/// batches.
///
/// Thread safety: used by one query at a time.
class load_context {
public:
    load_context() = default;
    load_context(const load_context&) = delete;
    load_context& operator=(const load_context&) = delete;
    ~load_context() = default;

    /// Returns the state that `owner` keeps here, made on first use.
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

/// What a loader makes of one row.
template <class T>
struct loaded {
    std::optional<T> value;        ///< Nothing: there is no such object in this row.
    std::optional<bool> distinct;  ///< True: new; false: was there before; nothing: drop the row.
};

/// A class that loads rows: `do_load(row, load_context&)` gives a `loaded<value_type>`. A program's
/// own class that has it can be used wherever a loader can.
template <class L>
concept loader = requires(const L& l, const row& r, load_context& context) {
    typename L::value_type;
    { l.do_load(r, context) } -> std::same_as<loaded<typename L::value_type>>;
};

namespace detail {

/// A loader at work as a part of another: on one result, for the values of a member.
///
/// An *owner* is the object that the values belong to, known by a number that stays the same while
/// the query runs.
template <class Value>
class loader_binding {
public:
    loader_binding() = default;
    loader_binding(const loader_binding&) = delete;
    loader_binding& operator=(const loader_binding&) = delete;
    virtual ~loader_binding() = default;

    /// Makes the value of this row; nothing: it is not there, or not new.
    [[nodiscard]] virtual std::optional<Value> make(const row& from) = 0;

    /// Adds this row's value to those that `owner` has, or to one of them.
    virtual void collect(const row& from, std::vector<Value>& values, std::uint32_t owner) {
        static_cast<void>(owner);
        if (auto made = make(from)) {
            values.push_back(std::move(*made));
        }
    }

    /// Makes the only value of `owner`, or adds this row to it. False: it is not there.
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

    /// As make(), but objects that are distinct are shared between their owners.
    [[nodiscard]] virtual std::shared_ptr<Value> share(const row& from) {
        auto made = make(from);
        return made ? std::make_shared<Value>(std::move(*made)) : nullptr;
    }

    /// True when equal objects are made once.
    [[nodiscard]] virtual bool is_distinct() const noexcept { return false; }

    /// The first `count` of the values that collect() has filled were removed: see `bound_loader`.
    virtual void hand_over(std::size_t count) { static_cast<void>(count); }
};

/// A member of `Model` that is filled by a loader of its own.
template <class Model>
class bound_member {
public:
    bound_member() = default;
    bound_member(const bound_member&) = delete;
    bound_member& operator=(const bound_member&) = delete;
    virtual ~bound_member() = default;

    virtual void apply(Model& object, std::uint32_t number, bool is_new, const row& from) = 0;
};

template <class Model>
class member_loader {
public:
    member_loader() = default;
    member_loader(const member_loader&) = delete;
    member_loader& operator=(const member_loader&) = delete;
    virtual ~member_loader() = default;

    [[nodiscard]] virtual std::unique_ptr<bound_member<Model>> bind(
        const result_columns& columns, load_context& context
    ) const = 0;
    virtual void append_columns(std::vector<sql::expression_ref>& columns) const = 0;
    /// Joins what the loader needs to `left`; returns `left` if it needs nothing.
    [[nodiscard]] virtual sql::from_ref join_to(const sql::from_ref& left) const = 0;
    /// True when the member is a container, which takes a value of each of the object's rows.
    [[nodiscard]] virtual bool collects() const noexcept = 0;
};

/// A row for an object that a cursor has given away already.
[[noreturn]] void throw_came_too_late(const model_source& model);

[[nodiscard]] sql::from_ref join_loaded(
    const sql::from_ref& left, const sql::from_ref& right, const sql::expression_ref& on
);
[[nodiscard]] sql::statement_ref make_loader_select(
    std::vector<sql::expression_ref> columns, const sql::from_ref& from
);

/// The untyped part of a model loader: which columns of which source, and how equal rows are
/// recognised.
class model_loader_base {
public:
    model_loader_base(const model_source& model, sql::from_ref source);

    void choose_columns(const std::vector<sql::expression_ref>& columns);
    void choose_columns(const std::vector<std::string_view>& keys);
    void set_distinct(const std::vector<sql::expression_ref>& columns);
    /// @param source  A subquery or a common table expression.
    void set_source(sql::from_ref source);

    void set_on(sql::expression_ref condition) { on_ = std::move(condition); }

    [[nodiscard]] const std::vector<sql::expression_ref>& columns() const noexcept {
        return columns_;
    }

    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    [[nodiscard]] const sql::expression_ref& on() const noexcept { return on_; }

    [[nodiscard]] bool has_distinct() const noexcept { return !distinct_.empty(); }

    /// What distinct() was given or, without it, the primary key.
    [[nodiscard]] std::vector<sql::expression_ref> merged_by(const model_info& model) const;

    /// What a loader needs to know of a result.
    struct plan {
        member_plan members;
        std::vector<std::size_t> distinct;  ///< Places of the columns that make rows equal.
        std::vector<std::size_t> key;       ///< Places of the primary key; empty: not selected.
    };

    /// @param collects  The objects have containers: without distinct(), rows with one primary key
    ///                  are one object.
    /// @param as_part   The object belongs to another one.
    /// @throws argument_error  The result has no column of the model, or it has not the columns
    ///                         that make rows equal; names both.
    [[nodiscard]] plan make_plan(
        const result_columns& columns, const model_info& model, bool collects, bool as_part
    ) const;

    /// False when the row has no such object: its key is NULL or, for a part of another object
    /// without its key, all of its columns are.
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

/// Loads objects of a model: all of its columns or some, and members that other loaders fill.
///
/// Made by `gino::load<user>()`; each call returns a changed copy.
template <class Model>
class model_loader {
public:
    using value_type = Model;
    using model_type = Model;

    model_loader() : base_(detail::model_source_of<Model>(), describe<Model>::source()) {}

    /// A loader of an alias of the model.
    explicit model_loader(const alias_of<Model>& alias)
        : base_(detail::model_source_of<Model>(), alias.source()) {}

    /// Loads these columns only; all others keep what the class's constructor gives them.
    ///
    /// @param columns  Columns of the model (of the alias, if it is one) or names of members.
    /// @throws argument_error  A column of another model, or an unknown name; names both.
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

    /// Loads from what a subquery or a common table expression has selected of the model.
    ///
    /// @throws argument_error  It has selected no column of the model, or load(), distinct() or
    /// on()
    ///                         was called before.
    template <from_source Source>
    [[nodiscard]] model_loader from(const Source& source) const {
        model_loader changed(*this);
        changed.base_.set_source(source.source());
        return changed;
    }

    /// Fills a member with what another loader makes of the same row.
    ///
    /// @param member    A data member: the value itself, a `std::optional` or `std::shared_ptr` of
    ///                  it, or a container of it, which collects (use distinct()); or a member
    ///                  function, which is called with the value.
    /// @param loadable  A loader, or anything that has one (`loader_for()`).
    template <class Member, class Owner, class Loadable>
        requires std::derived_from<Model, Owner>
    [[nodiscard]] model_loader with(Member Owner::*member, const Loadable& loadable) const;

    /// The ON clause that get_from() joins this loader's table with, as a member of another.
    template <expression Condition>
    [[nodiscard]] model_loader on(const Condition& condition) const {
        detail::check_condition<Condition>();
        model_loader changed(*this);
        changed.base_.set_on(condition.node());
        return changed;
    }

    /// Rows with equal values in these columns are one object. NULL equals NULL.
    template <expression... Columns>
        requires(sizeof...(Columns) > 0)
    [[nodiscard]] model_loader distinct(const Columns&... columns) const {
        model_loader changed(*this);
        changed.base_.set_distinct({columns.node()...});
        return changed;
    }

    /// The columns of the model that are loaded.
    [[nodiscard]] const std::vector<sql::expression_ref>& columns() const noexcept {
        return base_.columns();
    }

    /// Loads one row on its own. With distinct() the flag tells whether an equal row was loaded
    /// with the same context before.
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

    /// The columns to select for this loader and its members, each once.
    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const {
        std::vector<sql::expression_ref> columns;
        detail::append_new(columns, base_.columns());
        for (const auto& member : members_) {
            member->append_columns(columns);
        }
        return columns;
    }

    /// The model's table, outer-joined with those of its members.
    [[nodiscard]] sql::from_ref get_from() const {
        sql::from_ref from = base_.source();
        for (const auto& member : members_) {
            from = member->join_to(from);
        }
        return from;
    }

    /// A select of get_columns() from get_from() with this loader attached; clauses can follow.
    [[nodiscard]] select_statement<Model> query() const;

    [[nodiscard]] const sql::expression_ref& on_clause() const noexcept { return base_.on(); }

    /// True when several rows may be one object: with distinct(), or a member that is a container.
    [[nodiscard]] bool merges_rows() const noexcept { return base_.has_distinct() || collects(); }

    /// The expressions that make rows one object; empty: each row is one.
    [[nodiscard]] std::vector<sql::expression_ref> merged_by() const {
        return merges_rows() ? base_.merged_by(detail::model_info_of<Model>())
                             : std::vector<sql::expression_ref>();
    }

    /// @param context  Must outlive the part.
    /// @param as_part  The object belongs to another: it is not there when all is NULL.
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

    // Copies of a loader share the state in a context: they load the same things.
    [[nodiscard]] const void* identity() const noexcept { return identity_.get(); }

    detail::model_loader_base base_;
    std::vector<std::shared_ptr<const detail::member_loader<Model>>> members_;
    std::shared_ptr<const int> identity_ = std::make_shared<const int>(0);
};

/// A loader of an alias: the same as a model's.
template <class Model>
using alias_loader = model_loader<Model>;

/// Loads one column: `column_loader(user::c.id)`, `column_loader<std::int64_t>("ts")`.
template <class T>
class column_loader {
public:
    using value_type = T;

    template <expression Column>
        requires std::same_as<typename Column::value_type, T>
    explicit column_loader(const Column& column) : column_(column.node()) {}

    /// @param name  The column's name in the result. Copied.
    explicit column_loader(std::string_view name) : name_(name) {}

    /// @throws argument_error  The row has no such column; lists those that it has.
    [[nodiscard]] loaded<T> do_load(const row& from, load_context& /*context*/) const {
        return {.value = load_field<T>(from.field(find(from.columns()))), .distinct = true};
    }

    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const {
        return column_ ? std::vector<sql::expression_ref>{column_}
                       : std::vector<sql::expression_ref>{};
    }

    [[nodiscard]] sql::from_ref get_from() const { return {}; }

    [[nodiscard]] select_statement<T> query() const;

    [[nodiscard]] std::size_t find(const result_columns& columns) const {
        return column_ ? columns.find(*column_) : columns.find(name_);
    }

private:
    sql::expression_ref column_;
    std::string name_;
};

template <expression Column>
column_loader(const Column&) -> column_loader<typename Column::value_type>;

/// Always the same value, whatever the row.
template <class T>
class value_loader {
public:
    using value_type = T;

    explicit value_loader(T v) : value_(std::move(v)) {}

    [[nodiscard]] loaded<T> do_load(const row& /*from*/, load_context& /*context*/) const {
        return {.value = value_, .distinct = true};
    }

    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const { return {}; }

    [[nodiscard]] sql::from_ref get_from() const { return {}; }

private:
    T value_;
};

namespace detail {

template <class T>
concept function_of_row_and_context = std::invocable<const T&, const row&, load_context&>;

template <class T>
concept function_of_row = std::invocable<const T&, const row&>;

template <class Function>
[[nodiscard]] auto call_for_row(const Function& function, const row& from, load_context& context) {
    if constexpr (function_of_row_and_context<Function>) {
        return function(from, context);
    } else {
        return function(from);
    }
}

}  // namespace detail

/// Calls a function with each row and the context of the query, or with each row.
template <class Function>
class callable_loader {
public:
    using value_type = decltype(detail::call_for_row(
        std::declval<const Function&>(), std::declval<const row&>(), std::declval<load_context&>()
    ));

    explicit callable_loader(Function function) : function_(std::move(function)) {}

    [[nodiscard]] loaded<value_type> do_load(const row& from, load_context& context) const {
        return {.value = detail::call_for_row(function_, from, context), .distinct = true};
    }

    [[nodiscard]] std::vector<sql::expression_ref> get_columns() const { return {}; }

    [[nodiscard]] sql::from_ref get_from() const { return {}; }

private:
    Function function_;
};

template <class... Loaders>
class tuple_loader;

namespace detail {

template <class T>
struct is_tuple : std::false_type {};

template <class... Parts>
struct is_tuple<std::tuple<Parts...>> : std::true_type {};

template <class T>
struct alias_model;

template <class Model>
struct alias_model<alias_of<Model>> {
    using type = Model;
};

template <class T>
concept is_alias = requires { typename alias_model<T>::type; };

template <class T>
struct model_of_loader;

template <class Model>
struct model_of_loader<model_loader<Model>> {
    using type = Model;
};

template <class T>
concept is_model_loader = requires { typename model_of_loader<T>::type; };

template <class T>
concept row_function = function_of_row_and_context<T> || function_of_row<T>;

/// False for what nobody means as a constant: pointers, callables that take something else than a
/// row, and statements.
template <class T>
constexpr bool can_be_constant =
    std::copy_constructible<T> && !std::is_member_pointer_v<T> && !std::is_pointer_v<T> &&
    !std::is_function_v<T> && !std::derived_from<T, statement_base> &&
    !requires { &T::operator(); };

template <class... Parts>
auto make_tuple_loader(const std::tuple<Parts...>& parts);

}  // namespace detail

/// Finds the loader of a value, in this order: a loader is itself; an alias, an alias_loader; a
/// column, label or other expression, a column_loader; a tuple, a tuple_loader; a callable, a
/// callable_loader; anything else is a constant. (Models are types: `gino::load<user>()`.)
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

template <class Loadable>
using loader_type = decltype(loader_for(std::declval<const Loadable&>()));

/// What a loader gives as a part of a tuple: an object of an outer join may be missing.
template <class Loader>
struct tuple_part {
    using type = typename Loader::value_type;
};

template <is_model_loader Loader>
struct tuple_part<Loader> {
    using type = std::optional<typename Loader::value_type>;
};

template <class Loader>
[[nodiscard]] bool loader_merges_rows(const Loader& loader) {
    if constexpr (requires { loader.merges_rows(); }) {
        return loader.merges_rows();
    } else {
        return false;
    }
}

template <class Loader>
[[nodiscard]] std::vector<sql::expression_ref> loader_columns(const Loader& loader) {
    if constexpr (requires { loader.get_columns(); }) {
        return loader.get_columns();
    } else {
        return {};
    }
}

template <class Loader>
[[nodiscard]] sql::from_ref loader_from(const Loader& loader) {
    if constexpr (requires { loader.get_from(); }) {
        return loader.get_from();
    } else {
        return {};
    }
}

/// Any loader but a model's, at work: it is asked for each row.
template <class Loader>
class bound_simple final : public loader_binding<typename Loader::value_type> {
public:
    using value_type = typename Loader::value_type;

    bound_simple(Loader loader, load_context& context)
        : loader_(std::move(loader)), context_(context) {}

    [[nodiscard]] std::optional<value_type> make(const row& from) override {
        auto made = loader_.do_load(from, context_);
        return made.distinct.value_or(false) ? std::move(made.value) : std::nullopt;
    }

    /// A value that is there already is assigned all the same.
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

/// @param context  Of the query; must outlive the part.
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

/// A model loader at work.
///
/// Objects are numbered as they are made. Distinct objects are found again by owner and key; each
/// has its own place among the values of its owner, so an object that two owners have by value is
/// two objects, and one that they share (`std::shared_ptr`) is one.
template <class Model>
class bound_model final : public loader_binding<Model> {
public:
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

    [[nodiscard]] std::optional<Model> make(const row& from) override {
        if (!model_loader_base::is_present(plan_, from, as_part_)) {
            return std::nullopt;
        }
        std::optional<Model> object(std::in_place);
        fill(*object, from);
        add_members(*object, next_number_++, true, from);
        return object;
    }

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

    [[nodiscard]] bool is_distinct() const noexcept override { return !plan_.distinct.empty(); }

    /// The place of the value that the last collect() made or found; `instance_table::none`: there
    /// was none in the row.
    [[nodiscard]] std::uint32_t last_seen() const noexcept { return last_seen_; }

private:
    void fill(Model& object, const row& from) {
        plan_.members.load(&object, from, model_source_of<Model>());
    }

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

// Members: which kind of member takes which value.

template <class Target, class Value>
concept takes_value =
    !std::is_same_v<Target, std::shared_ptr<Value>> && std::is_assignable_v<Target&, Value>;

template <class Target, class Value>
concept takes_shared = std::is_same_v<Target, std::shared_ptr<Value>>;

template <class Target, class Value>
concept collects_values = !takes_value<Target, Value> && requires(Target& t) {
    requires std::is_same_v<typename Target::value_type, Value>;
    t.insert(t.end(), std::declval<Value>());
};

template <class Target, class Value>
concept collects_shared = requires(Target& t) {
    requires std::is_same_v<typename Target::value_type, std::shared_ptr<Value>>;
    t.insert(t.end(), std::declval<std::shared_ptr<Value>>());
};

template <class Model, class Member, class Owner, class Loader>
class bound_data_member final : public bound_member<Model> {
public:
    using value_type = typename Loader::value_type;

    bound_data_member(Member Owner::*member, std::unique_ptr<loader_binding<value_type>> part)
        : member_(member), part_(std::move(part)) {}

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

/// A member function that is called with each value: once per owner and value when the loader is
/// distinct. Values that are not shared are copies, as they are when the row is read.
template <class Model, class Function, class Loader>
class bound_function_member final : public bound_member<Model> {
public:
    using value_type = typename Loader::value_type;

    bound_function_member(Function function, std::unique_ptr<loader_binding<value_type>> part)
        : function_(function), part_(std::move(part)) {}

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
    bool is_first(std::uint32_t number, const void* value) {
        return !part_->is_distinct() || seen_.insert(number, value);
    }

    Function function_;
    std::unique_ptr<loader_binding<value_type>> part_;
    seen_pairs seen_;
};

template <class Model, class Member, class Owner, class Loader>
class typed_member_loader final : public member_loader<Model> {
public:
    using value_type = typename Loader::value_type;

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

    void append_columns(std::vector<sql::expression_ref>& columns) const override {
        append_new(columns, loader_columns(loader_));
    }

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

/// A loader at work at the top: its values are the results.
template <class Value>
class bound_root final : public bound_loader<Value> {
public:
    template <class Loader>
    bound_root(const Loader& loader, const result_columns& columns)
        : part_(bind_part(loader, columns, context_, false)) {}

    void load(const row& from, std::vector<Value>& results) override {
        part_->collect(from, results, 0);
    }

    void hand_over(std::size_t count) override { part_->hand_over(count); }

private:
    load_context context_;  // one for all loaders of the query
    std::unique_ptr<loader_binding<Value>> part_;
};

template <class Loader>
class attached_loader final : public statement_loader<typename Loader::value_type> {
public:
    using value_type = typename Loader::value_type;

    explicit attached_loader(Loader loader) : loader_(std::move(loader)) {}

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

template <class Loadable>
struct loader_of {
    using value_type = typename loader_type<Loadable>::value_type;

    static std::vector<sql::expression_ref> columns(const Loadable& loadable) {
        return loader_columns(loader_for(loadable));
    }

    static std::shared_ptr<const loader_base> attach(const Loadable& loadable) {
        return std::make_shared<const attached_loader<loader_type<Loadable>>>(loader_for(loadable));
    }
};

}  // namespace detail

/// Loads several things from each row: `std::tuple{gino::load<user>(), gino::load<team>()}`. An
/// object of a model comes as a `std::optional`: in an outer join it may be missing. When another
/// loader drops the row, there is no tuple for it.
template <class... Loaders>
class tuple_loader {
public:
    using value_type = std::tuple<typename detail::tuple_part<Loaders>::type...>;

    explicit tuple_loader(Loaders... loaders) : loaders_(std::move(loaders)...) {}

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

    [[nodiscard]] sql::from_ref get_from() const { return {}; }

private:
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

    template <class Loader>
    static bool is_present(const loaded<typename Loader::value_type>& part) {
        return detail::is_model_loader<Loader> || part.value.has_value();
    }

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

/// Loads each row as it is, also where an object would be loaded.
struct row_loader {
    using value_type = row;

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

/// Makes a loader of a model; with columns, or names of members, it loads those only.
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
