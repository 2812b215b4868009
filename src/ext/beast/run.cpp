// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/beast/application.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <mutex>
#include <thread>
#include <vector>

#include "ext/beast/application_state.hpp"

namespace gino::ext {

namespace asio = boost::asio;

namespace {

// Runs an io_context on several threads. The first exception that leaves run() stops all of them,
// and is thrown when they have ended.
class thread_group {
public:
    explicit thread_group(asio::io_context& io) : io_(io) {}

    void run(std::size_t threads) {
        {
            std::vector<std::jthread> others;
            for (std::size_t index = 1; index < threads; ++index) {
                others.emplace_back([this] { run_one(); });
            }
            run_one();
        }
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

private:
    void run_one() noexcept {
        try {
            io_.run();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            failure_ = failure_ ? failure_ : std::current_exception();
            io_.stop();
        }
    }

    asio::io_context& io_;
    std::mutex mutex_;
    std::exception_ptr failure_;
};

// The first signal stops gracefully, the second one cancels requests; afterwards signals have their
// default effect again and end the process. Both references outlive the io_context that runs this.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
awaitable<void> obey_signals(asio::signal_set& signals, detail::application_state& state) {
    constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
    const auto first = co_await signals.async_wait(as_result);
    if (std::get<0>(first)) {
        co_return;
    }
    state.stop();
    const auto second = co_await signals.async_wait(as_result);
    if (std::get<0>(second)) {
        co_return;
    }
    state.abort();
    signals.clear();
}

}  // namespace

int application::run(std::size_t threads) {
    if (threads == 0 || threads > 1024) {
        throw argument_error(
            errc::invalid_argument, "application::run(): the number of threads is not 1 to 1024"
        );
    }
    // `control` serialises the signals and the end of the run; `failure` is written on it and read
    // when all threads have ended.
    asio::io_context io(static_cast<int>(threads));
    const auto control = asio::make_strand(io);
    asio::signal_set signals(control, SIGINT, SIGTERM);
    asio::co_spawn(control, obey_signals(signals, *state_), asio::detached);

    std::exception_ptr failure;
    const bool has_strands = threads > 1 || options().strand_per_connection();
    asio::co_spawn(
        io,
        serve_with_strands(has_strands),
        asio::bind_executor(
            control,
            [&](const std::exception_ptr& exception) {
                failure = exception;
                // Coroutines that still run are not part of the clean-up, which has ended.
                io.stop();
            }
        )
    );
    thread_group(io).run(threads);
    if (failure) {
        std::rethrow_exception(failure);
    }
    return 0;
}

}  // namespace gino::ext
