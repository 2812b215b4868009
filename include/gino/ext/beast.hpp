// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Includes everything for a web application on Boost.Asio coroutines: routes, middlewares,
/// requests and responses, start and stop. <gino/ext/web.hpp> adds a database to it.
///
/// It serves HTTP/1.1 and HTTP/1.0; TLS and HTTP/2 are for a proxy in front. Messages are parsed by
/// Boost.Beast, but no Beast type appears in these headers.

#include <gino/ext/beast/application.hpp>
#include <gino/ext/beast/application_options.hpp>
#include <gino/ext/beast/middleware.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/beast/request_value.hpp>
#include <gino/ext/beast/response.hpp>
#include <gino/ext/http_error.hpp>
