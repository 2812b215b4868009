// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/gcc12.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/statement.hpp>

#include <chrono>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace gino {

class row;

namespace detail {

class text_clauses : public statement_base {
public:
    explicit text_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

    text_clauses(const statement_base& other, const std::shared_ptr<const loader_base>& loader)
        : statement_base(other) {
        loader_ = loader;
    }

protected:
    void add_parameter(std::string_view name, const sql::expression_ref& bound);
    void add_place(const sql::expression_ref& bound);
    void set_columns(std::vector<sql::expression_ref> columns);
};

}  // namespace detail

/// Hand-written SQL. Its rows are `gino::row` unless columns() or load() says more.
///
/// Texts with columns() stand within other statements, as selects do: `in()`, subquery(), cte().
template <class Row = row, class Selected = Row, class Columns = std::tuple<>>
class text_statement : public detail::query_of<detail::text_clauses, Selected, Columns> {
    using base = detail::query_of<detail::text_clauses, Selected, Columns>;

public:
    using row_type = Row;

    using base::base;

    text_statement(const statement_base& other, const std::shared_ptr<const loader_base>& loader)
        : base(other, loader) {}

    /// Gives `:name` its value, which is bound as the SQL type of its C++ type.
    ///
    /// @throws argument_error  When the statement runs: the text has no such name, or a name
    ///                         without a value.
    template <class V>
    [[nodiscard]] text_statement bind(std::string_view name, const V& v) const {
        text_statement changed(*this);
        changed.add_parameter(name, detail::bind(v));
        return changed;
    }

    /// As bind(), as the SQL type that `As` is stored as: `bind<std::int64_t>("id", 7)`. A
    /// `std::optional` may be NULL.
    ///
    /// @throws argument_error  `v` is an integer that the type has no room for.
    template <mapped As, class V>
    [[nodiscard]] text_statement bind(std::string_view name, const V& v) const {
        static_assert(
            (detail::null_like<V> ? is_nullable<As> : detail::comparable_with_value<As, V>()),
            "gino: this value is not of the type that it is bound as; convert it"
        );
        text_statement changed(*this);
        changed.add_parameter(name, detail::bind_as<As>(v));
        return changed;
    }

    /// Gives `$1`, `$2` and so on their values, in this order, instead of bind().
    ///
    /// @throws argument_error  When the statement runs: the text has a place without a value, or a
    ///                         value without a place.
    template <class... Values>
        requires(sizeof...(Values) > 0)
    [[nodiscard]] text_statement bind_all(const Values&... values) const {
        text_statement changed(*this);
        (changed.add_place(detail::bind(values)), ...);
        return changed;
    }

    /// Says what the columns of the result are, in their order, and so how rows are read.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto columns(const Expressions&... expressions) const {
        using selected_row = typename detail::row_of<Expressions...>::type;
        text_statement<selected_row, selected_row, std::tuple<Expressions...>> changed(
            *this, nullptr
        );
        changed.set_columns({expressions.node()...});
        return changed;
    }

    /// Says that the columns of the result are those of a model, in its order.
    template <class Model>
    [[nodiscard]] text_statement<Model> columns() const {
        text_statement<Model> changed(*this, nullptr);
        changed.set_columns(detail::columns_of_model<Model>());
        return changed;
    }

    /// Loads rows with a loader, or with anything that has one. Columns are found by name.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) const {
        detail::check_written_in_place<Loadable>();
        using traits = detail::loader_of<std::remove_cvref_t<Loadable>>;
        return text_statement<typename traits::value_type, Selected, Columns>(
            *this, traits::attach(loadable)
        );
    }

    /// The longest time that running the statement may take, waiting for a connection included.
    [[nodiscard]] text_statement timeout(std::chrono::milliseconds limit) const {
        text_statement changed(*this);
        changed.options_.timeout = limit;
        return changed;
    }

private:
    template <class, class, class>
    friend class text_statement;
};

/// Hand-written SQL with `:name` for parameters. Write `\:` for a colon; `::` is a cast.
///
/// @param sql  Must be the program's own text, never data from outside. Copied.
[[nodiscard]] text_statement<> text(std::string_view sql);

}  // namespace gino
