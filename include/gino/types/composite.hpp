// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/from_value.hpp>
#include <gino/types/mapping.hpp>
#include <gino/types/type_name.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// The described members of a struct: their names, C++ types and SQL types, in their order.
template <class T>
struct attributes {
    using list = boost::describe::describe_members<T, boost::describe::mod_public>;

    static constexpr std::size_t size = boost::mp11::mp_size<list>::value;

    template <class Member>
    using type_of = std::remove_cvref_t<decltype(std::declval<T&>().*Member::pointer)>;

    static constexpr std::array<std::string_view, size> names = [] {
        std::array<std::string_view, size> made{};
        std::size_t i = 0;
        boost::mp11::mp_for_each<list>([&](auto each) { made[i++] = each.name; });
        return made;
    }();

    static constexpr std::array<sql_type, size> types = [] {
        std::array<sql_type, size> made{};
        std::size_t i = 0;
        boost::mp11::mp_for_each<list>([&](auto each) {
            made[i++] = sql_type_of<type_of<decltype(each)>>();
        });
        return made;
    }();
};

/// Writes attributes as the text of a composite value.
[[nodiscard]] value composite_of(const std::vector<value>& attributes);

/// Reads such a text. @throws data_error  It is no composite value, has another number of
/// attributes, or one is malformed.
[[nodiscard]] std::vector<value> attributes_in(
    const value& v, const composite_info& info, const field_view& field
);

}  // namespace detail

/// A mapping of a described struct to one column: a composite type on PostgreSQL (manual, 8.16),
/// which `create_all()` creates with the tables that use it; the same text on SQLite.
///
///     struct address { std::string street; std::optional<std::int32_t> number{}; };
///     BOOST_DESCRIBE_STRUCT(address, (), (street, number))
///     template <>
///     struct gino::mapping<address> : gino::composite<address, "postal_address"> {};
///
/// An attribute may be of any type that a column can have, also a composite type, a range or an
/// array. PostgreSQL has no NOT NULL for attributes: one that may be NULL is a `std::optional`. The
/// type must be default-constructible, and the members are matched by their order, not by their
/// names.
///
/// Loading throws a `data_error` when the number or the types of the attributes differ, or an
/// attribute is NULL and its member is no `std::optional`. `create_all()` does not alter a type
/// that exists.
///
/// @tparam T     The struct.
/// @tparam Name  The name of the type in the database.
template <class T, type_name Name>
struct composite {
    static_assert(
        boost::describe::has_describe_members<T>::value,
        "gino: a composite type wants a described struct: BOOST_DESCRIBE_STRUCT(type, (), "
        "(members))"
    );

    static constexpr composite_info info{
        .name = std::string_view(Name.text),
        .attributes = detail::attributes<T>::names.data(),
        .types = detail::attributes<T>::types.data(),
        .size = detail::attributes<T>::size};
    static constexpr sql_type type{.kind = type_kind::composite, .composed = &info};

    static T load(const field_view& field) { return from_value(field.decoder().any(field), field); }

    static T from_value(const value& v, const field_view& field) {
        const auto found = detail::attributes_in(v, info, field);
        T made{};
        std::size_t i = 0;
        boost::mp11::mp_for_each<list>([&](auto each) {
            using attribute = typename detail::attributes<T>::template type_of<decltype(each)>;
            made.*each.pointer = detail::value_to<attribute>(found[i++], field);
        });
        return made;
    }

    static value store(const T& v) {
        std::vector<value> stored;
        boost::mp11::mp_for_each<list>([&](auto each) {
            stored.push_back(store_value(v.*each.pointer));
        });
        return detail::composite_of(stored);
    }

private:
    using list = typename detail::attributes<T>::list;
};

}  // namespace gino
