// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast.hpp>
#include <gino/ext/web.hpp>

/// Adds the routes that answer in JSON:
///
///     GET    /packages?search=&limit=&offset=
///     GET    /packages/{name}
///     GET    /packages/{name}/dependents?limit=&offset=
///     GET    /maintainers/{id}
///     POST   /packages/{name}/notes
///     PATCH  /packages/{name}/notes/{id}
///     DELETE /packages/{name}/notes/{id}
///
/// @param db  Must be a middleware of `app` and outlive it.
void add_routes(gino::ext::application& app, gino::ext::database& db);

/// Adds the page: `/` and the files that belong to it.
void add_page(gino::ext::application& app);
