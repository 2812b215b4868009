// SPDX-License-Identifier: BSD-3-Clause
// A tree in one table, read level by level with a recursive query.
//
//     walk_a_tree [URL]        sqlite:// (the default), postgresql://me@localhost/app, ...
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

struct category {
    std::int64_t id{};
    std::string name;
    std::optional<std::int64_t> parent_id{};

    GINO_MODEL(category, "categories", id, name, parent_id)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::foreign_key(c.parent_id, c.id)};
    }
};

gino::awaitable<void> walk_a_tree(std::string url) {
    gino::database db{gino::models<category>};
    co_await db.set_bind(url);
    co_await db.create_all();

    category books{.name = "books"};
    co_await db.create(books);
    category novels{.name = "novels", .parent_id = books.id};
    category atlases{.name = "atlases", .parent_id = books.id};
    co_await db.create(novels);
    co_await db.create(atlases);
    category crime{.name = "crime", .parent_id = novels.id};
    co_await db.create(crime);

    // The first rows are the roots; each further step adds the children of the rows of the last
    // one.
    const auto depth = gino::literal(0).label("depth");
    const auto tree =
        gino::select(category::c.id, category::c.name, depth)
            .where(category::c.parent_id == gino::null)
            .recursive_cte("tree")
            .union_all([&](const auto& above) {
                return gino::select(category::c.id, category::c.name, above[depth] + 1)
                    .join(above, above[category::c.id] == category::c.parent_id);
            });

    const auto statement = gino::select(tree[category::c.name], tree[depth])
                               .order_by(tree[depth], tree[category::c.name]);
    for (const auto& [name, level] : co_await db.all(statement)) {
        std::cout << std::string(static_cast<std::size_t>(level) * 2, ' ') << name << '\n';
    }
    co_await db.close();
}

int main(int argc, char** argv) {
    boost::asio::io_context context;
    int exit_code = 0;
    boost::asio::co_spawn(
        context,
        walk_a_tree(argc > 1 ? argv[1] : "sqlite://"),
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
