// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/date_time.hpp>
#include <gino/types/mapping.hpp>

namespace gino {

/// TIME WITHOUT TIME ZONE on PostgreSQL; text such as "23:59:58.123456" on SQLite.
///
///     gino::time_of_day{std::chrono::hours(23) + std::chrono::minutes(59)}
template <>
struct mapping<time_of_day> {
    static constexpr sql_type type{.kind = type_kind::time};

    static time_of_day load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static time_of_day from_value(const value& v, const field_view& field);

    static value store(time_of_day v) { return value(v); }
};

/// INTERVAL on PostgreSQL; on SQLite the text of an ISO 8601 duration, which cannot be ordered.
///
///     gino::interval{.months = 1, .days = -3, .time = std::chrono::hours(2)}
template <>
struct mapping<interval> {
    static constexpr sql_type type{.kind = type_kind::interval};

    static interval load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static interval from_value(const value& v, const field_view& field);

    static value store(const interval& v) { return value(v); }
};

}  // namespace gino
