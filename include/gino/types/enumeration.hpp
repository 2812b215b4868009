// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/mapping.hpp>
#include <gino/types/type_name.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace gino {

namespace detail {

/// An enumeration that `BOOST_DESCRIBE_ENUM` describes.
template <class E>
concept described_enum = std::is_enum_v<E> && boost::describe::has_describe_enumerators<E>::value;

/// Returns the name of an enumeration without its namespaces, from the compiler's name of the type.
template <class E>
consteval std::string_view enum_name() {
    std::string_view name = __PRETTY_FUNCTION__;
    name = name.substr(name.find("E = ") + 4);
    name = name.substr(0, name.find_first_of(";]"));
    const std::size_t colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// The enumerators of a type: their names, which are the labels in the database, and values.
template <class E>
struct enumerators {
    using list = boost::describe::describe_enumerators<E>;

    static constexpr std::size_t size = boost::mp11::mp_size<list>::value;

    static constexpr std::array<std::string_view, size> labels = [] {
        std::array<std::string_view, size> made{};
        std::size_t i = 0;
        boost::mp11::mp_for_each<list>([&](auto each) { made[i++] = each.name; });
        return made;
    }();

    static constexpr std::array<E, size> values = [] {
        std::array<E, size> made{};
        std::size_t i = 0;
        boost::mp11::mp_for_each<list>([&](auto each) { made[i++] = each.value; });
        return made;
    }();
};

/// Returns the index of a label. @throws data_error  The text is none of the labels.
[[nodiscard]] std::size_t find_label(
    const enumeration_info& info, std::string_view label, const field_view& field
);
/// Returns the text in a value. @throws data_error  It is no text.
[[nodiscard]] std::string_view label_in(const value& v, const field_view& field);
/// @throws argument_error  `errc::bad_value`: the value is none of the enumerators.
[[noreturn]] void throw_no_enumerator(const enumeration_info& info, long long value);

}  // namespace detail

/// A mapping of a described enumeration: it is stored by the names of its enumerators. An ENUM type
/// on PostgreSQL (manual, 8.7), which `create_all()` creates with the tables that use it; text with
/// a CHECK on SQLite.
///
///     enum class mood { sad, content, happy };
///     BOOST_DESCRIBE_ENUM(mood, sad, content, happy)
///
/// That is enough: a described enumeration has this mapping under its own name, without namespaces.
/// For another name:
///
///     template <>
///     struct gino::mapping<mood> : gino::enumeration<mood, "app_mood"> {};
///
/// `<` and ORDER BY use the declared order, on both databases. Loading a label that the C++ type
/// does not have throws a `data_error`, storing a number that is no enumerator an `argument_error`.
/// `create_all()` does not add labels to a type that exists: use ALTER TYPE ... ADD VALUE.
///
/// @tparam E     The enumeration.
/// @tparam Name  The name of the type in the database. Its case is kept.
template <class E, type_name Name>
struct enumeration {
    static constexpr enumeration_info info{
        .name = std::string_view(Name.text),
        .labels = detail::enumerators<E>::labels.data(),
        .size = detail::enumerators<E>::size};
    static constexpr sql_type type{.kind = type_kind::enumeration, .enumerated = &info};

    static E load(const field_view& field) {
        return from_label(field.decoder().text(field), field);
    }

    static E from_value(const value& v, const field_view& field) {
        return from_label(detail::label_in(v, field), field);
    }

    static value store(E v) {
        for (std::size_t i = 0; i < info.size; ++i) {
            if (detail::enumerators<E>::values[i] == v) {
                return value(std::string(info.labels[i]));
            }
        }
        detail::throw_no_enumerator(info, static_cast<long long>(v));
    }

private:
    static E from_label(std::string_view label, const field_view& field) {
        return detail::enumerators<E>::values[detail::find_label(info, label, field)];
    }
};

namespace detail {

/// Returns the name of the enumeration as a template argument.
template <class E>
consteval auto own_name() {
    constexpr std::string_view name = enum_name<E>();
    char text[name.size() + 1]{};
    for (std::size_t i = 0; i < name.size(); ++i) {
        text[i] = name[i];
    }
    return type_name<name.size() + 1>(text);
}

}  // namespace detail

/// The mapping of a described enumeration under its own name.
template <detail::described_enum E>
struct mapping<E> : enumeration<E, detail::own_name<E>()> {};

}  // namespace gino
