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

/// The description of a class without its type, so that the code that handles objects is compiled
/// once and not once per model.
namespace gino::detail {

/// The type of a member: its SQL type, and the functions that read and write such a member.
struct member_type {
    sql_type type;
    bool nullable;
    /// Assigns a received value to the member at an address.
    ///
    /// @throws data_error  The value cannot be read as the member's type.
    void (*load)(void* member, const field_view& field);
    /// Returns the member's value as it is sent.
    value (*store)(const void* member);
};

/// The member type of a C++ type; one object per type.
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
    /// Returns the member's address within an object. A function, since offsetof is not for classes
    /// with bases or private members.
    void* (*address)(void* object);

    /// Returns the member's address within an object that is not changed.
    [[nodiscard]] const void* address_in(const void* object) const {
        return address(const_cast<void*>(object));
    }
};

/// A described class as a source of columns: its table node and one node per column. One object per
/// class, made on first use and kept until the program ends; statements share its nodes.
class model_source {
public:
    /// @param name     The class's name, for messages. Must live as long as the program.
    /// @param table    The table's name, or "schema.name". Copied.
    /// @param members  In the order of the description; their names must live as long as the
    ///                 program.
    /// @param finders  The functions by which statements find the rest of the description later.
    model_source(
        const char* name,
        std::string_view table,
        std::vector<member_info> members,
        sql::table_finders finders
    );

    [[nodiscard]] const char* name() const noexcept { return name_; }

    [[nodiscard]] const sql::ref<sql::table_source>& table() const noexcept { return table_; }

    [[nodiscard]] const std::vector<member_info>& members() const noexcept { return members_; }

    /// Returns the node of the column at a position. REQUIRES: index < size().
    [[nodiscard]] const sql::ref<sql::column_expression>& column(std::size_t index) const noexcept {
        return columns_[index];
    }

    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }

    /// Returns all columns, as the select list of `select<Model>()` has them.
    [[nodiscard]] std::vector<sql::expression_ref> columns() const;

    /// Returns the position of a member by its name in the program.
    ///
    /// @throws argument_error  There is no such member; the message names the class and lists its
    ///                         members.
    [[nodiscard]] std::size_t find_key(std::string_view key) const;

private:
    const char* name_;
    std::vector<member_info> members_;
    sql::ref<sql::table_source> table_;
    std::vector<sql::ref<sql::column_expression>> columns_;
};

/// Makes the definition for CREATE TABLE from the members and `table_args()`.
///
/// @param args  Null: the class has none, so that the table has no keys.
[[nodiscard]] table_definition define_table(const model_source& source, const table_args* args);

/// The complete description of a class: columns, keys, constraints.
struct model_info {
    const model_source* source;
    table_definition table;
    /// The positions of the key's members, in the order of the key; empty: no primary key.
    std::vector<std::uint32_t> primary_key;
    /// The foreign keys, for joins without ON.
    std::vector<sql::foreign_key_link> links;
    /// The members' values in a default-constructed object, by position. create() leaves a column
    /// with a server default to the database while its member has this value (docs/decisions/0013).
    std::vector<value> initial;
};

/// Makes the description.
///
/// @param initial  An object as the class's default constructor makes it.
/// @throws argument_error  A column has a server default that is another value than its member's
///                         initial value: create() could not distinguish a value that was meant
///                         from a missing one.
[[nodiscard]] model_info make_model_info(
    const model_source& source, const table_args* args, const void* initial
);

/// Returns an INSERT of rows or an UPDATE with the default_() and onupdate() values of the columns
/// that it leaves out; null if there are none.
[[nodiscard]] sql::statement_ref complete_statement(
    const model_info& model, const sql::statement_node& statement
);

/// The steps that load a row into an object, found once per result.
struct member_plan {
    /// One member, and the position of its field in the row.
    struct step {
        std::size_t field;
        const member_info* member;
    };

    std::vector<step> steps;

    /// Loads the fields of a row into the members of an object.
    ///
    /// @throws data_error  A field is NULL whose member is not optional; names table and column.
    void load(void* object, const gino::row& from, const model_source& source) const;
};

/// Returns the address of a member, given by its member pointer.
template <auto Member, class Model>
void* member_address(void* object) {
    return &(static_cast<Model*>(object)->*Member);
}

/// Makes the description of a member; a type without a mapping does not compile.
///
/// @param key     The member's name. A literal.
/// @param column  The column's name in the database. A literal.
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
