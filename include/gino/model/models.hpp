// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/describe.hpp>
#include <gino/schema/metadata.hpp>

#include <vector>

namespace gino {

/// A list of models, as a database takes it: `gino::models<user, team>`. A class that is not
/// described does not compile.
template <class... Models>
struct model_list {
    static_assert(
        (described<Models> && ...),
        "gino: models<...> takes models: structs with GINO_MODEL in them, or described by "
        "gino::describe<T>"
    );

    /// Returns the definitions of the models' tables, with keys, constraints and indexes.
    ///
    /// @throws argument_error  A model's `table_args()` does not fit its members.
    [[nodiscard]] static std::vector<table_definition> tables() {
        return {detail::model_info_of<Models>().table...};
    }
};

/// The list of these models, in any order: metadata sorts tables by their foreign keys.
///
///     gino::database db{gino::models<user, team>};
template <class... Models>
inline constexpr model_list<Models...> models{};

}  // namespace gino
