// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/mapping.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

/// The conversion of a `gino::value` to a C++ value, for types inside other types, such as the
/// elements of arrays, and for types that drivers read as values.
namespace gino::detail {

/// Throws `data_error` (`errc::bad_value`), which names the column and the wanted type.
[[noreturn]] void throw_cannot_read(const field_view& field, const char* wanted);

/// A mapping that reads a `value` itself. The other types are held by a `value` as they are.
template <class T>
concept loads_from_value = requires(const value& v, const field_view& field) {
    { mapping<T>::from_value(v, field) } -> std::convertible_to<T>;
};

/// Converts a value to `T`, as `load_field()` converts a field.
///
/// @param field  The field that contains the value, for messages.
/// @throws data_error  NULL for a `T` that cannot hold it, a value of another kind, or an integer
///                     that does not fit.
template <class T>
[[nodiscard]] T value_to(const value& v, const field_view& field) {
    if constexpr (is_nullable<T>) {
        return v.is_null() ? T() : T(value_to<without_null<T>>(v, field));
    } else if constexpr (user_mapped<T>) {
        return mapping<T>::load(value_to<typename mapping<T>::stored_type>(v, field));
    } else {
        if (v.is_null()) {
            throw_unexpected_null(field);
        }
        if constexpr (loads_from_value<T>) {
            return mapping<T>::from_value(v, field);
        } else if constexpr (std::integral<T> && !std::is_same_v<T, bool>) {
            const auto* number = v.get_if<std::int64_t>();
            if (number == nullptr || *number < std::numeric_limits<T>::min() ||
                *number > std::numeric_limits<T>::max()) {
                throw_cannot_read(field, "an integer of this size");
            }
            return static_cast<T>(*number);
        } else if constexpr (std::floating_point<T>) {
            const auto* number = v.get_if<double>();
            if (number == nullptr) {
                throw_cannot_read(field, "a floating point number");
            }
            return static_cast<T>(*number);
        } else {
            const auto* held = v.get_if<T>();
            if (held == nullptr) {
                throw_cannot_read(field, "the C++ type");
            }
            return *held;
        }
    }
}

}  // namespace gino::detail
