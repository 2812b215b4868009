// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/application.hpp>

#include <boost/json/object.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include "ext/beast/error_response.hpp"
#include "ext/beast/pipeline.hpp"
#include "ext/beast/router.hpp"

namespace gino::ext::detail {

class server;

/// An object of the program that `set_attribute()` has registered, without its type.
struct attribute {
    void* object;
    const std::type_info* type;
};

/// The settings of an application, and its current run.
///
/// | call              | idle       | starting           | serving |
/// | ----------------- | ---------- | ------------------ | ------- |
/// | `begin()`         | starting   | throws             | throws  |
/// | `begin_serving()` |            | serving            |         |
/// | `stop()`          | no effect  | stops once serving | stops   |
/// | `end()`           |            | idle               | idle    |
///
/// Thread safety: `mutex` guards the members behind it; the members before it are not written while
/// the application serves, and may be read by any thread then.
///
/// Lifetime: shared by the application and its run.
struct application_state {
    enum class phase { idle, starting, serving };

    explicit application_state(application_options given) : options(std::move(given)) {}

    /// Checks that no run has begun.
    ///
    /// @param attempted  The refused action, for the message.
    /// @throws state_error  A run is starting or serving.
    void require_idle(const char* attempted) const;

    /// Checks that no requests are served; start-up callbacks pass.
    ///
    /// @throws state_error  A run is serving.
    void require_not_serving(const char* attempted) const;

    void begin(const std::shared_ptr<server>& run);
    void begin_serving();
    void stop();
    void abort();
    void end() noexcept;

    const application_options options;
    boost::json::object config;
    std::map<std::string, attribute, std::less<>> attributes;
    router routes;
    pipeline middlewares;
    error_ids ids;
    std::vector<application::life_cycle_callback> startup;
    std::vector<std::function<void(application&)>> listening;
    std::vector<application::life_cycle_callback> cleanup;
    std::vector<application::error_callback> errors;
    std::vector<application::life_cycle_callback> jobs;

    mutable std::mutex mutex;
    phase current = phase::idle;
    bool stop_wanted = false;
    // Weak, because a server must not outlive its io_context: an application may.
    std::weak_ptr<server> running;

    std::atomic<std::uint16_t> port = 0;
};

}  // namespace gino::ext::detail
