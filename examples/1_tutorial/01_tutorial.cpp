// SPDX-License-Identifier: BSD-3-Clause
// The first steps: a model, a table, objects, queries, a transaction.
//
//     01_tutorial [URL]        sqlite:///app.db (the default), postgresql://me@localhost/app, ...
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

// The comments are to the right of the code that they explain; clang-format would wrap them.
// clang-format off
// [tutorial]
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::index("ix_users_nickname", c.nickname)};
    }
};

gino::awaitable<void> tutorial(std::string url) {
    gino::database db{gino::models<user>};
    co_await db.set_bind(url);                       // "sqlite:///app.db", "postgresql://me@localhost/app"
    co_await db.create_all();                        // CREATE TABLE, only what is missing

    user fantix{.nickname = "fantix"};
    co_await db.create(fantix);                      // INSERT ... RETURNING; fantix.id is now set

    std::optional<user> same = co_await db.get<user>(fantix.id);
    co_await db.update(fantix).set(user::c.nickname = "daisy").apply();

    std::vector<user> adults = co_await db.all(
        gino::select<user>().where(user::c.age >= 18).order_by(user::c.nickname.asc()).limit(10));
    auto names = co_await db.all(gino::select(user::c.id, user::c.nickname));   // vector<tuple<int64_t, string>>
    auto count = co_await db.scalar(gino::select(gino::func::count()).from<user>());  // optional<int64_t>

    co_await db.transaction([&]() -> gino::awaitable<void> {        // every verb of db in here is in it
        co_await db.status(gino::update<user>().set(user::c.age = user::c.age + 1).where(user::c.age != gino::null));
    });                                              // thrown out of: rolled back

    auto tx = co_await db.begin();                   // an object: only its own verbs are in it
    co_await tx.status(gino::delete_from<user>().where(user::c.age > 150));
    co_await tx.commit();                            // destroyed without commit: rolled back

    co_await db.remove(fantix);
    co_await db.close();
}
// [tutorial]
// clang-format on

int main(int argc, char** argv) {
    boost::asio::io_context context;
    int exit_code = 0;
    boost::asio::co_spawn(
        context,
        tutorial(argc > 1 ? argv[1] : "sqlite:///app.db"),
        [&](const std::exception_ptr& failure) {
            if (failure == nullptr) {
                std::cout << "done\n";
                return;
            }
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& e) {
                std::cerr << e.what() << '\n';
                exit_code = 1;
            }
        }
    );
    context.run();
    return exit_code;
}
