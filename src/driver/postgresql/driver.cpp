// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/postgresql/driver.hpp>

#include <openssl/crypto.h>

#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/conninfo.hpp"
#include "driver/postgresql/host_search.hpp"

namespace gino::postgresql {

namespace {

/// The driver. Its sessions share the settings, and may outlive the driver.
class postgresql_driver final : public driver::driver {
public:
    explicit postgresql_driver(connect_options options)
        : settings_{
              .options = std::shared_ptr<connect_options>(
                  new connect_options(std::move(options)), &wipe
              )} {}

    postgresql_driver(const postgresql_driver&) = delete;
    postgresql_driver& operator=(const postgresql_driver&) = delete;

    ~postgresql_driver() override = default;

    [[nodiscard]] awaitable<std::unique_ptr<gino::driver::connection>> connect(
        boost::asio::any_io_executor executor, std::chrono::milliseconds timeout
    ) override {
        return postgresql::connect(std::move(executor), settings_, timeout);
    }

    void on_notice(gino::driver::notice_callback callback) override {
        settings_.on_notice = std::move(callback);
    }

    void on_password(password_callback callback) override {
        settings_.password = std::move(callback);
    }

    [[nodiscard]] std::size_t connection_limit() const noexcept override { return 0; }

    [[nodiscard]] std::string description() const override {
        const connect_options& options = *settings_.options;
        return "postgresql://" + options.user + "@" + options.address() + "/" + options.database;
    }

private:
    // Overwrites the passwords before their memory is freed. The deleter runs when the last session
    // has released the options, which may be after the driver's destruction.
    static void wipe(connect_options* options) {
        for (auto& host : options->hosts) {
            OPENSSL_cleanse(host.password.data(), host.password.size());
        }
        OPENSSL_cleanse(options->tls.key_password.data(), options->tls.key_password.size());
        delete options;
    }

    session_settings settings_;
};

}  // namespace

url read_url(std::string_view text) {
    constexpr std::string_view other_scheme = "asyncpg://";
    std::string owned(text);
    if (text.starts_with(other_scheme)) {
        owned.replace(0, other_scheme.size(), "postgresql://");
    }
    url made("postgresql://");
    // A url has one host and one port. A list of hosts or ports stays a parameter, which
    // connect_options reads.
    for (auto& [name, value] : parse_conninfo(owned, unknown_keywords::kept)) {
        const bool is_one_host = name == "host" && value.find(',') == std::string::npos;
        std::uint16_t port = 0;
        const auto* const end = value.data() + value.size();
        const auto [stop, failure] = std::from_chars(value.data(), end, port);
        const bool is_port = stop == end && failure == std::errc() && port != 0;
        if (name == "user") {
            made.user = std::move(value);
        } else if (name == "password") {
            made.password = std::move(value);
        } else if (is_one_host) {
            made.host = std::move(value);
        } else if (name == "port" && is_port) {
            made.port = port;
        } else if (name == "dbname") {
            made.database = std::move(value);
        } else {
            made.parameters.emplace_back(name, std::move(value));
        }
    }
    return made;
}

std::unique_ptr<driver::driver> make_driver(const url& where) {
    return std::make_unique<postgresql_driver>(connect_options::parse(where));
}

}  // namespace gino::postgresql
