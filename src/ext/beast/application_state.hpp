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
#include <vector>

#include "ext/beast/error_response.hpp"
#include "ext/beast/pipeline.hpp"
#include "ext/beast/router.hpp"

namespace gino::ext::detail {

class server;

/// Everything that an application was told, and the run that is going on.
struct application_state {
    struct attribute {
        void* object;
        const std::type_info* type;
    };

    explicit application_state(application_options given) : options(std::move(given)) {}

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

    /// idle -> starting -> serving -> idle
    enum class phase { idle, starting, serving };

    // Guards the phase and the two below; the rest of the state is not written while serving.
    mutable std::mutex mutex;
    phase current = phase::idle;
    bool stop_wanted = false;  // while starting
    // Weak: the run ends by itself, and may not outlive its io_context by being held here.
    std::weak_ptr<server> running;

    std::atomic<std::uint16_t> port = 0;

    /// @throws state_error  Now is not the time to change the application.
    void require_idle(const char* attempted) const;
};

}  // namespace gino::ext::detail
