// SPDX-License-Identifier: BSD-3-Clause
#include "routes.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <utility>

#include "json.hpp"
#include "models.hpp"
#include "queries.hpp"

namespace {

using gino::awaitable;
using gino::ext::database;
using gino::ext::http_error;
using gino::ext::json_response;
using gino::ext::request;
using gino::ext::response;

constexpr std::int64_t default_limit = 20;
constexpr std::int64_t largest_limit = 100;

queries::slice slice_of(const request& r) {
    const auto limit = r.query<std::int64_t>("limit").value_or(default_limit);
    const auto offset = r.query<std::int64_t>("offset").value_or(0);
    if (limit < 1 || limit > largest_limit) {
        throw http_error(400, "the query parameter \"limit\" has to be 1 to 100");
    }
    if (offset < 0) {
        throw http_error(400, "the query parameter \"offset\" has to be 0 or more");
    }
    return {.limit = limit, .offset = offset};
}

awaitable<response> list_packages(database& db, request& r) {
    const queries::slice part = slice_of(r);
    const std::string text(r.query("search").value_or(""));
    const auto total = co_await db.scalar(queries::count_found(text));
    const auto found = co_await db.all(queries::search(text, part));
    co_return json_response(json::write_packages(found, total.value_or(0), part));
}

awaitable<boost::json::object> dependents_of(
    database& db, std::int64_t package_id, queries::slice part
) {
    const auto total = co_await db.scalar(queries::count_dependents(package_id));
    const auto dependents = co_await db.all(queries::dependents_of(package_id, part));
    co_return json::write_dependents(dependents, total.value_or(0));
}

awaitable<response> show_package(database& db, std::string name) {
    const package shown = co_await db.first_or_404(queries::package_by_name(name));
    const auto dependencies = co_await db.all(queries::dependencies_of(shown.id));
    const queries::slice first_part{.limit = default_limit, .offset = 0};
    auto dependents = co_await dependents_of(db, shown.id, first_part);
    co_return json_response(json::write_package(shown, dependencies, std::move(dependents)));
}

awaitable<response> list_dependents(database& db, request& r, std::string name) {
    const queries::slice part = slice_of(r);
    const package key = co_await db.first_or_404(queries::package_key(name));
    auto dependents = co_await dependents_of(db, key.id, part);
    co_return json_response(dependents);
}

awaitable<response> show_maintainer(database& db, std::int64_t id) {
    const maintainer shown = co_await db.first_or_404(queries::maintainer_by_id(id));
    co_return json_response(json::write_maintainer(shown));
}

awaitable<response> add_note(database& db, request& r, std::string name) {
    const json::note_change wanted = json::read_note(r.json());
    if (!wanted.text) {
        throw http_error(400, "a note has to have a \"text\"");
    }
    const package key = co_await db.first_or_404(queries::package_key(name));
    note added;
    added.package_id = key.id;
    added.text = *wanted.text;
    added.author = wanted.author.value_or(std::nullopt);
    co_await db.create(added);
    co_return json_response(json::write_note(added), 201);
}

awaitable<response> change_note(database& db, request& r, std::string name, std::int64_t id) {
    const json::note_change wanted = json::read_note(r.json());
    auto update = gino::update<note>().where(queries::is_note(name, id));
    if (wanted.text) {
        update = update.set(note::c.text = *wanted.text);
    }
    if (wanted.author) {
        update = update.set(note::c.author = *wanted.author);
    }
    if (!wanted.text && !wanted.author) {
        throw http_error(400, "there is nothing to change: name \"text\" or \"author\"");
    }
    const note changed = co_await db.first_or_404(update.returning());
    co_return json_response(json::write_note(changed));
}

awaitable<response> remove_note(database& db, std::string name, std::int64_t id) {
    const auto done =
        co_await db.status(gino::delete_from<note>().where(queries::is_note(name, id)));
    if (done.affected_rows == 0) {
        throw http_error(404, "No such data");
    }
    co_return gino::ext::empty_response();
}

}  // namespace

void add_routes(gino::ext::application& app, gino::ext::database& db) {
    app.get("/packages", [&db](request& r) { return list_packages(db, r); });
    app.get("/packages/{name}", [&db](request& /*r*/, std::string name) {
        return show_package(db, std::move(name));
    });
    app.get("/packages/{name}/dependents", [&db](request& r, std::string name) {
        return list_dependents(db, r, std::move(name));
    });
    app.get("/maintainers/{id}", [&db](request& /*r*/, std::int64_t id) {
        return show_maintainer(db, id);
    });
    app.post("/packages/{name}/notes", [&db](request& r, std::string name) {
        return add_note(db, r, std::move(name));
    });
    app.patch("/packages/{name}/notes/{id}", [&db](request& r, std::string name, std::int64_t id) {
        return change_note(db, r, std::move(name), id);
    });
    app.remove(
        "/packages/{name}/notes/{id}",
        [&db](request& /*r*/, std::string name, std::int64_t id) {
            return remove_note(db, std::move(name), id);
        }
    );
}
