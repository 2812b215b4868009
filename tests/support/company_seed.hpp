// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <vector>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

namespace company_models {

/// A test on every database, with one company, "acme"; its teams t1, and t2 and t3 below t1; users
/// a and b in t2, c in t3, and d without a team. Keys begin at 1, in this order.
class seeded_test : public gino::testing::on_every_database {
protected:
    void run_seeded(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(all, [&](gino::database& db) -> gino::awaitable<void> {
            company acme{.name = "acme"};
            co_await db.create(acme);
            team t1{.name = "t1", .company_id = acme.id};
            co_await db.create(t1);
            team t2{.name = "t2", .parent_id = t1.id, .company_id = acme.id};
            team t3{.name = "t3", .parent_id = t1.id, .company_id = acme.id};
            co_await db.create(t2);
            co_await db.create(t3);
            std::vector<user> users{
                user{.nickname = "a", .team_id = t2.id},
                user{.nickname = "b", .team_id = t2.id},
                user{.nickname = "c", .team_id = t3.id},
                user{.nickname = "d"}};
            co_await db.create_many(users);
            log().clear();
            co_await body(db);
        });
    }
};

}  // namespace company_models
