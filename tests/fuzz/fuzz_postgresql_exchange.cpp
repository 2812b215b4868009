// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Any order of a server's messages leaves the exchange in a defined state: each message is taken,
/// or refused by an exception of the library, and no response is touched after it was complete,
/// abandoned or refused.

#include <gino/core/error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "driver/postgresql/sansio/exchange.hpp"

namespace {

using namespace gino;
using namespace gino::postgresql;
using protocol::message_type;
using sansio::request_kind;

/// A sink that counts its rows, and throws at the fourth.
class counting_sink final : public driver::row_sink {
public:
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const driver::field_slice> /*fields*/) override {
        constexpr int most = 3;
        if (++rows_ > most) {
            throw data_error(errc::bad_value, "too many rows");
        }
    }

private:
    int rows_ = 0;
};

/// The bytes of an input, one after the other; zeroes behind its end.
class input {
public:
    input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

    [[nodiscard]] bool is_empty() const { return rest_.empty(); }

    [[nodiscard]] std::uint8_t byte() {
        if (rest_.empty()) {
            return 0;
        }
        const auto first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }

    /// A copy, so that a sanitizer detects a read past its end.
    [[nodiscard]] std::vector<std::byte> bytes(std::size_t count) {
        const auto taken = rest_.first(std::min(count, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        const auto* first = reinterpret_cast<const std::byte*>(taken.data());
        return {first, first + taken.size()};
    }

private:
    std::span<const std::uint8_t> rest_;
};

/// A caller with one statement, whose memory is its own.
struct caller {
    counting_sink sink;
    prepared_statement columns;
    sansio::response to;
};

std::unique_ptr<caller> make_caller(std::uint8_t choice) {
    auto made = std::make_unique<caller>();
    made->to.kind = static_cast<request_kind>(choice % 7U);
    made->columns.columns.push_back({.name = "n", .type_id = 23});
    made->columns.formats = {1};
    made->columns.name = (choice & 0x08U) != 0 ? "" : "gino_1";
    made->to.prepared = &made->columns;
    made->to.sink = (choice & 0x10U) != 0 ? nullptr : &made->sink;
    made->to.max_rows = (choice & 0x20U) != 0 ? 2 : 0;
    const bool has_no_columns = made->to.kind == request_kind::prepare ||
                                made->to.kind == request_kind::script || (choice & 0x40U) != 0;
    if (has_no_columns) {
        made->columns.columns.clear();
        made->columns.name.clear();
        made->columns.is_text = made->to.kind == request_kind::script;
        made->to.described = &made->columns;
    }
    return made;
}

// Returns the type that a byte selects: those of the protocol more often than others.
message_type type_of(std::uint8_t choice) {
    static constexpr std::array<char, 21> known{'R', 'K', '2', '3', 'C', 'd', 'c',
                                                'G', 'H', 'D', 'I', 'E', 'n', 'N',
                                                'A', 't', 'S', '1', 's', 'Z', 'T'};
    const bool is_known = (choice & 0x80U) == 0;
    return message_type{
        is_known ? known[choice % known.size()] : static_cast<char>(choice & 0x7fU)};
}

class run {
public:
    explicit run(input from) : from_(from) {}

    void go() {
        while (!from_.is_empty()) {
            const auto choice = from_.byte();
            switch (choice & 0x03U) {
                case 0:
                    add_caller();
                    break;
                case 1:
                    end_a_caller(choice >> 2U);
                    break;
                default:
                    if (!take(choice)) {
                        return;
                    }
            }
        }
    }

private:
    void add_caller() {
        constexpr std::size_t most = 8;
        if (callers_.size() == most) {
            return;
        }
        const auto choice = from_.byte();
        callers_.push_back(make_caller(choice));
        sansio::response& to = callers_.back()->to;
        const bool shares_a_sync = to.kind == request_kind::execute && (choice & 0x80U) != 0;
        exchange_.expect(to, shares_a_sync ? sansio::sync::none : sansio::sync::sent);
    }

    // The memory of the response goes away: the exchange must not touch it any more.
    void end_a_caller(std::size_t place) {
        if (callers_.empty()) {
            return;
        }
        const auto which = callers_.begin() + static_cast<std::ptrdiff_t>(place % callers_.size());
        const auto next = exchange_.cancel((*which)->to);
        if (next == sansio::cancel_action::send_request) {
            exchange_.abandon((*which)->to);
        }
        callers_.erase(which);
    }

    // False: the session would be closed.
    [[nodiscard]] bool take(std::uint8_t choice) {
        const auto type = type_of(from_.byte());
        const auto body = from_.bytes(choice >> 2U);
        const std::size_t before = exchange_.outstanding();
        try {
            const auto next = exchange_.take({.type = type, .body = body});
            const bool is_ready = next == sansio::action::ready;
            if (is_ready != (exchange_.outstanding() == before - 1) && before > 0) {
                std::abort();  // ReadyForQuery, and nothing else, ends a round trip
            }
            return next != sansio::action::lost;
        } catch (const error&) {
            return false;
        }
    }

    input from_;
    sansio::exchange exchange_{"db:5432", std::make_shared<type_catalog>(), {}};
    std::vector<std::unique_ptr<caller>> callers_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    run(input(data, size)).go();
    return 0;
}
