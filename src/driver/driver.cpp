// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/sqlstate.hpp>
#include <gino/driver/driver.hpp>

#include <array>

#include "driver/pipeline.hpp"

namespace gino::driver {

command_kind kind_of_tag(std::string_view tag) noexcept {
    struct named {
        std::string_view word;
        command_kind kind;
    };

    static constexpr std::array kinds{
        named{"SELECT", command_kind::select},
        named{"INSERT", command_kind::insert},
        named{"UPDATE", command_kind::update},
        named{"DELETE", command_kind::delete_},
        named{"BEGIN", command_kind::begin},
        named{"START TRANSACTION", command_kind::begin},
        named{"COMMIT", command_kind::commit},
        named{"ROLLBACK", command_kind::rollback},
        named{"COPY", command_kind::copy}};
    for (const auto& one : kinds) {
        if (!tag.starts_with(one.word)) {
            continue;
        }
        const auto rest = tag.substr(one.word.size());
        if (rest.empty() || rest.front() == ' ') {
            return one.kind;
        }
    }
    return command_kind::other;
}

void detail::forget_results(std::span<pipelined> statements) {
    for (auto& one : statements) {
        one.result = {};
        one.failure = nullptr;
    }
}

void detail::abort_others(std::span<pipelined> batch) {
    for (auto& one : batch) {
        if (one.failure == nullptr) {
            one.result = {};
            one.failure = std::make_exception_ptr(operational_error(
                errc::transaction_aborted,
                "another statement of the same batch failed: nothing of the batch is stored"
            ));
        }
    }
}

bool detail::was_ended(const std::exception_ptr& failure) {
    try {
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    } catch (const database_error& e) {
        return e.sqlstate() == sqlstate::query_canceled;
    } catch (...) {
        // The exception of a sink.
    }
    return false;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): drivers that override it keep it
void driver::on_password(password_callback /*callback*/) {
    throw argument_error(
        errc::invalid_option,
        "engine_options::password is for databases that ask for one; this one does not"
    );
}

}  // namespace gino::driver
