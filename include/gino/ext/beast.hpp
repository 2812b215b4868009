// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// A web application on Boost.Asio coroutines: routes, middlewares, life cycle.
///
/// The messages are read by the parser of Boost.Beast; no Beast type appears in these headers.

#include <gino/ext/beast/application.hpp>
#include <gino/ext/beast/application_options.hpp>
#include <gino/ext/beast/middleware.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/beast/request_value.hpp>
#include <gino/ext/beast/response.hpp>
#include <gino/ext/http_error.hpp>
