// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a middleware takes
#include <gino/ext/beast.hpp>
#include <gino/gino.hpp>

namespace web = gino::ext;

void add_routes(web::application& app) {
#ifdef GINO_MISUSE
    app.use([](web::request&) -> gino::awaitable<web::response> {
        co_return web::text_response("x");
    });
#else
    app.use(
        [](web::request& request, const web::next_handler& next) -> gino::awaitable<web::response> {
            return next(request);
        }
    );
#endif
}
