// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/statement_executor.hpp>

#include <string>

namespace gino {

namespace detail {

void throw_no_result() {
    throw no_result_found(errc::no_result, "no row was found for one()");
}

void throw_multiple_results(const char* verb) {
    throw multiple_results_found(
        errc::multiple_results, std::string("multiple rows were found for ") + verb
    );
}

void throw_other_loader() {
    throw argument_error(
        errc::invalid_argument,
        "this statement has a loader of its own, which makes something else than the loader of "
        "load(): run it without that"
    );
}

}  // namespace detail

awaitable<gino::status> statement_executor::status(statement_base statement) {
    driver::discarding_sink nothing;
    const detail::execution what{.statement = &statement};
    auto done = co_await run(what, nothing);
    co_return done;
}

}  // namespace gino
