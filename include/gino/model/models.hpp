// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/describe.hpp>
#include <gino/schema/metadata.hpp>

#include <vector>

namespace gino {

/// A list of models: `gino::models<user, team>`.
template <class... Models>
struct model_list {
    static_assert(
        (described<Models> && ...),
        "gino: models<...> takes models: structs with GINO_MODEL in them, or described by "
        "gino::describe<T>"
    );

    /// The tables of the models, with keys and constraints.
    [[nodiscard]] static std::vector<table_definition> tables() {
        return {detail::model_info_of<Models>().table...};
    }
};

template <class... Models>
inline constexpr model_list<Models...> models{};

}  // namespace gino
