// SPDX-License-Identifier: BSD-3-Clause
#include "engine/driver_registry.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>

namespace gino {

namespace {

/// The registered schemes. This is the only state of the library that is not owned by an object of
/// the program.
///
/// Thread safety: any thread.
class registry {
public:
    registry() {
// CMake's options with these names decide.
#if GINO_POSTGRESQL
        add(detail::postgresql_schemes());
#endif
#if GINO_SQLITE
        add(detail::sqlite_schemes());
#endif
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
    void add(const detail::registered_schemes& all) {
        for (const auto scheme : all.names) {
            known_.emplace(scheme, all.registration);
        }
    }

    std::mutex mutex_;
    std::map<std::string, driver_registration, std::less<>> known_;
};

// Made on first use, so that register_driver() may be called while other static objects are made.
registry& all_drivers() {
    static registry drivers;
    return drivers;
}

}  // namespace

void register_driver(std::string_view scheme, driver_registration registration) {
    all_drivers().put(scheme, std::move(registration));
}

url read_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    const std::size_t equals = text.find('=');
    const bool has_keywords = equals != std::string_view::npos && equals < colon;
    std::string scheme(has_keywords ? "postgresql" : text.substr(0, colon));
    std::ranges::transform(scheme, scheme.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (!has_keywords && colon == std::string_view::npos) {
        return url(text);  // throws, and names the missing part
    }
    const auto registration = all_drivers().find(scheme);
    return registration.read_url ? registration.read_url(text) : url(text);
}

namespace detail {

driver_registration find_driver(std::string_view scheme) {
    return all_drivers().find(scheme);
}

}  // namespace detail
}  // namespace gino
