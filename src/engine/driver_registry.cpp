// SPDX-License-Identifier: BSD-3-Clause
#include "engine/driver_registry.hpp"

#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/driver/postgresql/driver.hpp>
#include <gino/driver/sqlite/driver.hpp>

#include <map>
#include <mutex>
#include <string>

namespace gino {

namespace {

/// The schemes that are known. The only state of the library that is not an object of the user's.
class registry {
public:
    registry() {
        const driver_registration postgresql{&postgresql::dialect(), &postgresql::make_driver};
        for (const auto* scheme : {"postgresql", "postgres", "asyncpg"}) {
            known_.emplace(scheme, postgresql);
        }
        known_.emplace("sqlite", driver_registration{&sqlite::dialect(), &sqlite::make_driver});
    }

    void put(std::string_view scheme, driver_registration registration) {
        const std::lock_guard lock(mutex_);
        known_.insert_or_assign(std::string(scheme), std::move(registration));
    }

    driver_registration find(std::string_view scheme) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(scheme);
        if (found != known_.end()) {
            return found->second;
        }
        std::string message =
            "no driver serves URLs that begin with \"" + std::string(scheme) + "://\"; there are";
        for (const auto& [name, registration] : known_) {
            message += (name == known_.begin()->first ? " " : ", ") + name;
        }
        throw argument_error(errc::invalid_url, message);
    }

private:
    std::mutex mutex_;
    std::map<std::string, driver_registration, std::less<>> known_;
};

registry& all_drivers() {
    static registry drivers;
    return drivers;
}

}  // namespace

void register_driver(std::string_view scheme, driver_registration registration) {
    all_drivers().put(scheme, std::move(registration));
}

namespace detail {

driver_registration find_driver(std::string_view scheme) {
    return all_drivers().find(scheme);
}

}  // namespace detail
}  // namespace gino
