// SPDX-License-Identifier: BSD-3-Clause
// Statements that are sent together: a page that shows several results costs one round trip.
//
//     send_together [URL]        sqlite:// (the default), postgresql://me@localhost/app, ...
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

struct account {
    std::int64_t id{};
    std::string owner;
    std::int64_t cents{};

    GINO_MODEL(account, "accounts", id, owner, cents)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::check("ck_accounts_cents", c.cents >= 0)};
    }
};

auto change(const std::string& owner, std::int64_t cents) {
    const auto& c = account::c;
    return gino::update<account>().set(c.cents = c.cents + cents).where(c.owner == owner);
}

// Stores both changes or none: a batch is a transaction by itself.
gino::awaitable<void> pay(
    gino::database& db, std::string from, std::string to, std::int64_t cents
) {
    gino::batch together;
    const auto taken = together.status(change(from, -cents));
    const auto given = together.status(change(to, cents));
    try {
        co_await db.send(together);
        std::cout << from << " paid " << to << ' ' << cents << '\n';
    } catch (const gino::check_violation&) {
        std::cout << from << " has not enough to pay " << cents << '\n';
    }
}

gino::awaitable<void> show(gino::database& db) {
    gino::batch page;
    const auto accounts = page.all(gino::select<account>().order_by(account::c.owner));
    const auto total = page.scalar(gino::select(gino::func::sum(account::c.cents)));
    co_await db.send(page);
    for (const auto& one : accounts.get()) {
        std::cout << one.owner << " has " << one.cents << '\n';
    }
    std::cout << "all have " << total.get().value_or(0) << '\n';
}

gino::awaitable<void> send_together(std::string url) {
    gino::database db{gino::models<account>};
    co_await db.set_bind(url);
    co_await db.create_all();
    std::vector<account> accounts(2);
    accounts[0] = {.owner = "Ada", .cents = 500};
    accounts[1] = {.owner = "Bob", .cents = 100};
    co_await db.create_many(accounts);
    co_await pay(db, "Ada", "Bob", 300);
    co_await pay(db, "Ada", "Bob", 300);
    co_await show(db);
    co_await db.drop_all();
    co_await db.close();
}

int main(int argc, char** argv) {
    boost::asio::io_context context;
    int exit_code = 0;
    boost::asio::co_spawn(
        context,
        send_together(argc > 1 ? argv[1] : "sqlite://"),
        [&](const std::exception_ptr& failure) {
            if (failure == nullptr) {
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
