// SPDX-License-Identifier: BSD-3-Clause
#include "driver/net/connect_first.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

#include "driver/one_shot_event.hpp"

namespace gino::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds head_start{250};

// Returns the addresses with alternating families (RFC 8305, section 4), beginning with the family
// of the first one. The order within a family stays.
std::vector<tcp::endpoint> taking_turns(const std::vector<tcp::endpoint>& addresses) {
    std::vector<tcp::endpoint> families[2];
    for (const auto& one : addresses) {
        const bool is_first = one.protocol() == addresses.front().protocol();
        families[is_first ? 0 : 1].push_back(one);
    }
    std::vector<tcp::endpoint> ordered;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        for (const auto& family : families) {
            if (i < family.size()) {
                ordered.push_back(family[i]);
            }
        }
    }
    return ordered;
}

/// The attempts to connect to several addresses, of which the first that succeeds wins.
///
/// Invariants: all private members are used on `strand_` only, because the handlers of several
/// sockets and of the timer may run on several threads. `winner` and `failure` are written on the
/// strand before `over` is notified, and read by the coroutine after that.
///
/// Lifetime: each handler keeps the race; it ends when the last attempt has been closed.
class race : public std::enable_shared_from_this<race> {
public:
    race(const asio::any_io_executor& executor, const std::vector<tcp::endpoint>& addresses)
        : strand_(asio::make_strand(executor)),
          timer_(strand_),
          addresses_(taking_turns(addresses)) {}

    void start() {
        asio::post(strand_, [self = shared_from_this()] { self->try_next(); });
    }

    void give_up() {
        asio::post(strand_, [self = shared_from_this()] { self->finish(); });
    }

    /// Happens when one attempt has succeeded, all have failed, or `give_up()` was called.
    std::shared_ptr<detail::one_shot_event> over = std::make_shared<detail::one_shot_event>();
    std::unique_ptr<tcp::socket> winner;
    boost::system::error_code failure = asio::error::host_not_found;

private:
    void try_next() {
        if (is_over_ || next_ == addresses_.size()) {
            return;
        }
        const auto& to = addresses_[next_++];
        attempts_.push_back(std::make_unique<tcp::socket>(strand_));
        ++running_;
        attempts_.back()->async_connect(
            to,
            [self = shared_from_this(),
             place = attempts_.size() - 1](const boost::system::error_code& why) {
                self->ended(place, why);
            }
        );
        timer_.expires_after(head_start);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& why) {
            if (!why) {
                self->try_next();
            }
        });
    }

    // Called when the head start of the last attempt is over, or when an attempt has failed: the
    // next address does not wait for the timer then.
    void ended(std::size_t place, const boost::system::error_code& why) {
        --running_;
        if (is_over_) {
            return;
        }
        if (!why) {
            winner = std::move(attempts_[place]);
            return finish();
        }
        failure = why;
        if (next_ < addresses_.size()) {
            return try_next();
        }
        if (running_ == 0) {
            finish();
        }
    }

    void finish() {
        if (std::exchange(is_over_, true)) {
            return;
        }
        timer_.cancel();
        for (const auto& one : attempts_) {
            if (one != nullptr) {
                boost::system::error_code ignored;
                one->close(ignored);
            }
        }
        over->notify();
    }

    asio::strand<asio::any_io_executor> strand_;
    asio::steady_timer timer_;
    std::vector<tcp::endpoint> addresses_;
    std::vector<std::unique_ptr<tcp::socket>> attempts_;
    std::size_t next_ = 0;
    std::size_t running_ = 0;
    bool is_over_ = false;
};

}  // namespace

awaitable<tcp::socket> connect_first(
    asio::any_io_executor executor,
    std::vector<tcp::endpoint> addresses,
    boost::system::error_code& failure
) {
    tcp::socket connected(executor);
    if (addresses.empty()) {
        failure = asio::error::host_not_found;
        co_return std::move(connected);
    }
    auto running = std::make_shared<race>(executor, addresses);
    running->start();
    // A cancellation does not resume the coroutine itself: give_up() closes the sockets first, and
    // then notifies the event.
    co_await detail::one_shot_event::wait(running->over, [weak = std::weak_ptr(running)] {
        if (auto alive = weak.lock()) {
            alive->give_up();
        }
    });
    failure = running->failure;
    if (running->winner != nullptr) {
        // The winner's executor is the strand of the race: the descriptor moves to a new socket.
        const auto here = running->winner->local_endpoint(failure);
        if (failure) {
            co_return std::move(connected);
        }
        const auto descriptor = running->winner->release(failure);
        if (!failure) {
            connected.assign(here.protocol(), descriptor, failure);
        }
    }
    co_return std::move(connected);
}

}  // namespace gino::net
