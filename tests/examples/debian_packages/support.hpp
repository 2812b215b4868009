// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// The service on a separate thread, and a client for it.

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <future>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "service.hpp"

namespace debian_packages::testing {

/// Returns the path of a file of these tests.
[[nodiscard]] std::string file_path(const std::string& name);

/// A response of the service.
struct answer {
    int status = 0;
    std::string content_type;
    std::string body;

    [[nodiscard]] boost::json::value json() const;
};

/// The running service; the destructor stops it.
class running_service {
public:
    /// Returns when the service listens. Rethrows the exception of its start-up.
    explicit running_service(
        const std::string& url, const std::string& input = file_path("sample_status")
    );
    running_service(const running_service&) = delete;
    running_service& operator=(const running_service&) = delete;
    ~running_service();

    /// Sends a request over a new connection.
    [[nodiscard]] answer send(
        std::string_view method, std::string_view target, std::string_view body = {}
    );

    /// Returns the statements since the last call, in order, without those of the start-up.
    [[nodiscard]] std::vector<std::string> take_statements();

    /// Returns the progress messages of the import.
    [[nodiscard]] std::string told() const { return told_.str(); }

private:
    void record_statements();
    void wait_until_it_listens();

    std::ostringstream told_;
    progress shown_{told_, false};
    service service_;
    std::mutex mutex_;
    std::vector<std::string> statements_;
    boost::asio::io_context io_;
    std::promise<void> listening_;
    std::shared_future<void> end_;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

}  // namespace debian_packages::testing
