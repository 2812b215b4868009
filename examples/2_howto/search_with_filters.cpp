// SPDX-License-Identifier: BSD-3-Clause
// A search whose conditions and order are chosen at run time, page by page.
//
//     search_with_filters [URL]        sqlite:// (the default), postgresql://me@localhost/app, ...
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <exception>
#include <iostream>

struct product {
    std::int64_t id{};
    std::string name;
    gino::decimal price;
    std::optional<std::string> color{};

    GINO_MODEL(product, "products", id, name, price, color)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::column_type(c.price, gino::numeric(10, 2))};
    }
};

// The fields of a search form on a web page.
struct search {
    std::string text;
    std::optional<gino::decimal> cheaper_than{};
    std::optional<std::int64_t> after_id{};
};

auto statement_of(const search& wanted) {
    std::vector<gino::condition> conditions;
    if (!wanted.text.empty()) {
        conditions.emplace_back(product::c.name.contains(wanted.text));
    }
    if (wanted.cheaper_than) {
        conditions.emplace_back(product::c.price < *wanted.cheaper_than);
    }
    return gino::select<product>()
        .where(gino::and_(conditions))
        .where_if(
            wanted.after_id.has_value(),
            gino::after(gino::key(product::c.id, wanted.after_id.value_or(0)))
        )
        .order_by(product::c.id)
        .limit(2);
}

gino::awaitable<void> search_with_filters(std::string url) {
    gino::database db{gino::models<product>};
    co_await db.set_bind(url);
    co_await db.create_all();
    std::vector<product> stock(4);
    for (std::size_t i = 0; i < stock.size(); ++i) {
        stock[i].name = "mug no. " + std::to_string(i + 1);
        stock[i].price = gino::decimal("9.90") + static_cast<int>(i);
    }
    co_await db.create_many(stock);

    search wanted{.text = "mug", .cheaper_than = gino::decimal(13)};
    for (int page = 1; page < 10; ++page) {
        const auto found = co_await db.all(statement_of(wanted));
        if (found.empty()) {
            break;
        }
        for (const auto& one : found) {
            std::cout << page << ": " << one.name << " for " << one.price.to_string() << '\n';
        }
        wanted.after_id = found.back().id;
    }

    // Columns by name, rows as JSON: for an export whose columns the user has chosen in a form.
    const std::vector<gino::any_expression> columns{
        gino::column_named<product>("name"), gino::column_named<product>("price")};
    for (const auto& row : co_await db.all(gino::select(columns).limit(1))) {
        std::cout << boost::json::serialize(gino::to_json(row)) << '\n';
    }
    co_await db.close();
}

int main(int argc, char** argv) {
    boost::asio::io_context context;
    int exit_code = 0;
    boost::asio::co_spawn(
        context,
        search_with_filters(argc > 1 ? argv[1] : "sqlite://"),
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
