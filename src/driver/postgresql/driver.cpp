// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/postgresql/driver.hpp>

#include <openssl/crypto.h>

#include <utility>

#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/connection.hpp"

namespace gino::postgresql {

namespace {

class postgresql_driver final : public driver::driver {
public:
    explicit postgresql_driver(connect_options options) : options_(std::move(options)) {}

    postgresql_driver(const postgresql_driver&) = delete;
    postgresql_driver& operator=(const postgresql_driver&) = delete;

    ~postgresql_driver() override {
        OPENSSL_cleanse(options_.password.data(), options_.password.size());
    }

    [[nodiscard]] awaitable<std::unique_ptr<gino::driver::connection>> connect(
        boost::asio::any_io_executor executor, std::chrono::milliseconds timeout
    ) override {
        return postgresql::connect(std::move(executor), options_, timeout, on_notice_);
    }

    void on_notice(gino::driver::notice_callback callback) override {
        on_notice_ = std::move(callback);
    }

    [[nodiscard]] std::size_t connection_limit() const noexcept override { return 0; }

    [[nodiscard]] std::string description() const override {
        return "postgresql://" + options_.user + "@" + options_.address() + "/" + options_.database;
    }

private:
    connect_options options_;
    gino::driver::notice_callback on_notice_;
};

}  // namespace

std::unique_ptr<driver::driver> make_driver(const url& where) {
    return std::make_unique<postgresql_driver>(connect_options::parse(where));
}

}  // namespace gino::postgresql
