// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/sqlite/driver.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Shared parts of the SQLite driver's tests.
namespace gino::sqlite::test {

/// A temporary folder that the destructor removes.
class temporary_folder {
public:
    temporary_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "gino-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary folder can be made");
        }
        path_ = name;
    }

    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return path_ / name;
    }

    /// Returns "sqlite:////tmp/.../app.db", followed by parameters such as "?mode=ro".
    [[nodiscard]] std::string url(const std::string& name, const std::string& rest = "") const {
        return "sqlite:///" + (path_ / name).string() + rest;
    }

private:
    std::filesystem::path path_;
};

struct result_set {
    /// Returns the first column of the first row.
    [[nodiscard]] const value& scalar() const { return rows.at(0).at(0); }

    std::vector<column_description> described;
    std::vector<std::vector<value>> rows;
    int times_described = 0;
};

/// A sink that keeps all rows as values.
class collecting_sink final : public driver::row_sink, public result_set {
public:
    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override {
        described.assign(columns.begin(), columns.end());
        decoder_ = &decoder;
        ++times_described;
    }

    void row(std::span<const driver::field_slice> fields) override {
        std::vector<value> values;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const field_view field(fields[i].data, fields[i].size, described[i], *decoder_);
            values.push_back(field.is_null() ? value() : decoder_->any(field));
        }
        rows.push_back(std::move(values));
    }

private:
    const field_decoder* decoder_ = nullptr;
};

using driver::discarding_sink;

/// Runs a coroutine to its end and returns its result.
template <class Function>
auto run(Function function) {
    boost::asio::io_context context;
    std::exception_ptr failure;
    using result = typename decltype(function())::value_type;
    if constexpr (std::is_void_v<result>) {
        boost::asio::co_spawn(context, std::move(function), [&](std::exception_ptr why) {
            failure = std::move(why);
        });
        context.run();
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    } else {
        std::optional<result> returned;
        boost::asio::co_spawn(
            context,
            std::move(function),
            [&](std::exception_ptr why, result got) {
                failure = std::move(why);
                returned.emplace(std::move(got));
            }
        );
        context.run();
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
        return std::move(*returned);
    }
}

/// A session with its own event loop, whose calls block until they are complete.
class blocking_session {
public:
    explicit blocking_session(const std::string& where)
        : owned_(make_driver(gino::url(where))), driver_(owned_.get()) {
        connect();
    }

    explicit blocking_session(driver::driver& by) : driver_(&by) { connect(); }

    [[nodiscard]] driver::connection& raw() const { return *connection_; }

    /// Runs a statement with `values` as its parameters.
    driver::command_result execute(
        const std::string& sql, std::vector<value> values = {}, driver::row_sink* sink = nullptr
    ) const {
        std::vector<driver::parameter> parameters;
        for (const value& one : values) {
            parameters.push_back({.bound = &one, .type = {}});
        }
        driver::request request;
        request.sql = sql;
        request.parameters = parameters;
        return execute(request, sink);
    }

    driver::command_result execute(const driver::request& request, driver::row_sink* sink = nullptr)
        const {
        discarding_sink discarded;
        driver::row_sink& into = sink != nullptr ? *sink : discarded;
        return run([&] { return connection_->execute(request, into); });
    }

    [[nodiscard]] result_set rows(const std::string& sql, std::vector<value> values = {}) const {
        collecting_sink sink;
        execute(sql, std::move(values), &sink);
        return std::move(static_cast<result_set&>(sink));
    }

    [[nodiscard]] value scalar(const std::string& sql, std::vector<value> values = {}) const {
        return rows(sql, std::move(values)).scalar();
    }

    void script(const std::string& sql) const {
        run([&] { return connection_->execute_script(sql); });
    }

    [[nodiscard]] driver::transaction_status status() const { return connection_->status(); }

    void reset() const {
        run([&] { return connection_->reset(); });
    }

    void close() const {
        run([&] { return connection_->close(); });
    }

    void destroy() { connection_.reset(); }

private:
    void connect() {
        connection_ = run([&]() -> awaitable<std::unique_ptr<driver::connection>> {
            boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
            auto opened = co_await driver_->connect(executor, std::chrono::seconds(10));
            co_return opened;
        });
    }

    std::unique_ptr<driver::driver> owned_;
    driver::driver* driver_;
    std::unique_ptr<driver::connection> connection_;
};

inline value number(std::int64_t n) {
    return value(n);
}

inline value text(std::string t) {
    return value(std::move(t));
}

}  // namespace gino::sqlite::test
