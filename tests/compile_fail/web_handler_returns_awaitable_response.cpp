// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a handler returns gino::awaitable<gino::ext::response>
#include <gino/ext/beast.hpp>
#include <gino/gino.hpp>

namespace web = gino::ext;

void add_routes(web::application& app) {
#ifdef GINO_MISUSE
    app.get("/", [](web::request&) { return web::text_response("x"); });
#else
    app.get("/", [](web::request&) -> gino::awaitable<web::response> {
        co_return web::text_response("x");
    });
#endif
}
