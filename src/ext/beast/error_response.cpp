// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/error_response.hpp"

#include <gino/core/error.hpp>
#include <gino/ext/http_error.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <random>

namespace gino::ext::detail {

namespace {

std::uint64_t random_number() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

exception_answer internal_error(std::string_view message, const std::string& id) {
    const boost::json::value body = {{"error", message}, {"id", id}};
    return {json_response(body, 500), id};
}

// Returns true for failures of the way to the database. Their text may name hosts and users, so
// that the client gets a general text; the client may try again.
bool is_unavailable(const error& failure) {
    const auto* database = dynamic_cast<const database_error*>(&failure);
    return failure.code() == errc::pool_timeout || failure.code() == errc::connect_timeout ||
           (database != nullptr && database->is_connection_lost());
}

}  // namespace

error_ids::error_ids() : state_(random_number()) {}

// SplitMix64 (Steele, Lea, Flood 2014): a new number for each call.
std::string error_ids::next() {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
    std::uint64_t number = state_.fetch_add(step, std::memory_order_relaxed) + step;
    number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27U)) * 0x94d049bb133111eb;
    number ^= number >> 31U;
    std::string id;
    for (int shift = 60; shift >= 0; shift -= 4) {
        id += digits[(number >> static_cast<unsigned>(shift)) & 0xfU];
    }
    return id;
}

response error_response(int status, std::string_view message) {
    return json_response({{"error", message}}, status);
}

response unavailable_response() {
    response answer = error_response(503, "the service is not available; try again later");
    answer.set_header("retry-after", "1");
    return answer;
}

exception_answer answer_exception(const std::exception_ptr& exception, error_ids& ids) {
    try {
        std::rethrow_exception(exception);
    } catch (const http_error& failure) {
        return {error_response(failure.status(), failure.what()), {}};
    } catch (const error& failure) {
        // The transaction may have been stored: a client must not be invited to repeat it, as 503
        // would do.
        if (failure.code() == errc::commit_unknown) {
            return internal_error(
                "it is not known whether the request was carried out", ids.next()
            );
        }
        if (is_unavailable(failure)) {
            return {unavailable_response(), {}};
        }
    } catch (...) {  // NOLINT(bugprone-empty-catch): answered below, as every other exception
    }
    return internal_error("internal error", ids.next());
}

}  // namespace gino::ext::detail
