// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast.hpp>
#include <gino/ext/web.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "progress.hpp"

struct service_options {
    std::string url = "sqlite:///debian_packages.db";
    std::string input = "/var/lib/dpkg/status";
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    std::size_t pool_size = 10;
};

/// The whole service: a database, filled at the first start, and a web application.
class service {
public:
    /// @param options  Copied.
    /// @param shown    Shows the progress of the import. Must outlive the service.
    /// @throws gino::argument_error  The URL is malformed, or an option is out of range.
    service(service_options options, progress& shown);

    [[nodiscard]] gino::ext::application& application() noexcept { return app_; }

    [[nodiscard]] gino::ext::database& database() noexcept { return db_; }

private:
    gino::awaitable<void> fill_database();

    service_options options_;
    progress& shown_;
    gino::ext::database db_;
    gino::ext::application app_;
};
