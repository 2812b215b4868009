// SPDX-License-Identifier: BSD-3-Clause
// A program that uses the installed library.
#include <gino/ext/beast.hpp>
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";

    GINO_MODEL(user, "users", id, nickname)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

gino::awaitable<std::string> nickname_of_the_first() {
    gino::database db{gino::models<user>};
    co_await db.set_bind("sqlite://");
    co_await db.create_all();
    user fantix{.nickname = "fantix"};
    co_await db.create(fantix);
    const user same = co_await db.one(gino::select<user>().where(user::c.id == fantix.id));
    co_await db.close();
    co_return same.nickname;
}

int main() {
    gino::ext::application app;
    app.get("/", [](gino::ext::request&) -> gino::awaitable<gino::ext::response> {
        co_return gino::ext::empty_response(204);
    });

    boost::asio::io_context context;
    int exit_code = 1;
    boost::asio::co_spawn(
        context,
        nickname_of_the_first(),
        [&](const std::exception_ptr& failure, const std::string& nickname) {
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
            std::cout << "hello, " << nickname << '\n';
            exit_code = nickname == "fantix" ? 0 : 1;
        }
    );
    context.run();
    return exit_code;
}
