// SPDX-License-Identifier: BSD-3-Clause
#include "queries.hpp"

#include <algorithm>
#include <string>

namespace queries {

namespace {

// Names of packages have no upper-case letters, so a search ignores case.
std::string lower(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return made;
}

// Loads the columns that lists show.
gino::model_loader<package> load_briefly() {
    return gino::load<package>(
        package::c.name, package::c.version, package::c.section, package::c.summary
    );
}

auto needs(std::int64_t package_id) {
    return dependency::c.target_id == package_id && dependency::c.kind.in(
                                                        dependency_kind::pre_depends,
                                                        dependency_kind::depends,
                                                        dependency_kind::recommends,
                                                        dependency_kind::suggests
                                                    );
}

}  // namespace

gino::select_statement<package> search(std::string_view text, slice wanted) {
    const std::string part = lower(text);
    const auto listed = load_briefly().query().limit(wanted.limit).offset(wanted.offset);
    if (part.empty()) {
        return listed.order_by(package::c.name);
    }
    return listed.where(package::c.name.contains(part))
        .order_by(package::c.name.startswith(part).desc(), package::c.name);
}

count_statement count_found(std::string_view text) {
    const std::string part = lower(text);
    return gino::select(gino::func::count())
        .from<package>()
        .where_if(!part.empty(), package::c.name.contains(part));
}

gino::select_statement<package> package_by_name(std::string_view name) {
    return gino::load<package>()
        .distinct(package::c.id)
        .with(&package::maintained_by, gino::load<maintainer>())
        .with(&package::notes, gino::load<note>().distinct(note::c.id))
        .query()
        .where(package::c.name == name)
        .order_by(note::c.id);
}

gino::select_statement<package> package_key(std::string_view name) {
    return gino::load<package>(package::c.id).query().where(package::c.name == name);
}

gino::select_statement<dependency> dependencies_of(std::int64_t package_id) {
    const auto target = gino::alias<package>("target");
    const auto load_target = gino::load(target)
                                 .load(target.c.name, target.c.summary)
                                 .on(target.c.id == dependency::c.target_id);
    return gino::load<dependency>()
        .with(&dependency::target, load_target)
        .query()
        .where(dependency::c.package_id == package_id)
        .order_by(dependency::c.id);
}

gino::select_statement<dependency> dependents_of(std::int64_t package_id, slice wanted) {
    const auto source = gino::alias<package>("source");
    const auto load_source = gino::load(source)
                                 .load(source.c.name, source.c.summary)
                                 .on(source.c.id == dependency::c.package_id);
    return gino::load<dependency>(dependency::c.kind, dependency::c.version)
        .with(&dependency::source, load_source)
        .query()
        .where(needs(package_id))
        .order_by(source.c.name, dependency::c.id)
        .limit(wanted.limit)
        .offset(wanted.offset);
}

count_statement count_dependents(std::int64_t package_id) {
    return gino::select(gino::func::count()).from<dependency>().where(needs(package_id));
}

gino::select_statement<maintainer> maintainer_by_id(std::int64_t id) {
    return gino::load<maintainer>()
        .distinct(maintainer::c.id)
        .with(&maintainer::packages, load_briefly())
        .query()
        .where(maintainer::c.id == id)
        .order_by(package::c.name);
}

gino::expr<std::optional<bool>> is_note(std::string_view name, std::int64_t id) {
    const auto package_id = gino::select(package::c.id).where(package::c.name == name);
    return note::c.id == id && note::c.package_id == package_id.scalar_subquery();
}

}  // namespace queries
