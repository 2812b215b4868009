// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/type_catalog.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "driver/postgresql/codec/oids.hpp"

namespace gino::postgresql {

// One row for each type: its number, its name, its category, and its base or element type. The
// binary format of an enumeration is its label, and a type whose send function is textsend, such as
// citext, has the format of text.
const std::string_view type_catalog::question =
    "SELECT t.oid, pg_catalog.format_type(t.oid, NULL), "
    "CASE WHEN t.typtype = 'd' THEN 'domain' WHEN t.typcategory = 'A' THEN 'array' "
    "WHEN t.typtype = 'e' OR p.prosrc = 'textsend' THEN 'text' ELSE '' END, "
    "CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END "
    "FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_proc p ON p.oid = t.typsend "
    "WHERE t.oid = ANY ($1::pg_catalog.oid[])";

std::optional<described_type> type_catalog::find(std::uint32_t type) const {
    if (type < codec::oid::first_of_users) {
        return std::nullopt;
    }
    const std::lock_guard lock(mutex_);
    const auto found = types_.find(type);
    return found == types_.end() ? std::nullopt : std::optional(found->second);
}

bool type_catalog::is_unknown(std::uint32_t type) const {
    return type >= codec::oid::first_of_users && !find(type);
}

void type_catalog::add(std::uint32_t type, described_type said) {
    const std::lock_guard lock(mutex_);
    types_.insert_or_assign(type, std::move(said));
}

void type_catalog::make_room() {
    const std::lock_guard lock(mutex_);
    if (types_.size() > most_types) {
        types_.clear();
    }
}

// The whole catalogue is cleared: a tag names the kind of the changed object, but not its number.
void type_catalog::note_change() {
    const std::lock_guard lock(mutex_);
    types_.clear();
    changes_.fetch_add(1, std::memory_order_release);
}

bool may_change_types(std::string_view tag) {
    constexpr std::array<std::string_view, 4> created{"TYPE", "DOMAIN", "EXTENSION", "SCHEMA"};
    constexpr std::array<std::string_view, 6> changed{
        "TYPE", "DOMAIN", "EXTENSION", "SCHEMA", "TABLE", "OWNED"};
    const std::size_t blank = tag.find(' ');
    const std::string_view verb = tag.substr(0, blank);
    const std::string_view what = blank == std::string_view::npos ? "" : tag.substr(blank + 1);
    if (verb == "CREATE") {
        return std::ranges::find(created, what) != created.end();
    }
    return (verb == "ALTER" || verb == "DROP") && std::ranges::find(changed, what) != changed.end();
}

void collected_types::columns(
    std::span<const column_description> columns, const field_decoder& decoder
) {
    columns_ = columns;
    decoder_ = &decoder;
}

// Keeps a type. The server may be compromised: types that were not requested and long names are
// refused (docs/decisions/0033).
void collected_types::row(std::span<const driver::field_slice> fields) {
    const auto at = [&](std::size_t i) {
        return field_view(fields[i].data, fields[i].size, columns_[i], *decoder_);
    };
    const auto type = static_cast<std::uint32_t>(decoder_->integer(at(0)));
    row_of_catalog said{
        .name = std::string(decoder_->text(at(1)).substr(0, type_catalog::longest_name + 1)),
        .category = std::string(decoder_->text(at(2)).substr(0, type_catalog::longest_name)),
        .inner = static_cast<std::uint32_t>(decoder_->integer(at(3)))};
    if (std::ranges::find(asked_, type) == asked_.end()) {
        throw data_error(
            errc::bad_value, "the type " + std::to_string(type) + ", which nobody asked for"
        );
    }
    if (said.name.size() > type_catalog::longest_name) {
        throw data_error(
            errc::bad_value,
            "a type whose name has more than " + std::to_string(type_catalog::longest_name) +
                " bytes"
        );
    }
    rows_[type] = std::move(said);
}

void collected_types::next_level() {
    std::set<std::uint32_t> inner;
    for (const auto type : asked_) {
        const auto found = rows_.find(type);
        const bool is_made_of_others =
            found != rows_.end() &&
            (found->second.category == "domain" || found->second.category == "array");
        if (is_made_of_others && found->second.inner >= codec::oid::first_of_users &&
            !rows_.contains(found->second.inner)) {
            inner.insert(found->second.inner);
        }
    }
    asked_.assign(inner.begin(), inner.end());
}

void collected_types::add_to(type_catalog& catalog) const {
    catalog.make_room();
    for (const auto type : first_asked_) {
        const auto found = rows_.find(type);
        catalog.add(
            type,
            {.name = found == rows_.end() ? std::string() : found->second.name,
             .same_as = built_in(type, 0)}
        );
    }
}

// Returns the built-in type with the same binary format; 0: there is none. `depth` ends the
// recursion for a domain that a server describes as its own base type.
//
// NOLINTNEXTLINE(misc-no-recursion): a domain of a domain, an array of a domain
std::uint32_t collected_types::built_in(std::uint32_t type, int depth) const {
    if (type < codec::oid::first_of_users) {
        return codec::kind_of(type) != type_kind::unknown ? type : 0;
    }
    const auto found = rows_.find(type);
    if (found == rows_.end() || depth == type_catalog::deepest) {
        return 0;
    }
    const auto& said = found->second;
    if (said.category == "text") {
        return codec::oid::text;
    }
    if (said.category == "domain") {
        return built_in(said.inner, depth + 1);
    }
    return said.category == "array" ? codec::array_of(built_in(said.inner, depth + 1)) : 0;
}

}  // namespace gino::postgresql
