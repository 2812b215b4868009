// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"
#include "support/on_every_database.hpp"

namespace debian_packages::testing {

/// A test of the service on every database, with the packages of `sample_status`.
class service_test : public gino::testing::on_every_database {
protected:
    void SetUp() override {
        on_every_database::SetUp();
        if (!IsSkipped() && !HasFatalFailure()) {
            service_ = std::make_unique<running_service>(url());
        }
    }

    void TearDown() override {
        service_.reset();
        on_every_database::TearDown();
    }

    answer send(std::string_view method, std::string_view target, std::string_view body = {}) {
        return service_->send(method, target, body);
    }

    answer get(std::string_view target) { return send("GET", target); }

    std::vector<std::string> statements() { return service_->take_statements(); }

    // Returns the text of a statement for this database: placeholders are "?" on SQLite and "$1" on
    // PostgreSQL.
    [[nodiscard]] std::string sql(std::string_view text) const {
        std::string written;
        int parameters = 0;
        bool is_left_out = false;
        for (const char letter : text) {
            if (letter == '{') {
                is_left_out = !is_sqlite();
                written += is_left_out ? "" : " ";
            } else if (letter == '}') {
                is_left_out = false;
            } else if (letter == '?' && !is_sqlite()) {
                written += "$" + std::to_string(++parameters);
            } else if (!is_left_out) {
                written += letter;
            }
        }
        return written;
    }

private:
    std::unique_ptr<running_service> service_;
};

}  // namespace debian_packages::testing
