// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/model/database.hpp>

namespace gino {

namespace {

// A second engine would silently replace the first one, whose pool would stay open.
void check_unbound(const std::optional<engine>& bound) {
    if (bound) {
        throw state_error(
            errc::wrong_state,
            "the database is bound to " + bound->description() +
                " already; close() it first, or take the engine away by pop_bind()"
        );
    }
}

}  // namespace

// Checked before the engine is opened, so that a mistake opens no connections. Binding must not
// overlap with other calls, so that nothing is bound in between.
awaitable<engine> database::set_bind(std::string where, engine_options options) {
    check_unbound(engine_);
    engine opened = co_await create_engine(std::move(where), std::move(options));
    engine_ = opened;
    co_return opened;
}

awaitable<engine> database::set_bind(url where, engine_options options) {
    check_unbound(engine_);
    engine opened = co_await create_engine(std::move(where), std::move(options));
    engine_ = opened;
    co_return opened;
}

void database::set_bind(engine bound) {
    check_unbound(engine_);
    engine_ = std::move(bound);
}

// Engines are handles: verbs that are running keep the state alive.
engine database::pop_bind() {
    engine unbound = bind();
    engine_.reset();
    return unbound;
}

engine& database::bind() {
    check_bound();
    return *engine_;
}

void database::check_bound() const {
    if (!engine_) {
        throw uninitialized_error(
            errc::uninitialized,
            "the database has no engine yet; call `co_await db.set_bind(url)` first"
        );
    }
}

// Unbinds first: verbs that start while the pool is closing find no engine, and not one that
// refuses them.
awaitable<void> database::close() {
    if (engine_) {
        engine unbound = pop_bind();
        co_await unbound.close();
    }
}

// Made on first use, when all models are complete; the constructor may run before that, as a global
// object's does.
const gino::metadata& database::metadata() {
    if (metadata_ == nullptr) {
        metadata_ = std::make_unique<const gino::metadata>(
            tables_ ? tables_() : std::vector<table_definition>(), names_
        );
    }
    return *metadata_;
}

awaitable<void> database::create_all(schema_options options) {
    return gino::create_all(bind(), metadata(), options);
}

awaitable<void> database::drop_all(schema_options options) {
    return gino::drop_all(bind(), metadata(), options);
}

// A coroutine of its own: it keeps the part of the metadata alive while it is used.
awaitable<void> database::create_tables(std::vector<std::string> names, schema_options options) {
    const auto part = metadata().subset(names);
    co_await gino::create_all(bind(), part, options);
}

awaitable<void> database::drop_tables(std::vector<std::string> names, schema_options options) {
    const auto part = metadata().subset(names);
    co_await gino::drop_all(bind(), part, options);
}

awaitable<gino::status> database::run(detail::execution what, driver::row_sink& sink) {
    return bind().run(what, sink);
}

awaitable<void> database::run_batch(batch& together) {
    return bind().run_batch(together);
}

const capabilities& database::capabilities() const {
    check_bound();
    return engine_->capabilities();
}

awaitable<void> database::run_together(detail::together f) {
    return bind().run_together(std::move(f));
}

awaitable<detail::open_cursor> database::open_cursor(const statement_base& statement) {
    return bind().open_cursor(statement);
}

}  // namespace gino
