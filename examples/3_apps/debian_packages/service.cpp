// SPDX-License-Identifier: BSD-3-Clause
#include "service.hpp"

#include <boost/json/object.hpp>

#include <utility>

#include "import.hpp"
#include "models.hpp"
#include "routes.hpp"

namespace {

constexpr std::size_t largest_body = 65'536;

gino::ext::application_options application_options_of(const service_options& options) {
    return gino::ext::application_options()
        .host(options.host)
        .port(options.port)
        .body_limit(largest_body);
}

}  // namespace

service::service(service_options options, progress& shown)
    : options_(std::move(options)),
      shown_(shown),
      db_(all_models),
      app_(application_options_of(options_)) {
    const boost::json::object config{
        {"dsn", options_.url}, {"pool_min_size", 1}, {"pool_max_size", options_.pool_size}};
    db_.init_app(app_, config);
    app_.on_startup([this](gino::ext::application& /*app*/) { return fill_database(); });
    app_.use(db_);
    add_routes(app_, db_);
    add_page(app_);
}

gino::awaitable<void> service::fill_database() {
    co_await db_.create_all();
    const bool is_filled = co_await has_packages(db_);
    if (!is_filled) {
        co_await import_packages(db_, options_.input, shown_);
    }
}
