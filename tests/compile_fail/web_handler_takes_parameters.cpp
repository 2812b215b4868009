// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a handler's first parameter is gino::ext::request&
#include <gino/ext/beast.hpp>
#include <gino/gino.hpp>

namespace web = gino::ext;

void add_routes(web::application& app) {
#ifdef GINO_MISUSE
    app.get("/", []() -> gino::awaitable<web::response> { co_return web::text_response("x"); });
#else
    app.get("/", [](web::request&) -> gino::awaitable<web::response> {
        co_return web::text_response("x");
    });
#endif
}
