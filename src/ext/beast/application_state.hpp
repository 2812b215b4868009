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

/// An object of the user's, without its type.
struct attribute {
    void* object;
    const std::type_info* type;
};

/// Everything that an application was told, and the run that is going on.
///
/// | call              | idle       | starting           | serving |
/// | ----------------- | ---------- | ------------------ | ------- |
/// | `begin()`         | starting   | throws             | throws  |
/// | `begin_serving()` |            | serving            |         |
/// | `stop()`          | no effect  | stops once serving | stops   |
/// | `end()`           |            | idle               | idle    |
///
/// What is not guarded by the mutex is not written while the application serves.
struct application_state {
    enum class phase { idle, starting, serving };

    explicit application_state(application_options given) : options(std::move(given)) {}

    /// @throws state_error  A run is going on: now is not the time for what is attempted.
    void require_idle(const char* attempted) const;

    /// @throws state_error  Requests are served: now is not the time for what is attempted.
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
    // Weak: the run ends by itself, and may not outlive its io_context by being held here.
    std::weak_ptr<server> running;

    std::atomic<std::uint16_t> port = 0;
};

}  // namespace gino::ext::detail
