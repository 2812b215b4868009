// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/one_shot_event.hpp"

namespace gino::testing {

/// Coroutines wait at it until it is opened.
///
/// Thread safety: any thread.
class gate {
public:
    /// Waits until the gate is opened, or `me` is notified.
    [[nodiscard]] awaitable<void> pass(std::shared_ptr<detail::one_shot_event> me);
    void open();

    [[nodiscard]] std::size_t waiting() const;

private:
    mutable std::mutex mutex_;
    bool open_ = false;
    std::vector<std::shared_ptr<detail::one_shot_event>> waiting_;
};

/// How a fake session answers a statement.
struct fake_answer {
    std::string tag = {};  ///< Empty: made from the first word.
    std::vector<std::string> columns = {};
    std::vector<std::vector<std::optional<std::string>>> rows = {};
    std::function<std::exception_ptr()> failure = {};  ///< What is thrown.
    std::shared_ptr<gate> held = {};                   ///< Waits there before it answers.
    bool loses_connection = false;                     ///< The session is closed when it fails.
    bool leaves_dirt = false;                          ///< The session has to be reset.
    bool leaves_transaction = false;                   ///< One is open that nobody has begun.
};

/// A server that is no more than a list of answers: what the tests of the engine talk to.
///
/// Sessions keep the rules of transactions, and report it when two coroutines use one at once.
///
/// Thread safety: any thread, once it is set up.
class fake_server {
public:
    /// Answers every statement with this text.
    void answer(const std::string& sql, fake_answer how);
    /// The next attempt to connect throws.
    void refuse_once(std::function<std::exception_ptr()> why);
    /// Attempts to connect throw from now on; empty: no more.
    void refuse(std::function<std::exception_ptr()> why);
    /// Attempts to connect wait there.
    void hold_connects(std::shared_ptr<gate> at);
    void hold_resets(std::shared_ptr<gate> at);
    void hold_goodbyes(std::shared_ptr<gate> at);
    void fail_resets();
    /// Sessions say that they have to be reset, always.
    void make_dirty();
    /// Interrupting a session closes it, as on PostgreSQL.
    void close_on_interrupt();
    /// All open sessions find out that the server has hung up, when they are asked.
    void hang_up();

    /// What was sent, in order: "1: BEGIN", where 1 is the number of the session.
    [[nodiscard]] std::vector<std::string> log() const;
    void clear_log();
    [[nodiscard]] std::size_t attempts() const;
    [[nodiscard]] std::size_t open_sessions() const;
    [[nodiscard]] std::size_t goodbyes() const;
    [[nodiscard]] std::size_t resets() const;
    [[nodiscard]] std::size_t interrupts() const;
    /// How often two calls of one session overlapped, or one came after its end.
    [[nodiscard]] std::size_t violations() const;

    /// Makes a driver. The server must outlive it.
    ///
    /// @param limit  See `driver::driver::connection_limit()`.
    [[nodiscard]] std::unique_ptr<driver::driver> make_driver(std::size_t limit = 0);

private:
    friend class fake_driver;
    friend class fake_connection;

    [[nodiscard]] fake_answer answer_to(std::string_view sql) const;

    mutable std::mutex mutex_;
    std::map<std::string, fake_answer, std::less<>> answers_;
    std::function<std::exception_ptr()> refuse_once_;
    std::function<std::exception_ptr()> refuse_;
    std::shared_ptr<gate> connects_;
    std::shared_ptr<gate> resets_held_;
    std::shared_ptr<gate> goodbyes_held_;
    bool resets_fail_ = false;
    bool is_dirty_ = false;
    bool interrupt_closes_ = false;
    std::size_t hung_up_ = 0;  // sessions up to this number
    std::vector<std::string> log_;
    std::size_t attempts_ = 0;
    std::size_t sessions_ = 0;
    std::size_t open_ = 0;
    std::size_t goodbyes_ = 0;
    std::size_t resets_ = 0;
    std::size_t interrupts_ = 0;
    std::size_t violations_ = 0;
};

/// Failures as drivers report them.
[[nodiscard]] std::exception_ptr refused_connection();
[[nodiscard]] std::exception_ptr wrong_password();
[[nodiscard]] std::exception_ptr lost_connection();
[[nodiscard]] std::exception_ptr server_error(std::string sqlstate);

}  // namespace gino::testing
