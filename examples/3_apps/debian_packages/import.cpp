// SPDX-License-Identifier: BSD-3-Clause
#include "import.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dpkg_status.hpp"
#include "models.hpp"

namespace {

constexpr std::size_t packages_per_step = 1'000;

// Stores the entries of one file. Keeps the keys that the database generates, by name, for the rows
// that refer to them.
class importer {
public:
    importer(gino::transaction& tx, std::span<const package_entry> entries, progress& shown)
        : tx_(tx), entries_(entries), shown_(shown) {}

    gino::awaitable<void> run() {
        shown_.start("importing", 2 * entries_.size());
        co_await store_maintainers();
        for (std::size_t i = 0; i < entries_.size(); i += packages_per_step) {
            co_await store_packages(step_at(i));
        }
        for (std::size_t i = 0; i < entries_.size(); i += packages_per_step) {
            co_await store_dependencies(step_at(i));
        }
    }

private:
    using maintainer_key = std::pair<std::string_view, std::string_view>;  // name, email

    [[nodiscard]] std::span<const package_entry> step_at(std::size_t first) const {
        return entries_.subspan(first, std::min(packages_per_step, entries_.size() - first));
    }

    gino::awaitable<void> store_maintainers() {
        std::vector<maintainer> maintainers;
        for (const auto& entry : entries_) {
            if (entry.maintainer && maintainer_ids_.try_emplace(key_of(entry), 0).second) {
                auto& added = maintainers.emplace_back();
                added.name = entry.maintainer->name;
                added.email = entry.maintainer->email;
            }
        }
        co_await tx_.create_many(maintainers);
        for (const auto& stored : maintainers) {
            maintainer_ids_.find({stored.name, stored.email})->second = stored.id;
        }
    }

    gino::awaitable<void> store_packages(std::span<const package_entry> entries) {
        std::vector<package> packages;
        for (const auto& entry : entries) {
            packages.push_back(make_package(entry));
        }
        co_await tx_.create_many(packages);
        for (std::size_t i = 0; i < packages.size(); ++i) {
            package_ids_.emplace(entries[i].name, packages[i].id);
        }
        shown_.advance(entries.size());
    }

    gino::awaitable<void> store_dependencies(std::span<const package_entry> entries) {
        std::vector<dependency> dependencies;
        for (const auto& entry : entries) {
            for (const auto& named : entry.dependencies) {
                dependencies.push_back(make_dependency(package_ids_.at(entry.name), named));
            }
        }
        co_await tx_.create_many(dependencies);
        shown_.advance(entries.size());
    }

    [[nodiscard]] package make_package(const package_entry& entry) const {
        package made;
        made.name = entry.name;
        made.version = entry.version;
        made.architecture = entry.architecture;
        made.section = entry.section;
        made.priority = entry.priority;
        made.installed_size = entry.installed_size;
        made.summary = entry.summary;
        made.description = entry.description;
        made.homepage = entry.homepage;
        if (entry.maintainer) {
            made.maintainer_id = maintainer_ids_.at(key_of(entry));
        }
        return made;
    }

    [[nodiscard]] dependency make_dependency(std::int64_t package_id, const dependency_entry& named)
        const {
        dependency made;
        made.package_id = package_id;
        made.kind = named.kind;
        made.name = named.target.name;
        made.version = named.target.version;
        made.architecture = named.target.architecture;
        made.alternatives = named.target.alternatives;
        const auto target = package_ids_.find(named.target.name);
        if (target != package_ids_.end()) {
            made.target_id = target->second;
        }
        return made;
    }

    static maintainer_key key_of(const package_entry& entry) {
        return {entry.maintainer->name, entry.maintainer->email};
    }

    gino::transaction& tx_;
    std::span<const package_entry> entries_;
    progress& shown_;
    std::map<maintainer_key, std::int64_t> maintainer_ids_;
    std::unordered_map<std::string_view, std::int64_t> package_ids_;
};

}  // namespace

gino::awaitable<bool> has_packages(gino::database& db) {
    const auto any = co_await db.first(gino::select(package::c.id).limit(1));
    co_return any.has_value();
}

gino::awaitable<void> import_packages(gino::database& db, std::string file, progress& shown) {
    const std::vector<package_entry> entries = read_dpkg_status(file);
    auto tx = co_await db.begin();
    importer stored(tx, entries, shown);
    co_await stored.run();
    co_await tx.commit();
    shown.finish("imported " + std::to_string(entries.size()) + " packages from " + file);
}
