// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/schema/table.hpp>
#include <gino/schema/table_args.hpp>
#include <gino/sql/source.hpp>
#include <gino/types/mapping.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gino {
class row;
}

/// What is known of a described class, without its type: so that everything that handles objects
/// is compiled once.
namespace gino::detail {

/// How members of one C++ type are read and written.
struct member_type {
    sql_type type;
    bool nullable;
    void (*load)(void* member, const field_view& field);
    value (*store)(const void* member);
};

template <class T>
inline constexpr member_type member_type_of{
    .type = sql_type_of<T>(),
    .nullable = is_nullable<T>,
    .load = [](void* member,
               const field_view& field) { *static_cast<T*>(member) = load_field<T>(field); },
    .store = [](const void* member) { return store_value(*static_cast<const T*>(member)); }};

/// A member that is a column.
struct member_info {
    const char* key;     ///< As the program calls it.
    const char* column;  ///< As in the database.
    const member_type* type;
    void* (*address)(void* object);

    [[nodiscard]] const void* address_in(const void* object) const {
        return address(const_cast<void*>(object));
    }
};

/// A described class as a source of columns. Lives for ever; made on first use.
class model_source {
public:
    /// @param name     The class's name, for messages.
    /// @param table    The table's name, or "schema.name".
    /// @param members  In the order of the description; must live for ever.
    model_source(
        const char* name,
        std::string_view table,
        std::vector<member_info> members,
        sql::table_finders finders
    );

    [[nodiscard]] const char* name() const noexcept { return name_; }

    [[nodiscard]] const sql::ref<sql::table_source>& table() const noexcept { return table_; }

    [[nodiscard]] const std::vector<member_info>& members() const noexcept { return members_; }

    [[nodiscard]] const sql::ref<sql::column_expression>& column(std::size_t index) const noexcept {
        return columns_[index];
    }

    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }

    /// All columns, as a select lists them.
    [[nodiscard]] std::vector<sql::expression_ref> columns() const;

    /// Returns the place of a member by the name that the program calls it.
    ///
    /// @throws argument_error  There is none; names the class and lists its members.
    [[nodiscard]] std::size_t find_key(std::string_view key) const;

private:
    const char* name_;
    std::vector<member_info> members_;
    sql::ref<sql::table_source> table_;
    std::vector<sql::ref<sql::column_expression>> columns_;
};

/// Makes what CREATE TABLE says, from the members and from `table_args()`, which may be null.
[[nodiscard]] table_definition define_table(const model_source& source, const table_args* args);

/// A described class with everything: columns, keys, constraints.
struct model_info {
    const model_source* source;
    table_definition table;
    std::vector<std::uint32_t> primary_key;  ///< Places of members.
    std::vector<sql::foreign_key_link> links;
    std::vector<value> initial;  ///< What the class gives to its members.
};

/// @param initial  An object as the class's default constructor makes it.
/// @throws argument_error  A server default would hide a value that a member was given on purpose.
[[nodiscard]] model_info make_model_info(
    const model_source& source, const table_args* args, const void* initial
);

/// Returns an INSERT of rows or an UPDATE with the default_() and onupdate() of the columns that it
/// leaves out; null: there are none.
[[nodiscard]] sql::statement_ref complete_statement(
    const model_info& model, const sql::statement_node& statement
);

/// Loads the columns of a row into members of an object.
struct member_plan {
    struct step {
        std::size_t field;
        const member_info* member;
    };

    std::vector<step> steps;

    /// @throws data_error  NULL for a member that has no room for it: names table and column.
    void load(void* object, const gino::row& from, const model_source& source) const;
};

template <auto Member, class Model>
void* member_address(void* object) {
    return &(static_cast<Model*>(object)->*Member);
}

template <auto Member, class Model>
[[nodiscard]] constexpr member_info make_member(const char* key, const char* column) {
    using member_value = std::remove_reference_t<decltype(std::declval<Model&>().*Member)>;
    static_assert(
        mapped<member_value>,
        "gino: a member of this model has a type without a SQL type: specialise gino::mapping<T> "
        "for it"
    );
    if constexpr (mapped<member_value>) {
        return {
            .key = key,
            .column = column,
            .type = &member_type_of<member_value>,
            .address = &member_address<Member, Model>};
    }
}

}  // namespace gino::detail
