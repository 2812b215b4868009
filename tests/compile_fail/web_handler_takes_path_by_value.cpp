// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a handler takes its path parameters by value
#include <gino/ext/beast.hpp>
#include <gino/gino.hpp>

namespace web = gino::ext;

void add_routes(web::application& app) {
#ifdef GINO_MISUSE
    app.get("/{name}", [](web::request&, const std::string&) -> gino::awaitable<web::response> {
        co_return web::text_response("x");
    });
#else
    app.get("/{name}", [](web::request&, std::string) -> gino::awaitable<web::response> {
        co_return web::text_response("x");
    });
#endif
}
