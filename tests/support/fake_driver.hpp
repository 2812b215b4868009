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

/// A gate at which coroutines wait until it is opened.
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

/// The answer of a fake session to a statement.
struct fake_answer {
    std::string tag = {};  ///< The command tag. Empty: the first word of the statement.
    std::vector<std::string> columns = {};
    std::vector<std::vector<std::optional<std::string>>> rows = {};
    std::function<std::exception_ptr()> failure = {};  ///< The exception to throw.
    std::shared_ptr<gate> held = {};                   ///< The gate to pass before the answer.
    bool loses_connection = false;                     ///< The failure closes the session.
    bool leaves_dirt = false;                          ///< The session needs a reset afterwards.
    bool leaves_transaction = false;                   ///< An unknown transaction is open.
};

/// A server for the engine's tests, which answers statements from a list.
///
/// Sessions follow the rules of transactions, and count concurrent uses as violations.
///
/// Thread safety: any thread, once it is set up.
class fake_server {
public:
    /// Sets the answer to every statement with this text.
    void answer(const std::string& sql, fake_answer how);
    /// Makes the next attempt to connect throw.
    void refuse_once(std::function<std::exception_ptr()> why);
    /// Makes all further attempts to connect throw; an empty function ends this.
    void refuse(std::function<std::exception_ptr()> why);
    /// Makes attempts to connect wait at a gate.
    void hold_connects(std::shared_ptr<gate> at);
    void hold_resets(std::shared_ptr<gate> at);
    void hold_goodbyes(std::shared_ptr<gate> at);
    void fail_resets();
    /// Makes every session report that it needs a reset.
    void make_dirty();
    /// Makes an interruption close its session.
    void close_on_interrupt();
    /// Makes `is_alive()` of all open sessions return false.
    void hang_up();

    /// Returns the statements sent, in order: "1: BEGIN", where 1 is the number of the session.
    [[nodiscard]] std::vector<std::string> log() const;
    void clear_log();
    [[nodiscard]] std::size_t attempts() const;
    [[nodiscard]] std::size_t open_sessions() const;
    [[nodiscard]] std::size_t goodbyes() const;
    [[nodiscard]] std::size_t resets() const;
    [[nodiscard]] std::size_t interrupts() const;
    /// Returns the number of calls that overlapped in one session or came after its end.
    [[nodiscard]] std::size_t violations() const;

    /// Creates a driver. The server must outlive it.
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
    std::size_t hung_up_ = 0;  // sessions up to this number are not alive
    std::vector<std::string> log_;
    std::size_t attempts_ = 0;
    std::size_t sessions_ = 0;
    std::size_t open_ = 0;
    std::size_t goodbyes_ = 0;
    std::size_t resets_ = 0;
    std::size_t interrupts_ = 0;
    std::size_t violations_ = 0;
};

/// Exceptions like those that drivers throw.
[[nodiscard]] std::exception_ptr refused_connection();
[[nodiscard]] std::exception_ptr wrong_password();
[[nodiscard]] std::exception_ptr lost_connection();
[[nodiscard]] std::exception_ptr server_error(std::string sqlstate);

}  // namespace gino::testing
