// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/copy.hpp>

#include <string>
#include <utility>

#include "engine/connection/connection_state.hpp"

namespace gino {

namespace {

driver::copier& copier_of(driver::connection& raw) {
    auto* copier = raw.copying();
    if (copier == nullptr) {
        throw argument_error(
            errc::invalid_argument, "this database has no COPY; create_many() stores many objects"
        );
    }
    return *copier;
}

// A sink that calls a function which does not wait.
class function_sink final : public driver::copy_sink {
public:
    explicit function_sink(std::function<void(std::span<const std::byte>)> take)
        : take_(std::move(take)) {}

    [[nodiscard]] awaitable<void> take(std::span<const std::byte> bytes) override {
        take_(bytes);
        co_return;
    }

private:
    std::function<void(std::span<const std::byte>)> take_;
};

}  // namespace

// The closures below capture references and have a name: GCC 12 would destroy a closure twice that
// is written inside of co_await and owns something (docs/gcc12.md). The references outlive the
// wait, because the coroutine does.
awaitable<status> copy_in(connection& on, std::string sql, driver::copy_source& from) {
    auto copy = [&from](driver::connection& raw, std::string_view text) {
        return copier_of(raw).copy_in(text, from);
    };
    auto done = co_await on.state().run_call(std::move(sql), copy);
    co_return std::move(done);
}

awaitable<status> copy_out(connection& on, std::string sql, driver::copy_sink& to) {
    auto copy = [&to](driver::connection& raw, std::string_view text) {
        return copier_of(raw).copy_out(text, to);
    };
    auto done = co_await on.state().run_call(std::move(sql), copy);
    co_return std::move(done);
}

awaitable<status> copy_out(
    connection& on, std::string sql, detail::awaited_function<void(std::span<const std::byte>)> take
) {
    function_sink to(std::move(take));
    auto done = co_await copy_out(on, std::move(sql), to);
    co_return std::move(done);
}

awaitable<status> detail::copy_rows_in(
    connection& on, std::string sql, std::vector<sql_type> types, driver::row_source& from
) {
    auto copy = [&](driver::connection& raw, std::string_view text) {
        return copier_of(raw).copy_rows_in(text, types, from);
    };
    auto done = co_await on.state().run_call(std::move(sql), copy);
    co_return std::move(done);
}

awaitable<status> detail::copy_rows_out(
    connection& on, std::string sql, copied_columns columns, driver::row_sink& to
) {
    auto copy = [&](driver::connection& raw, std::string_view text) {
        return copier_of(raw).copy_rows_out(text, columns.types, columns.names, to);
    };
    auto done = co_await on.state().run_call(std::move(sql), copy);
    co_return std::move(done);
}

std::string detail::copy_statement_of(const connection& on, const statement_base& statement) {
    const auto ready = on.state().engine()->prepare({.statement = &statement});
    if (!ready.parameters.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "copy_out() wants a statement without values: COPY has no parameters; run it as a "
            "query, or with a cursor"
        );
    }
    return "COPY (" + ready.text->text + ") TO STDOUT";
}

void detail::refuse_merging_copy() {
    throw argument_error(
        errc::invalid_argument,
        "copy_out() hands each row over at once, and this loader makes one value of several rows"
    );
}

detail::copied_columns detail::columns_of(const std::vector<sql::expression_ref>& selected) {
    copied_columns columns;
    for (const auto& one : selected) {
        columns.types.push_back(one->type);
        columns.names.push_back("column " + std::to_string(columns.types.size()));
    }
    return columns;
}

}  // namespace gino
